package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.CrossEntropy;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.NotFinite;
import dev.purecnn.training.NotFiniteException;
import dev.purecnn.training.Optimizer;
import java.util.function.IntUnaryOperator;

/**
 * One step on a batch, by any number of threads with the same result, bit for bit: shards forward and back, their gradients added
 * in a fixed binary tree, the sum applied by the optimizer.
 *
 * <p>After the first step with a given batch size, a step allocates nothing, except the copies for the first that might overflow.
 */
final class Step {
    private static final int RANGES_WORTH_SHARING = 32; // fewer are done before a worker has woken up

    private final LayerChain chain;
    private final ParameterRanges ranges;
    final Updates updates;
    /** Null before the first training, as is what shares its work. */
    Shards shards;

    private Workers.Work addUp;
    private Workers.Work update;
    private double clipNorm = Double.POSITIVE_INFINITY;
    private long done;

    Step(LayerChain chain) {
        this.chain = chain;
        ranges = new ParameterRanges(chain.parameters());
        updates = new Updates(ranges);
    }

    private void makeShards() {
        shards = new Shards(chain, ranges);
        addUp = (worker, range) -> {
            ranges.addAndSquareGradients(range, shards.count());
            updates.measureIfUnknown(range);
        };
        update = (worker, range) -> updates.update(range);
    }

    /** How many steps the network has had, over its whole life. */
    long done() {
        return done;
    }

    /** Continues after that many steps. */
    void setDone(long steps) {
        done = steps;
    }

    /** Sets how the next steps are done. The optimizer starts from scratch unless it equals the one before. */
    void use(Optimizer optimizer, double longest, CrossEntropy loss) {
        if (shards == null) {
            makeShards();
        }
        shards.use(loss);
        updates.use(optimizer);
        clipNorm = longest;
    }

    /**
     * Improves the chain by the mean gradient of the batch. If anything is thrown, its values are as they were.
     *
     * @param source returns the number that an image of the batch has for the user
     * @param epoch named in the exception
     * @throws NotFiniteException if a loss, a gradient or a new value is not finite
     */
    void run(Dataset batch, IntUnaryOperator source, int epoch, double learningRate, Workers workers) {
        chain.training(true);
        try {
            shards.begin(batch, done, workers.size());
            shards.run(workers);
            require(shards.findInLosses(), source, epoch);
            share(addUp, workers);
            double scale = 1.0 / batch.size();
            double norm = scale * ranges.gradientNorm();
            if (!Double.isFinite(norm)) {
                require(findInGradients(norm), source, epoch);
            }
            double clip = norm > clipNorm ? clipNorm / norm : 1.0; // Pascanu et al. 2013, algorithm 1
            updates.begin(scale, clip, clip * norm, learningRate);
            share(update, workers);
            if (!updates.end()) {
                require(chain.findNotFiniteParameter().orElseThrow(), source, epoch);
            }
            done++;
        } catch (Throwable e) {
            updates.undo();
            shards.clearGradients();
            if (e instanceof OutOfMemoryError error) {
                throw Memory.exhaustedByStep(error, chain, batch.size(), shards.imagesAtOnce(workers.size()));
            }
            throw e;
        } finally {
            shards.end();
            chain.training(false);
        }
    }

    private void require(NotFinite found, IntUnaryOperator source, int epoch) {
        if (found != null) {
            int image = found.image() < 0 ? -1 : source.applyAsInt(found.image());
            throw new NotFiniteException(
                    new NotFinite(found.where(), found.layer(), image, found.value()), epoch, done);
        }
    }

    private NotFinite findInGradients(double norm) {
        for (int shard = 0; shard < shards.count(); shard++) {
            NotFinite found = shards.find(shard);
            if (found != null) {
                return found;
            }
        }
        return chain.findNotFiniteParameter().orElse(new NotFinite(NotFiniteException.GRADIENT_LENGTH, -1, -1, norm));
    }

    private void share(Workers.Work work, Workers workers) {
        if (shards.count() > 1 || ranges.count() >= RANGES_WORTH_SHARING) {
            workers.forEach(ranges.count(), work);
            return;
        }
        for (int range = 0; range < ranges.count(); range++) {
            work.run(0, range);
        }
    }

    /** Lets go of what only training needs; the optimizer keeps its state. */
    void release() {
        shards.release();
        updates.release();
    }
}
