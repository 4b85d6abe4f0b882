package dev.purecnn.training;

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
 * @param results of the epochs that this training has done
 * @param running what the epoch under way has done, nothing at an epoch's end
 * @param best what early stopping remembers
 */
public record TrainingState(Plan plan, List<EpochResult> results, Running running, Best best) {

    /**
     * Keeps a copy of the list.
     *
     * @param plan which images make which batch; a training can only go on by the same
     * @param results of the epochs that this training has done
     * @param running what the epoch under way has done, nothing at an epoch's end
     * @param best what early stopping remembers
     */
    public TrainingState {
        results = List.copyOf(results);
    }

    /**
     * A training that has not begun.
     *
     * @param plan which images make which batch
     * @return a state without epochs and steps
     */
    public static TrainingState fresh(Plan plan) {
        return new TrainingState(plan, List.of(), Running.NOTHING, Best.NONE);
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
         * @throws IllegalArgumentException if one of the counts is below 0, or one of the sums not finite
         */
        public Running {
            if (batchesDone < 0 || hits < 0 || !Double.isFinite(lossSum) || !Double.isFinite(seconds)) {
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
