package dev.purecnn.training;

/**
 * The learning rate, as a function of how far training is. It is asked for at each step, never copied into a layer.
 *
 * <pre>{@code
 * Schedule schedule = Schedule.exponentialDecay(0.01, 0.9);
 * schedule.rate(0);   // 0.01
 * schedule.rate(2);   // 0.0081
 * Schedule.cosine(0.1, 20).withWarmUp(0.01, 1.5);
 * }</pre>
 *
 * <p>Time is counted in epochs over the whole life of a network, from 0: 2.5 is the middle of its third epoch. A step in an
 * epoch of so many steps comes at {@code epochs done + steps done in this one / its steps}; a single step of {@code
 * trainOnBatch} at the beginning of the epoch that the network is in.
 *
 * <p>A checkpoint holds the schedule's {@code toString()}, and a training that was cut short goes on only by a schedule with the
 * same one. So one of the user's own is best a record, or else has its numbers in there, always the same ones. A lambda, or
 * whatever has no {@code toString()} of its own, can be gone on with too, but is not told from other such ones: to resume with
 * the right one is then up to the user. The schedules here are equal if their numbers are.
 */
@FunctionalInterface
public interface Schedule {

    /**
     * The rate of the step that begins there.
     *
     * @param epochs how far training is, in epochs and parts of one, from 0
     * @return loss units to parameter units; finite, not negative
     */
    double rate(double epochs);

    /**
     * Always the same rate.
     *
     * @param learningRate positive and finite
     * @return the schedule
     * @throws IllegalArgumentException if it is not
     */
    static Schedule constant(double learningRate) {
        requirePositive(learningRate, "learningRate", "0.01");
        return new Schedules.Constant(learningRate);
    }

    /**
     * The notebook's schedule: {@code learningRate * decayRate ^ whole epochs}.
     *
     * @param learningRate the rate of epoch 0; positive and finite
     * @param decayRate the factor from one epoch to the next; positive and finite, 1 for a constant rate
     * @return the schedule
     * @throws IllegalArgumentException if one of them is not positive and finite
     */
    static Schedule exponentialDecay(double learningRate, double decayRate) {
        requirePositive(learningRate, "learningRate", "0.01");
        requirePositive(decayRate, "learningRateDecay", "0.9, or 1 for none");
        return new Schedules.ExponentialDecay(learningRate, decayRate);
    }

    /**
     * A stair: {@code learningRate * factor ^ floor(epochs / length)}.
     *
     * @param learningRate the rate of the first stair; positive and finite
     * @param factor from one stair to the next; positive and finite
     * @param length of a stair, in epochs; positive and finite
     * @return the schedule
     * @throws IllegalArgumentException if one of them is not positive and finite
     */
    static Schedule step(double learningRate, double factor, double length) {
        requirePositive(learningRate, "learningRate", "0.1");
        requirePositive(factor, "factor", "0.1");
        requirePositive(length, "length", "30");
        return new Schedules.Step(learningRate, factor, length);
    }

    /**
     * Half a wave, without restarts: {@code learningRate * (1 + cos(pi * epochs / length)) / 2}, and 0 from then on.
     *
     * @param learningRate the rate at the start; positive and finite
     * @param length how long it takes to fall to 0, in epochs; positive and finite
     * @return the schedule
     * @throws IllegalArgumentException if one of them is not positive and finite
     * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov and Hutter 2017</a>
     */
    static Schedule cosine(double learningRate, double length) {
        requirePositive(learningRate, "learningRate", "0.1");
        requirePositive(length, "length", "20");
        return new Schedules.Cosine(learningRate, length);
    }

    /**
     * Up and down once, in halves of cosine waves: from {@code highest / 25} up to {@code highest} in the first 0.3 of the
     * length, then down to {@code highest / 250000}, and there it stays.
     *
     * <p>The paper goes up and down in straight lines; waves, and these shares, are what others have come to use.
     *
     * @param highest the rate at the top; positive and finite
     * @param length of the cycle, in epochs; positive and finite
     * @return the schedule
     * @throws IllegalArgumentException if one of them is not positive and finite
     * @see <a href="https://arxiv.org/abs/1803.09820">Smith 2018</a>
     */
    static Schedule oneCycle(double highest, double length) {
        requirePositive(highest, "highest", "0.1");
        requirePositive(length, "length", "20");
        return new Schedules.OneCycle(highest, length);
    }

    /**
     * This schedule with a warm-up: its rate times a factor that rises in a straight line from {@code start} to 1. Both
     * count the same epochs, so this schedule has moved on when the warm-up ends.
     *
     * @param start the factor at the beginning, in (0, 1]
     * @param length how long it takes to rise to 1, in epochs; positive and finite
     * @return another schedule
     * @throws IllegalArgumentException if the start is not in (0, 1], or the length not positive and finite
     * @see <a href="https://arxiv.org/abs/1706.02677">Goyal et al. 2017</a>
     */
    default Schedule withWarmUp(double start, double length) {
        if (!(start > 0 && start <= 1)) {
            throw new IllegalArgumentException(
                    "Schedule: expected a warm-up from a start in (0, 1], got " + start + ". Use 0.01.");
        }
        requirePositive(length, "length", "1");
        return new Schedules.WarmUp(this, start, length);
    }

    /**
     * This schedule, begun when the network has already been trained for some epochs: epoch {@code epoch} gets the rate of
     * epoch 0, and so do the ones before it. For a second {@code train}, whose epochs are counted on from the first:
     *
     * <pre>{@code
     * cnn.train(train, test, options.schedule(Schedule.cosine(0.2, 3)).build());                // epochs 0, 1, 2
     * cnn.train(train, test, options.schedule(Schedule.cosine(0.1, 3).startingAt(3)).build());  // epochs 3, 4, 5
     * }</pre>
     *
     * @param epoch the epoch in the network's life at which this schedule begins, at least 0
     * @return another schedule
     * @throws IllegalArgumentException if it is negative
     */
    default Schedule startingAt(int epoch) {
        if (epoch < 0) {
            throw new IllegalArgumentException("Schedule: expected to start at epoch 0 or later, got " + epoch
                    + ". Use the epochs trained so far.");
        }
        return new Schedules.StartingAt(this, epoch);
    }

    private static void requirePositive(double value, String name, String example) {
        OptimizerChecks.positive(value, "Schedule", name, example);
    }
}
