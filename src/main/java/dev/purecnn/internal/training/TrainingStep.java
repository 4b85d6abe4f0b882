package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.CrossEntropy;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.NotFinite;
import dev.purecnn.layer.Parameter;
import dev.purecnn.training.NotFiniteException;
import dev.purecnn.training.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One step on a batch, by any number of threads with the same result, bit for bit.
 *
 * <p>The batch is cut into shards by a rule that looks at the batch and the network, never at the machine. Each shard goes
 * through a replica of its own, forward and back, in the workspace of the thread that takes it. Then the shards' gradients are
 * added pairwise, in a fixed binary tree over the shard numbers, and the optimizers apply the sum; both by ranges, so that every
 * thread has its part.
 *
 * <p>After the first step with a given batch size, a step allocates nothing; but the first that might overflow allocates what it
 * can be taken back by.
 */
final class TrainingStep {
    private static final int SMALL_SHARD = 8;
    private static final int LARGE_SHARD = 16;
    private static final int MOST_SHARDS = 16;
    private static final int RANGES_WORTH_SHARING = 32; // fewer are done before a helper has woken up

    private final LayerChain chain;
    private final boolean replicable;
    private final int smallestShard;
    private final List<Shard> shards = new ArrayList<>();
    private final List<Workspace> workspaces = new ArrayList<>();
    private final ParameterRanges ranges;
    private final Workers.Work runShard = this::runShard;
    private final Workers.Work addUp = (worker, range) -> addUp(range);
    private final Workers.Work update = (worker, range) -> update(range);

    private long stepsDone;
    private Dataset batch;
    private int shardSize;
    private int numShards;
    private double learningRate;
    private double scale;
    private double clip;
    private double clipNorm = Double.POSITIVE_INFINITY;
    private double[] losses = {};
    private boolean[] correct = {};

    TrainingStep(LayerChain chain) {
        this.chain = chain;
        replicable = isReplicable(chain);
        ranges = new ParameterRanges(chain.parameters());
        // adding up a shard's gradients costs by the parameter, its images by the multiply-add
        smallestShard = chain.multiplyAdds() < 32L * ranges.numValues() ? LARGE_SHARD : SMALL_SHARD;
        shards.add(new Shard(chain));
    }

    private static boolean isReplicable(LayerChain chain) {
        try {
            chain.replica();
            return true;
        } catch (UnsupportedOperationException e) {
            return false; // a layer of the user's own, which works on one thread
        }
    }

    /**
     * Says how steps are to be made from now on. The optimizer begins anew, unless it equals the one before.
     *
     * @param longest how long the gradient may be; infinite for any length
     */
    void use(Optimizer optimizer, double longest, CrossEntropy loss) {
        for (int i = 0; i < shards.size(); i++) {
            shards.get(i).use(loss); // those yet to come are replicas of the first
        }
        ranges.use(optimizer);
        clipNorm = longest;
    }

    /** Checks that {@link #use} would let the optimizer go on. */
    void requireContinued(Optimizer optimizer) {
        ranges.requireContinued(optimizer);
    }

    /** What the optimizer remembers. */
    OptimizerMemory memory() {
        return ranges.memory();
    }

    /** Lets the next optimizer go on from there, if it is the right one. */
    void remember(OptimizerMemory memory) {
        ranges.remember(memory);
    }

    /** Parameters may have been changed by others since the last step. */
    void forgetValues() {
        ranges.forgetValues();
    }

    /** The optimizer begins anew. */
    void forget() {
        ranges.forget();
    }

