package dev.purecnn.internal.kernel;

/**
 * Passes over ranges of planes that normalizations are made of. This is the definition.
 *
 * <p>Sums are kept in four parts, for a single one would wait for each addition: term q goes to part {@code q mod 4}, those after the last
 * four to the first part; then {@code (s0 + s1) + (s2 + s3)}.
 */
public class PlaneKernels {

    /** The sum of {@code values[from]} to {@code values[from + length - 1]}. */
    public double sum(double[] values, int from, int length) {
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

    /** The sum of the squared distances of a range from a value. */
    public double squares(double[] values, double mean, int from, int length) {
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

    /**
     * Adds the sum of a range to {@code sums[number]}, and that of its products with an equal range of another array, normalized, to {@code
     * products[number]}.
     */
    public void addSums(
            double[] values,
            double[] others,
            double mean,
            double inverse,
            int from,
            int length,
            double[] sums,
            double[] products,
            int number) {
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
        products[number] += (s0 + s1) + (s2 + s3);
        sums[number] += sum(values, from, length);
    }

    /** {@code output = scale * ((input - mean) * inverse) + shift}. */
    public void normalize(
            double[] input,
            double mean,
            double inverse,
            double scale,
            double shift,
            double[] output,
            int from,
            int length) {
        for (int i = from; i < from + length; i++) {
            output[i] = scale * ((input[i] - mean) * inverse) + shift;
        }
    }

    /** {@code inputGradient = factor * (lossGradient - byMean - (input - mean) * inverse * byVariance)}; may be in place. */
    public void normalizeGradient(
            double[] input,
            double mean,
            double inverse,
            double factor,
            double byMean,
            double byVariance,
            double[] lossGradient,
            double[] inputGradient,
            int from,
            int length) {
        for (int i = from; i < from + length; i++) {
            double normalized = (input[i] - mean) * inverse;
            inputGradient[i] = factor * (lossGradient[i] - byMean - normalized * byVariance);
        }
    }

    /** {@code sum = a + b}; may be in place. */
    public void add(double[] a, double[] b, double[] sum, int from, int length) {
        for (int i = from; i < from + length; i++) {
            sum[i] = a[i] + b[i];
        }
    }
}
