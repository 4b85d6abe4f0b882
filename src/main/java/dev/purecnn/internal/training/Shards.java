package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.layer.CrossEntropy;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.NotFinite;
import dev.purecnn.layer.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A batch cut into shards by a rule that looks only at the batch and the network. Each shard goes forward and back through its own
 * replica of the chain, whose gradients then are the sums over its images; in the buffers of the worker that takes it.
 */
final class Shards {
    private static final int SMALL = 8;
    private static final int LARGE = 16;
    private static final int MOST = 16;
    private static final int[] FIRST_ROW = {0};

    private final LayerChain chain;
    private final ParameterRanges ranges;
    private final boolean replicable;
    private final int smallest;
    /** The first is the chain itself. */
    private final List<LayerChain> replicas = new ArrayList<>();

    private final List<Workspace> workspaces = new ArrayList<>();
    private CrossEntropy loss = CrossEntropy.plain();
    private Dataset batch;
    private long step;
    private int shardSize;
    private int count;
    private double[] losses = {};
    private boolean[] correct = {};

    Shards(LayerChain chain, ParameterRanges ranges) {
        this.chain = chain;
        this.ranges = ranges;
        replicable = isReplicable(chain);
        // adding up a shard's gradients costs per parameter, its images per multiply-add
        smallest = chain.multiplyAdds() < 32L * ranges.numValues() ? LARGE : SMALL;
    }

    /** Whether all layers have replicas; one of the user's own may not, and works on one thread. */
    static boolean isReplicable(LayerChain chain) {
        try {
            chain.replica();
            return true;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    /** Sets how losses are counted from now on. */
    void use(CrossEntropy counted) {
        chain.use(counted); // first, for it may be refused
        for (LayerChain replica : replicas) {
            replica.use(counted);
        }
        loss = counted;
    }

    /** Takes on a batch, and makes the replicas and workspaces that it needs. */
    void begin(Dataset images, long stepsDone, int workers) {
        batch = images;
        step = stepsDone;
        int evenly = (images.size() + MOST - 1) / MOST;
        shardSize = replicable ? Math.max(smallest, evenly) : images.size();
        count = (images.size() + shardSize - 1) / shardSize;
        while (replicas.size() < count) {
            LayerChain replica = replicas.isEmpty() ? chain : chain.replica();
            replica.training(true);
            replica.use(loss);
            ranges.addReplica(replica.parameters()); // first, for memory may run out there
            replicas.add(replica);
        }
        while (workspaces.size() < Math.min(workers, count)) {
            workspaces.add(new Workspace(replicable ? chain.replica() : chain));
        }
        if (losses.length < images.size()) {
            losses = new double[images.size()];
            correct = new boolean[images.size()];
        }
    }

    /** How many shards the batch has. */
    int count() {
        return count;
    }

    /** How many images that many workers have buffers for. */
    int imagesAtOnce(int workers) {
        return Math.min(batch.size(), shardSize * workers);
    }

    /** The loss of each image of the last batch, before the step. */
    double[] losses() {
        return losses;
    }

    /** Whether each image of the last batch was classified correctly, before the step. */
    boolean[] correct() {
        return correct;
    }

    /** Takes a shard forward and back. A shard with an image that is not finite gets losses of NaN: some layers would hide it. */
    void run(int worker, int shard) {
        Workspace workspace = workspaces.get(worker);
        LayerChain replica = replicas.get(shard);
        int from = shard * shardSize;
        int to = Math.min(batch.size(), from + shardSize);
        replica.borrowBuffers(workspace.lender);
        if (!workspace.load(batch, from, to)) {
            Arrays.fill(losses, from, to, Double.NaN);
            return;
        }
        replica.samples(step, from);
        double[] probabilities = replica.forward(workspace.images);
        int[] labels = workspace.labels;
        System.arraycopy(replica.losses(labels), 0, losses, from, labels.length);
        int classes = probabilities.length / labels.length;
        for (int i = 0; i < labels.length; i++) {
            correct[from + i] = Evaluation.mostProbable(probabilities, i * classes, classes) == labels[i];
        }
        replica.backpropLabelsParameters(labels);
    }

    /** Where the first loss of the batch that is NaN or infinite comes from; null if all are finite. */
    NotFinite findInLosses() {
        for (int i = 0; i < batch.size(); i++) {
            if (!Double.isFinite(losses[i])) {
                NotFinite found = find(i / shardSize);
                return found == null ? new NotFinite("the losses", -1, i, losses[i]) : found;
            }
        }
        return null;
    }

    /**
     * Where a shard met NaN or infinity first, with the image's number in the batch; null if nowhere. One of several shards runs
     * once more for it: another may have overwritten its buffers.
     */
    NotFinite find(int shard) {
        if (count > 1) {
            run(0, shard);
        }
        NotFinite found = workspaces.get(0).findInImages();
        if (found == null) {
            found = replicas.get(shard).findNotFinite().orElse(null);
        }
        return found == null ? null : found.withImagesFrom(shard * shardSize);
    }

    void clearGradients() {
        for (LayerChain replica : replicas) {
            replica.parameters().forEach(Parameter::clearGradient);
        }
    }

    /** Lets go of the batch. */
    void end() {
        batch = null;
    }

    /** Lets go of all buffers: the next batch makes them again. */
    void release() {
        workspaces.clear();
        replicas.clear();
        ranges.keepReplicas(0);
        if (replicable) {
            chain.borrowBuffers(chain.replica()); // whose buffers are not made yet
        }
    }

    /** What one worker works in: its images, and the buffers that it lends to the replica of each shard it takes on. */
    private static final class Workspace {
        private final LayerChain lender;
        private final int imageSize;
        private final double[] square = new double[1];
        private double[] images = {};
        private int[] labels = {};
        private double[] spareImages = {};
        private int[] spareLabels = {};

        Workspace(LayerChain lender) {
            this.lender = lender;
            imageSize = lender.shapes().get(0).size();
        }

        /** Copies images {@code from} to {@code to - 1}; false if one of them is not finite. */
        boolean load(Dataset batch, int from, int to) {
            resize(to - from);
            for (int i = from; i < to; i++) {
                batch.copyImage(i, images, (i - from) * imageSize);
                labels[i - from] = batch.label(i);
            }
            square[0] = 0.0; // the sum of the squares tells whether there is anything to look for
            Kernels.active().dot(1, images.length, FIRST_ROW, images, 0, 0, images, 0, square, 0);
            return Double.isFinite(square[0]) || findInImages() == null;
        }

        NotFinite findInImages() {
            for (int i = 0; i < images.length; i++) {
                if (!Double.isFinite(images[i])) {
                    return new NotFinite("the images", -1, i / imageSize, images[i]);
                }
            }
            return null;
        }

        /** Arrays of exactly that many images. Keeps those of the size before: the last batch of an epoch is an odd one. */
        private void resize(int numSamples) {
            if (labels.length == numSamples) {
                return;
            }
            double[] otherImages = spareImages;
            int[] otherLabels = spareLabels;
            spareImages = images;
            spareLabels = labels;
            boolean fits = otherLabels.length == numSamples;
            images = fits ? otherImages : new double[numSamples * imageSize];
            labels = fits ? otherLabels : new int[numSamples];
        }
    }
}
