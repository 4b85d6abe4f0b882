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
        return epochs -> learningRate;
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
        return epochs -> learningRate * StrictMath.pow(decayRate, Math.floor(epochs));
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
        return epochs -> learningRate * StrictMath.pow(factor, Math.floor(epochs / length));
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
        return epochs -> wave(learningRate, 0.0, epochs / length);
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
        double top = 0.3 * length;
        double first = highest / 25;
        double last = first / 10_000;
        return epochs -> epochs < top
                ? wave(first, highest, epochs / top)
                : wave(highest, last, (epochs - top) / (length - top));
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
        return epochs -> rate(epochs) * (epochs < length ? start + (1 - start) * (epochs / length) : 1.0);
    }

    private static double wave(double from, double to, double part) {
        return part < 1 ? to + (from - to) * (1 + StrictMath.cos(StrictMath.PI * part)) / 2 : to;
    }

    private static void requirePositive(double value, String name, String example) {
        OptimizerChecks.positive(value, "Schedule", name, example);
    }
}
