package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.shard.BatchPass;
import dev.purecnn.internal.shard.ChainAccess;
import dev.purecnn.layer.CrossEntropy;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.NotFinite;
import dev.purecnn.layer.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A batch cut into shards by a rule that looks only at the batch and the network. Each shard goes forward and back through its own
 * replica of the chain, whose gradients then are the sums over its images; in the buffers of the worker that takes it, or where
 * shards meet on their way, as batch normalization wants it, in buffers of its own.
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
    private final ChainAccess<LayerChain> access = ChainAccess.get();
    private final boolean meets;
    private final Workers.Work runShard = this::run;
    private final Workers.Work runForward = (worker, shard) -> forward(shard);
    private final Workers.Work runMiddle = (worker, shard) -> middle(shard);
    private final Workers.Work runBackprop = (worker, shard) -> backprop(shard);
    /** The first is the chain itself. */
    private final List<LayerChain> replicas = new ArrayList<>();

    /** By worker, or if shards meet, by shard. */
    private final List<Workspace> workspaces = new ArrayList<>();

    private BatchPass pass;
    private int part;
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
        replicable = replicaOrNull(chain) != null;
        meets = access.pass(List.of(chain)).meetings() > 0;
        // adding up a shard's gradients costs per parameter, its images per multiply-add
        smallest = chain.multiplyAdds() < 32L * ranges.numValues() ? LARGE : SMALL;
    }

    /** A replica; null if a layer has none, as one of the user's own may, which then works on one thread. */
    static LayerChain replicaOrNull(LayerChain chain) {
        try {
            return chain.replica();
        } catch (UnsupportedOperationException e) {
            return null;
        }
    }

    /** Sets how losses are counted from now on. */
    void use(CrossEntropy counted) {
        chain.use(counted); // first, for it may be refused
        for (int i = 0; i < replicas.size(); i++) { // by number: an iterator is an object per step
            replicas.get(i).use(counted);
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
        boolean complete = replicas.size() >= count;
        while (replicas.size() < count) {
            LayerChain replica = replicas.isEmpty() ? chain : chain.replica();
            replica.training(true);
            replica.use(loss);
            ranges.addReplica(replica.parameters()); // first, for memory may run out there
            replicas.add(replica);
        }
        if (!complete) {
            pass = access.pass(replicas);
        }
        while (workspaces.size() < (meets ? count : Math.min(workers, count))) {
            workspaces.add(new Workspace(replicable && !meets ? chain.replica() : chain));
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
        return meets ? batch.size() : Math.min(batch.size(), shardSize * workers);
    }

    /** The loss of each image of the last batch, before the step. */
    double[] losses() {
        return losses;
    }

    /** Whether each image of the last batch was classified correctly, before the step. */
    boolean[] correct() {
        return correct;
    }

    /** Takes all shards forward and back. Those with an image that is not finite get losses of NaN: some layers would hide it. */
    void run(Workers workers) {
        if (!meets) {
            workers.forEach(count, runShard);
            return;
        }
        for (part = 0; part < pass.meetings(); part++) {
            workers.forEach(count, runForward);
            pass.meetForward(part, count);
        }
        workers.forEach(count, runMiddle);
        for (part = pass.meetings() - 1; part >= 0; part--) {
            pass.meetBack(part, count);
            workers.forEach(count, runBackprop);
        }
    }

    private void run(int worker, int shard) {
        Workspace workspace = workspaces.get(worker);
        LayerChain replica = replicas.get(shard);
        access.lendBuffers(workspace.lender, replica);
        load(workspace, shard);
        if (workspace.finite) {
            note(workspace, shard, replica.forward(workspace.images));
            replica.backpropLabelsParameters(workspace.labels);
        } else {
            noteNaN(workspace, shard);
        }
    }

    /** From one meeting to the next. */
    private void forward(int shard) {
        Workspace workspace = workspaces.get(shard);
        if (part == 0) {
            load(workspace, shard);
        }
        pass.forward(part, shard, workspace.images);
    }

    /** Forward from the last meeting, and back to it. */
    private void middle(int shard) {
        Workspace workspace = workspaces.get(shard);
        note(workspace, shard, pass.forward(part, shard, null));
        if (!workspace.finite) {
            noteNaN(workspace, shard);
        }
        pass.backprop(part, shard, workspace.labels);
    }

    private void backprop(int shard) {
        pass.backprop(part, shard, null);
    }

    private void load(Workspace workspace, int shard) {
        int from = shard * shardSize;
        workspace.load(batch, from, Math.min(batch.size(), from + shardSize));
        replicas.get(shard).samples(step, from);
    }

    private void note(Workspace workspace, int shard, double[] probabilities) {
        int from = shard * shardSize;
        int[] labels = workspace.labels;
        System.arraycopy(replicas.get(shard).losses(labels), 0, losses, from, labels.length);
        int classes = probabilities.length / labels.length;
        for (int i = 0; i < labels.length; i++) {
            correct[from + i] = Evaluation.mostProbable(probabilities, i * classes, classes) == labels[i];
        }
    }

    private void noteNaN(Workspace workspace, int shard) {
        int from = shard * shardSize;
        Arrays.fill(losses, from, from + workspace.labels.length, Double.NaN);
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
     * Where a shard meets NaN or infinity first, with the image's number in the batch; null if nowhere. Runs it once more, layer
     * by layer; where shards meet, the whole batch.
     */
    NotFinite find(int shard) {
        Workspace workspace = meets ? new Workspace(chain) : workspaces.get(0);
        LayerChain replica = meets ? chain : replicas.get(shard);
        int from = meets ? 0 : shard * shardSize;
        if (meets) {
            workspace.load(batch, 0, batch.size());
            chain.samples(step, 0);
        } else {
            access.lendBuffers(workspace.lender, replica);
            load(workspace, shard);
        }
        return replica.findNotFinite(workspace.images, workspace.labels)
                .map(found -> found.withImagesFrom(from))
                .orElse(null);
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
        pass = null;
        ranges.removeReplicas();
        if (replicable) {
            access.lendBuffers(chain.replica(), chain); // whose buffers are not made yet
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
        /** Whether all images are. */
        private boolean finite;

        Workspace(LayerChain lender) {
            this.lender = lender;
            imageSize = lender.shapes().get(0).size();
        }

        /** Copies images {@code from} to {@code to - 1}. */
        void load(Dataset batch, int from, int to) {
            resize(to - from);
            for (int i = from; i < to; i++) {
                batch.copyImage(i, images, (i - from) * imageSize);
                labels[i - from] = batch.label(i);
            }
            square[0] = 0.0; // the sum of the squares tells whether there is anything to look for
            Kernels.active().dot(1, images.length, FIRST_ROW, images, 0, 0, images, 0, square, 0);
            finite = Double.isFinite(square[0]);
            if (!finite) {
                finite = Arrays.stream(images).allMatch(Double::isFinite);
            }
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