    /**
     * Improves the chain by the mean gradient of the batch. If anything is thrown, its values are as they were.
     *
     * @throws StepFault if a loss, a gradient or a new value is not finite
     */
    void run(Dataset images, double rate, Workers workers) {
        batch = images;
        learningRate = rate;
        scale = 1.0 / images.size();
        plan(images.size(), workers.size());
        double norm;
        try {
            workers.forEach(numShards, runShard);
            requireFiniteLosses();
            share(addUp, workers);
            norm = scale * ranges.norm();
            requireFiniteNorm(norm);
            clip = norm > clipNorm ? clipNorm / norm : 1.0; // Pascanu et al. 2013, algorithm 1
        } catch (Throwable e) {
            clearGradients();
            throw e;
        }
        try {
            ranges.nextStep(clip * norm, rate);
            share(update, workers);
            if (!ranges.areFinite()) {
                throw new StepFault(chain.findNotFiniteParameter().orElseThrow());
            }
        } catch (Throwable e) {
            ranges.undo();
            clearGradients();
            throw e;
        }
        stepsDone++;
    }

    /** The batch of the last step, and the dataset that it is of, are no longer held. */
    void forgetBatch() {
        batch = null;
    }

    private void requireFiniteLosses() {
        for (int i = 0; i < batch.size(); i++) {
            if (!Double.isFinite(losses[i])) {
                throw new StepFault(findNotFinite(i / shardSize).orElse(new NotFinite("the losses", -1, i, losses[i])));
            }
        }
    }

    /**
     * Where a shard met a NaN or infinity first. One of several runs once more, and does the same again: what it left in the
     * workspace may have been overwritten by another.
     */
    private Optional<NotFinite> findNotFinite(int shard) {
        if (numShards > 1) {
            runShard(0, shard);
        }
        return shards.get(shard).findNotFinite();
    }

    private void requireFiniteNorm(double norm) {
        if (Double.isFinite(norm)) {
            return;
        }
        throw new StepFault(IntStream.range(0, numShards)
                .mapToObj(this::findNotFinite)
                .flatMap(Optional::stream)
                .findFirst()
                .or(chain::findNotFiniteParameter)
                .orElse(new NotFinite(NotFiniteException.GRADIENT_LENGTH, -1, -1, norm)));
    }

    /** Does a piece of work on each range. */
    private void share(Workers.Work work, Workers workers) {
        if (numShards > 1 || ranges.count() >= RANGES_WORTH_SHARING) {
            workers.forEach(ranges.count(), work);
            return;
        }
        for (int range = 0; range < ranges.count(); range++) {
            work.run(0, range);
        }
    }

    long stepsDone() {
        return stepsDone;
    }

    /** Goes on as if so many steps were done. */
    void resume(long steps) {
        stepsDone = steps;
    }

    /** The loss of each image of the last batch, before the step. */
    double[] losses() {
        return losses;
    }

    /** Whether each image of the last batch was classified rightly, before the step. */
    boolean[] correct() {
        return correct;
    }

    private void plan(int numSamples, int workers) {
        int evenly = (numSamples + MOST_SHARDS - 1) / MOST_SHARDS;
        shardSize = replicable ? Math.max(smallestShard, evenly) : numSamples;
        numShards = (numSamples + shardSize - 1) / shardSize;
        while (shards.size() < numShards) {
            LayerChain replica = chain.replica();
            replica.training(true);
            ranges.addReplica(replica.parameters()); // first, for memory may run out there
            shards.add(new Shard(replica));
        }
        while (workspaces.size() < Math.min(workers, numShards)) {
            workspaces.add(new Workspace(replicable ? chain.replica() : chain));
        }
        if (losses.length < numSamples) {
            losses = new double[numSamples];
            correct = new boolean[numSamples];
        }
    }

    private void runShard(int worker, int number) {
        int from = number * shardSize;
        int to = Math.min(batch.size(), from + shardSize);
        shards.get(number).run(workspaces.get(worker), batch, from, to, stepsDone, losses, correct);
    }

    private void addUp(int range) {
        ranges.addGradients(range, numShards);
        ranges.square(range);
        ranges.measure(range);
    }

    private void update(int range) {
        ranges.update(range, scale, clip, learningRate);
    }

    private void clearGradients() {
        for (Shard shard : shards) {
            shard.chain().parameters().forEach(Parameter::clearGradient);
        }
    }
}
