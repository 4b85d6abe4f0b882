package dev.purecnn.layer;

/**
 * The error function, {@code 2 / sqrt(pi)} times the integral of {@code exp(-t^2)} from 0 to x, with the same bits everywhere. It
 * is a Taylor series: about 0 for small x, else about the nearest multiple of 1/2. (DLMF, 7.6.1 and 7.10.1.)
 */
final class ErrorFunction {
    private static final double FACTOR = 1.1283791670955126; // 2 / sqrt(pi)
    private static final double FACTOR_LESS_1 = 0.1283791670955126; // with more digits than the difference
    private static final int SMALL_TERMS = 17;
    private static final double SMALL = 0.75;
    private static final int TERMS = 20;
    private static final double LARGE = 6; // from where it is 1

    /** At 1, 1.5, ..., 5.5; from mpmath. */
    private static final double[] VALUES = {
        0.8427007929497149, 0.9661051464753108, 0.9953222650189527, 0.999593047982555, 0.9999779095030014,
        0.9999992569016276, 0.9999999845827421, 0.9999999998033839, 0.9999999999984626, 0.9999999999999927
    };

    private static final double[] SMALL_SERIES = smallSeries();
    private static final double[][] SERIES = series();

    private ErrorFunction() {}

    static double erf(double x) {
        double size = Math.abs(x);
        if (size < SMALL) {
            return x + x * polynomial(SMALL_SERIES, x * x);
        }
        if (!(size < LARGE)) {
            return Math.signum(x); // NaN for NaN
        }
        int half = Math.min((int) (2 * size + 0.5), VALUES.length + 1);
        double distance = size - half / 2.0;
        return Math.copySign(VALUES[half - 2] + distance * polynomial(SERIES[half - 2], distance), x);
    }

    private static double polynomial(double[] coefficients, double x) {
        double sum = 0;
        for (int i = coefficients.length - 1; i >= 0; i--) {
            sum = sum * x + coefficients[i];
        }
        return sum;
    }

    /** {@code FACTOR * (-1)^n / (n! * (2n + 1))}, for the powers of {@code x^2}; 1 less for the first, so that it is {@code x + ...}. */
    private static double[] smallSeries() {
        double[] series = new double[SMALL_TERMS];
        double power = FACTOR;
        for (int n = 0; n < SMALL_TERMS; n++) {
            series[n] = power / (2 * n + 1);
            power /= -(n + 1);
        }
        series[0] = FACTOR_LESS_1;
        return series;
    }

    /** By the derivative, {@code g = exp(-x^2)}, for which {@code g' = -2 * x * g}. */
    private static double[][] series() {
        double[][] series = new double[VALUES.length][TERMS];
        for (int c = 0; c < series.length; c++) {
            double centre = c / 2.0 + 1;
            double before = 0;
            double now = FACTOR * StrictMath.exp(-centre * centre);
            for (int n = 0; n < TERMS; n++) {
                series[c][n] = now / (n + 1);
                double next = -2 * (centre * now + before) / (n + 1);
                before = now;
                now = next;
            }
        }
        return series;
    }
}
