package dev.purecnn.internal.training;

import dev.purecnn.training.EpochResult;
import dev.purecnn.training.TrainingOptions;
import java.util.List;

/**
 * Where a training stands between two steps: together with the parameters, the optimizer's memory and the counts of epochs and
 * steps over the network's life, all that it takes to go on as if it had never stopped, bit for bit.
 *
 * <pre>{@code
 * trainer.train(images, options, schedule, state, host); // goes on with the batch after state.running().batchesDone()
 * }</pre>
 *
 * @param plan which images make which batch; a training can only go on by the same
 * @param settings what else decides about its steps; a training can only go on by the same
 * @param results of the epochs that this training has done
 * @param running what the epoch under way has done, nothing at an epoch's end
 * @param best what early stopping remembers
 */
public record TrainingState(
        Plan plan, TrainingSettings settings, List<EpochResult> results, Running running, Best best) {

    /**
     * Keeps a copy of the list.
     *
     * @param plan which images make which batch; a training can only go on by the same
     * @param settings what else decides about its steps; a training can only go on by the same
     * @param results of the epochs that this training has done
     * @param running what the epoch under way has done, nothing at an epoch's end
     * @param best what early stopping remembers
     * @throws IllegalArgumentException if there is more of the epoch under way than an epoch has
     */
    public TrainingState {
        results = List.copyOf(results);
        if (running.batchesDone() > plan.batches() || running.hits() > plan.sampleSize()) {
            throw new IllegalArgumentException(
                    "TrainingState: expected at most " + plan.batches() + " batches of an epoch and "
                            + plan.sampleSize() + " hits, got " + running + ". Use the numbers of a training.");
        }
    }

    /**
     * A training that has not begun.
     *
     * @param options how it will train
     * @param numImages how many images there are
     * @return a state without epochs and steps
     */
    public static TrainingState fresh(TrainingOptions options, int numImages) {
        return new TrainingState(
                Plan.of(options, numImages), TrainingSettings.ANY, List.of(), Running.NOTHING, Best.NONE);
    }

    /**
     * How many epochs this training has done.
     *
     * @return at least 0
     */
    public int epochsDone() {
        return results.size();
    }

    /**
     * What decides, beside the network's seed, which images make which batch.
     *
     * @param batchSize images in a batch, at least 1
     * @param numImages images in the dataset, at least 1
     * @param sampleSize images drawn from it for an epoch
     * @param shuffle whether they come in a new order in each epoch
     */
    public record Plan(int batchSize, int numImages, int sampleSize, boolean shuffle) {

        /**
         * Checks the numbers.
         *
         * @param batchSize images in a batch, at least 1
         * @param numImages images in the dataset, at least 1
         * @param sampleSize images drawn from it for an epoch
         * @param shuffle whether they come in a new order in each epoch
         * @throws IllegalArgumentException if one is below 1, or the sample is larger than the dataset
         */
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
     * What an epoch under way has done.
     *
     * @param batchesDone how many of its batches, from the first
     * @param lossSum of all images of these batches, in nats
     * @param hits how many of them were classified rightly
     * @param seconds how long it took
     */
    public record Running(int batchesDone, double lossSum, int hits, double seconds) {
        static final Running NOTHING = new Running(0, 0, 0, 0);

        /**
         * Checks the numbers.
         *
         * @param batchesDone how many of its batches, from the first
         * @param lossSum of all images of these batches, in nats
         * @param hits how many of them were classified rightly
         * @param seconds how long it took
         * @throws IllegalArgumentException if one of the counts is below 0, the loss NaN, or the seconds not finite
         */
        public Running {
            if (batchesDone < 0 || hits < 0 || Double.isNaN(lossSum) || !Double.isFinite(seconds)) {
                throw new IllegalArgumentException("TrainingState: expected counts of at least 0 and finite sums, got "
                        + batchesDone + " batches, " + hits + " hits, a loss of " + lossSum + " and " + seconds
                        + " s. Use the numbers of a training.");
            }
        }
    }

    /**
     * What early stopping remembers of the epochs done.
     *
     * @param loss the lowest on the validation images, infinite if there was none
     * @param epochsSince how many epochs have ended since, without a lower one
     * @param values of all parameters of the network at that epoch's end, in order; empty if there was none. Not to be
     *     changed
     */
    public record Best(double loss, int epochsSince, List<double[]> values) {
        static final Best NONE = new Best(Double.POSITIVE_INFINITY, 0, List.of());

        /**
         * Keeps a copy of the list.
         *
         * @param loss the lowest on the validation images, infinite if there was none
         * @param epochsSince how many epochs have ended since, without a lower one
         * @param values of all parameters of the network at that epoch's end, in order; empty if there was none. Not to
         *     be changed
         * @throws IllegalArgumentException if the loss is not a number, or the epochs are below 0
         */
        public Best {
            if (Double.isNaN(loss) || epochsSince < 0) {
                throw new IllegalArgumentException("TrainingState: expected a lowest loss and at least 0 epochs since,"
                        + " got " + loss + " and " + epochsSince + ". Use the numbers of a training.");
            }
            values = List.copyOf(values);
        }
    }
}
