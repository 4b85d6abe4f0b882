package dev.purecnn.internal.convolution;

import dev.purecnn.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * Winograd's F(2, 3): two neighbouring outputs {@code y} of a filter of three weights {@code g}, from four inputs {@code d}, with
 * four multiplications instead of six.
 *
 * <pre>{@code
 * y0 = m0 + m1 + m2      m0 = (d0 - d2) * g0                   m1 = (d1 + d2) * (g0 + g1 + g2) / 2
 * y1 = m1 - m2 + m3      m2 = (d2 - d1) * (g0 - g1 + g2) / 2   m3 = (d3 - d1) * g2
 * }</pre>
 *
 * <p>Inputs, weights and outputs each are transformed by a matrix, and gradients by the transposed one. Each method does so for
 * many places at once: of arrays that hold one number after the other for all places, {@code step} from number to number.
 *
 * @see <a href="https://arxiv.org/abs/1509.09308">Lavin and Gray 2015, on its use for convolutions in two directions</a>
 */
final class Winograd {
    /** How many multiplications there are, and so numbers that inputs and weights are transformed to. */
    static final int NUMBERS = 4;

    private Winograd() {}

    /**
     * Inputs to the left factor of that number: place {@code q} has even[q], odd[q], even[q + next] and odd[q + next].
     */
    static void input(int number, double[] d, int even, int odd, int next, double[] factors, int to, int length) {
        Kernels kernels = Kernels.active();
        switch (number) {
            case 0 -> kernels.subtract(d, even, d, even + next, factors, to, length);
            case 1 -> kernels.add(d, odd, d, even + next, factors, to, length);
            case 2 -> kernels.subtract(d, even + next, d, odd, factors, to, length);
            default -> kernels.subtract(d, odd + next, d, odd, factors, to, length);
        }
    }

    /**
     * The reverse of {@link #input}: gradients of the left factors to those of the inputs, of which there are {@code length +
     * next}. They must not lie in the same array.
     */
    static void inputGradients(
            double[] factors, int from, int step, double[] d, int even, int odd, int next, int length) {
        Kernels kernels = Kernels.active();
        int z0 = from;
        int z1 = from + step;
        int z2 = from + 2 * step;
        int z3 = from + 3 * step;
        Arrays.fill(d, even, even + next, 0.0);
        kernels.add(factors, z1, factors, z2, d, even + next, length);
        kernels.subtract(d, even + next, factors, z0, d, even + next, length);
        kernels.add(d, even, factors, z0, d, even, length);
        Arrays.fill(d, odd, odd + next, 0.0);
        System.arraycopy(factors, z3, d, odd + next, length);
        kernels.subtract(d, odd, factors, z3, d, odd, length);
        kernels.add(d, odd, factors, z1, d, odd, length);
        kernels.subtract(d, odd, factors, z2, d, odd, length);
    }

    /** Products to outputs. */
    static void outputs(double[] products, int from, int step, double[] y, int first, int second, int length) {
        Kernels kernels = Kernels.active();
        int m1 = from + step;
        int m2 = from + 2 * step;
        kernels.add(products, from, products, m1, y, first, length);
        kernels.add(y, first, products, m2, y, first, length);
        kernels.subtract(products, m1, products, m2, y, second, length);
        kernels.add(y, second, products, from + 3 * step, y, second, length);
    }

    /** The reverse of {@link #outputs}: gradients of outputs to those of products. */
    static void outputGradients(double[] y, int first, int second, double[] products, int to, int step, int length) {
        Kernels kernels = Kernels.active();
        System.arraycopy(y, first, products, to, length);
        kernels.add(y, first, y, second, products, to + step, length);
        kernels.subtract(y, first, y, second, products, to + 2 * step, length);
        System.arraycopy(y, second, products, to + 3 * step, length);
    }

    /** Weights to the right factors, at a single place; {@code weightStep} lies between the weights. */
    static void weights(double[] g, int from, int weightStep, double[] factors, int to, int step) {
        double g0 = g[from];
        double g1 = g[from + weightStep];
        double g2 = g[from + 2 * weightStep];
        factors[to] = g0;
        factors[to + step] = (g0 + g1 + g2) * 0.5;
        factors[to + 2 * step] = (g0 - g1 + g2) * 0.5;
        factors[to + 3 * step] = g2;
    }

    /** The reverse of {@link #weights}: gradients of the right factors to those of the weights. */
    static void weightGradients(double[] factors, int from, int step, double[] g, int to, int weightStep) {
        double u1 = factors[from + step];
        double u2 = factors[from + 2 * step];
        g[to] = factors[from] + (u1 + u2) * 0.5;
        g[to + weightStep] = (u1 - u2) * 0.5;
        g[to + 2 * weightStep] = factors[from + 3 * step] + (u1 + u2) * 0.5;
    }
}
