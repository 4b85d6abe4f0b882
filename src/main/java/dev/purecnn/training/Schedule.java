package dev.purecnn.training;

/**
 * The learning rate as a function of the training time. Each step asks for it.
 *
 * <pre>{@code
 * Schedule schedule = Schedule.exponentialDecay(0.01, 0.9);
 * schedule.rate(0);   // 0.01
 * schedule.rate(2);   // 0.0081
 * Schedule.cosine(0.1, 20).withWarmUp(0.01, 1.5);
 * }</pre>
 *
 * <p>Time is counted in epochs over the network's life, from 0: 2.5 is the middle of its third epoch. A step of {@code train} is
 * at {@code epochs done + steps done in this epoch / steps per epoch}, a step of {@code trainOnBatch} at the start of the current
 * epoch.
 *
 * <p>A checkpoint holds the schedule's {@code toString()}, and training resumes only with a schedule that has the same one. So
 * make your own schedule a record, or let it print its numbers. Lambdas, and other schedules without a {@code toString()}, are
 * all accepted in place of each other: make sure yourself that you resume with the right one. The schedules here are equal if
 * their numbers are.
 */
@FunctionalInterface
public interface Schedule {

    /**
     * Returns the rate of the step that begins at this time.
     *
     * @param epochs the time, in epochs and fractions of one, from 0
     * @return the rate, in parameter units per gradient unit; at least 0 and finite
     */
    double rate(double epochs);

    /**
     * The same rate throughout.
     *
     * @param learningRate positive and finite
     * @return the schedule
     * @throws IllegalArgumentException if it is not positive and finite
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
     * Steps down: {@code learningRate * factor ^ floor(epochs / length)}.
     *
     * @param learningRate the rate at the start; positive and finite
     * @param factor from one level to the next; positive and finite
     * @param length of a level, in epochs; positive and finite
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
     * Half a cosine wave, without restarts: {@code learningRate * (1 + cos(pi * epochs / length)) / 2}, and 0 from then on.
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
     * Up and down once, along half cosine waves: from {@code highest / 25} up to {@code highest} in the first 0.3 of the length,
     * then down to {@code highest / 250000}, where it stays.
     *
     * <p>The paper uses straight lines; cosine waves and these shares are the defaults of PyTorch.
     *
     * @param highest the peak rate; positive and finite
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
     * This schedule with a warm-up: its rate times a factor that rises linearly from {@code start} to 1. The schedule itself goes
     * on during the warm-up.
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
     * This schedule, started later: epoch {@code epoch} and all before it get the rate of epoch 0. For a second {@code train},
     * whose epochs are numbered on from those of the first:
     *
     * <pre>{@code
     * cnn.train(train, test, options.schedule(Schedule.cosine(0.2, 3)).build());                // epochs 0, 1, 2
     * cnn.train(train, test, options.schedule(Schedule.cosine(0.1, 3).startingAt(3)).build());  // epochs 3, 4, 5
     * }</pre>
     *
     * @param epoch of the network's life at which this schedule starts, at least 0
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
