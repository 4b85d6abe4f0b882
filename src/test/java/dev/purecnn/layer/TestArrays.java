package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;

/** Drawing and comparing arrays. */
public final class TestArrays {
    private TestArrays() {}

    public static double[] gaussians(int length, Random random) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextGaussian();
        }
        return values;
    }

    /** 1, 2, 3, ... from a first value. */
    public static double[] counting(int first, int length) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = first + i;
        }
        return values;
    }

    /** Image number {@code image} out of a batch. */
    public static double[] image(double[] batch, int image, int size) {
        return Arrays.copyOfRange(batch, image * size, (image + 1) * size);
    }

    /** The gradients of all parameters, in order. */
    static double[] gradients(Layer layer) {
        return layer.parameters().stream()
                .flatMapToDouble(parameter -> Arrays.stream(parameter.gradient()))
                .toArray();
    }

    /** The values of all parameters, in order. */
    static double[] values(Layer layer) {
        return layer.parameters().stream()
                .flatMapToDouble(parameter -> Arrays.stream(parameter.values()))
                .toArray();
    }

    /** Equal but for {@code tolerance} times the largest magnitude of what is expected. */
    public static void assertClose(double[] actual, double[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        for (int i = 0; i < actual.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= tolerance * largest)) {
                throw new AssertionError(
                        "expected " + expected[i] + " at index " + i + " of " + actual.length + ", got " + actual[i]);
            }
        }
    }
}
