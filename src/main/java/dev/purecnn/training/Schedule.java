package dev.purecnn.training;

/**
 * The learning rate of each epoch. It is asked for, never copied into a layer.
 *
 * <pre>{@code
 * Schedule schedule = Schedule.exponentialDecay(0.01, 0.9);
 * schedule.rate(0);   // 0.01
 * schedule.rate(2);   // 0.0081
 * }</pre>
 */
@FunctionalInterface
public interface Schedule {

    /**
     * The rate of an epoch.
     *
     * @param epoch counted over the whole life of a network, from 0
     * @return loss units to parameter units; positive
     */
    double rate(int epoch);

    /**
     * The notebook's schedule: {@code learningRate * decayRate ^ epoch}.
     *
     * @param learningRate the rate of epoch 0; positive and finite
     * @param decayRate the factor from one epoch to the next; positive and finite, 1 for a constant rate
     * @return the schedule
     * @throws IllegalArgumentException if one of them is not positive and finite
     */
    static Schedule exponentialDecay(double learningRate, double decayRate) {
        requirePositive(learningRate, "learningRate", "0.01");
        requirePositive(decayRate, "learningRateDecay", "0.9, or 1 for none");
        return epoch -> learningRate * StrictMath.pow(decayRate, epoch);
    }

    private static void requirePositive(double value, String name, String example) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "Schedule: expected a positive, finite " + name + ", got " + value + ". Use " + example + ".");
        }
    }
}
