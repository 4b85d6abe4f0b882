package dev.purecnn.layer;

/**
 * Sums over a range of an array, kept in four parts, for a single one would wait for each addition. Which term goes to which
 * part depends on the length alone, so the bits are always the same.
 */
final class PlaneSums {
    private PlaneSums() {}

    /** The sum of {@code values[from]} to {@code values[from + length - 1]}. */
    static double sum(double[] values, int from, int length) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int end = from + length;
        int i = from;
        for (; i < end - 3; i += 4) {
            s0 += values[i];
            s1 += values[i + 1];
            s2 += values[i + 2];
            s3 += values[i + 3];
        }
        for (; i < end; i++) {
            s0 += values[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** The sum of the products of a range with an equal range of another array, normalized. */
    static double products(double[] values, double[] others, double mean, double inverse, int from, int length) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int end = from + length;
        int i = from;
        for (; i < end - 3; i += 4) {
            s0 += values[i] * ((others[i] - mean) * inverse);
            s1 += values[i + 1] * ((others[i + 1] - mean) * inverse);
            s2 += values[i + 2] * ((others[i + 2] - mean) * inverse);
            s3 += values[i + 3] * ((others[i + 3] - mean) * inverse);
        }
        for (; i < end; i++) {
            s0 += values[i] * ((others[i] - mean) * inverse);
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** The sum of the squared distances of a range from a value. */
    static double squares(double[] values, double mean, int from, int length) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int end = from + length;
        int i = from;
        for (; i < end - 3; i += 4) {
            s0 += (values[i] - mean) * (values[i] - mean);
            s1 += (values[i + 1] - mean) * (values[i + 1] - mean);
            s2 += (values[i + 2] - mean) * (values[i + 2] - mean);
            s3 += (values[i + 3] - mean) * (values[i + 3] - mean);
        }
        for (; i < end; i++) {
            s0 += (values[i] - mean) * (values[i] - mean);
        }
        return (s0 + s1) + (s2 + s3);
    }
}
