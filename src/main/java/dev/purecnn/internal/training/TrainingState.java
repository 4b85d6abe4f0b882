package dev.purecnn.internal.training;

import dev.purecnn.training.EpochResult;
import dev.purecnn.training.TrainingOptions;
import java.util.List;

/**
 * Where a training is between two steps. Together with the parameters, the optimizer's state and the network's counts of epochs
 * and steps it is all that it takes to continue as if training had never stopped, bit for bit.
 *
 * @param plan which images make which batch; training only continues with the same one
 * @param settings what else the steps depend on; training only continues with the same ones
 * @param results of the epochs that this training has done
 * @param running what the current epoch has done; nothing at the end of an epoch
 * @param best what early stopping keeps
 */
public record TrainingState(
        Plan plan, TrainingSettings settings, List<EpochResult> results, Running running, Best best) {

    public TrainingState {
        results = List.copyOf(results);
        if (running.batchesDone() > plan.batches() || running.hits() > plan.sampleSize()) {
            throw new IllegalArgumentException(
                    "TrainingState: expected at most " + plan.batches() + " batches of an epoch and "
                            + plan.sampleSize() + " hits, got " + running + ". Use the numbers of a training.");
        }
    }

    /** A training that has not begun. */
    public static TrainingState fresh(TrainingOptions options, int numImages) {
        return new TrainingState(
                Plan.of(options, numImages), TrainingSettings.ANY, List.of(), Running.NOTHING, Best.NONE);
    }

    /**
     * What decides, along with the network's seed, which images make which batch.
     *
     * @param numImages in the dataset
     * @param sampleSize images drawn for an epoch
     * @param shuffle whether each epoch has a new order
     */
    public record Plan(int batchSize, int numImages, int sampleSize, boolean shuffle) {

        public Plan {
            if (batchSize < 1 || sampleSize < 1 || sampleSize > numImages) {
                throw new IllegalArgumentException("TrainingState: expected a batchSize of at least 1, and a sampleSize"
                        + " from 1 to the number of images, got a batchSize of " + batchSize + ", and a sampleSize of "
                        + sampleSize + " of " + numImages + " images. Use the numbers of a training.");
            }
        }

        static Plan of(TrainingOptions options, int numImages) {
            return new Plan(options.batchSize(), numImages, options.sampleSize(numImages), options.shuffle());
        }

        /** How many batches make an epoch. */
        int batches() {
            return (int) (((long) sampleSize + batchSize - 1) / batchSize);
        }
    }

    /**
     * What the current epoch has done.
     *
     * @param lossSum over all images of its batches so far, in nats
     * @param hits how many of them were classified correctly
     */
    public record Running(int batchesDone, double lossSum, int hits, double seconds) {
        static final Running NOTHING = new Running(0, 0, 0, 0);

        public Running {
            if (batchesDone < 0 || hits < 0 || Double.isNaN(lossSum) || !Double.isFinite(seconds)) {
                throw new IllegalArgumentException("TrainingState: expected counts of at least 0 and finite sums, got "
                        + batchesDone + " batches, " + hits + " hits, a loss of " + lossSum + " and " + seconds
                        + " s. Use the numbers of a training.");
            }
        }
    }

    /**
     * What early stopping keeps of the epochs done.
     *
     * @param loss the lowest validation loss; infinite if there was none
     * @param epochsSince how many epochs have ended since without a lower one
     * @param values all parameters of the network at the end of that epoch, in order; empty if there was none. Not to be changed
     */
    public record Best(double loss, int epochsSince, List<double[]> values) {
        static final Best NONE = new Best(Double.POSITIVE_INFINITY, 0, List.of());

        public Best {
            if (Double.isNaN(loss) || epochsSince < 0) {
                throw new IllegalArgumentException("TrainingState: expected a lowest loss and at least 0 epochs since,"
                        + " got " + loss + " and " + epochsSince + ". Use the numbers of a training.");
            }
            values = List.copyOf(values);
        }
    }
}
