package dev.purecnn.layer;

import java.util.function.Supplier;

/**
 * The derivative of {@code sum of factor[i] * term[i]} by one value, from centred differences that are extrapolated to a
 * step of 0.
 *
 * @param terms finds the terms, which depend on the value; may return the same array each time
 * @param factors one per term
 */
record CentredDifference(Supplier<double[]> terms, double[] factors, double[] before) {
    private static final int STEPS_TRIED = 5;
    private static final double STEP_RATIO = 1.0 / 16;
    /** Results that agree this well need no smaller step. */
    private static final double AGREEMENT = 1e-9;
    /** A spread up to this many times the rounding error says nothing about the step. */
    private static final double ROUNDING_FACTOR = 8;

    CentredDifference(Supplier<double[]> terms, double[] factors) {
        this(terms, factors, new double[factors.length]);
    }

    /**
     * Finds the derivative by {@code values[index]}, which is the same afterwards.
     *
     * @param step the largest step to try
     * @param scale a derivative smaller than this needs to be no more exact than this one
     */
    double find(double[] values, int index, double step, double scale) {
        double best = Double.NaN;
        double bestSpread = Double.POSITIVE_INFINITY;
        double tried = step;
        for (int i = 0; i < STEPS_TRIED; i++, tried *= STEP_RATIO) {
            double whole = central(values, index, tried);
            double half = central(values, index, tried / 2);
            double quarter = central(values, index, tried / 4);
            double fine = (4 * quarter - half) / 3;
            // where rounding is all there is, small steps agree by chance
            double rounding = rounding() / tried;
            double spread = Math.abs(fine - (4 * half - whole) / 3) + rounding;
            if (spread < bestSpread) {
                best = fine;
                bestSpread = spread;
            }
            if (spread <= Math.max(ROUNDING_FACTOR * rounding, AGREEMENT * Math.max(scale, Math.abs(fine)))) {
                return best;
            }
        }
        return best;
    }

    /** How far rounding may have moved the sum of the terms that the last difference was of. */
    private double rounding() {
        double rounding = 0;
        for (int i = 0; i < before.length; i++) {
            rounding += Math.abs(factors[i]) * Math.ulp(before[i]);
        }
        return rounding;
    }

    /** Term by term first, so that terms which do not change add no rounding error. */
    private double central(double[] values, int index, double step) {
        double value = values[index];
        values[index] = value - step;
        System.arraycopy(terms.get(), 0, before, 0, before.length);
        values[index] = value + step;
        double[] after = terms.get();
        values[index] = value;
        double difference = 0;
        for (int i = 0; i < before.length; i++) {
            difference += factors[i] * (after[i] - before[i]);
        }
        return difference / (2 * step);
    }
}
