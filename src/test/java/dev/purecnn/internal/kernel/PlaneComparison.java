package dev.purecnn.internal.kernel;

import static dev.purecnn.Bits.assertSameBits;

import java.util.Random;
import java.util.function.IntToDoubleFunction;

/** The passes over planes of some kernels against what {@link PlaneKernels} says, bit for bit, with values of any kind. */
final class PlaneComparison {
    private static final int LONGEST = 150;

    private final PlaneKernels planes;
    private final int from;
    private final int length;
    private final double[] a;
    private final double[] b;
    private final double[] x; // single numbers

    PlaneComparison(Kernels kernels, Random random) {
        planes = kernels.planes();
        from = random.nextInt(9);
        length = random.nextInt(LONGEST);
        a = draw(from + length + random.nextInt(9), random);
        b = draw(a.length, random);
        x = draw(5, random);
    }

    private static double[] draw(int length, Random random) {
        return random.nextInt(4) == 0 ? KernelsContract.drawAny(length, random) : KernelsContract.draw(length, random);
    }

    void sums() {
        compare("sum", planes.sum(a, from, length), i -> a[i]);
        compare("squares", planes.squares(a, x[0], from, length), i -> (a[i] - x[0]) * (a[i] - x[0]));
        double[] sums = new double[2];
        double[] products = new double[2];
        planes.addSums(a, b, x[0], x[1], from, length, sums, products, 1);
        compare("sum of both", sums[1], i -> a[i]);
        compare("products", products[1], i -> a[i] * ((b[i] - x[0]) * x[1]));
    }

    private void compare(String what, double actual, IntToDoubleFunction term) {
        double[] parts = new double[4];
        for (int q = 0; q < length; q++) {
            parts[q < length / 4 * 4 ? q % 4 : 0] += term.applyAsDouble(from + q);
        }
        double expected = (parts[0] + parts[1]) + (parts[2] + parts[3]);
        assertSameBits(new double[] {actual}, new double[] {expected}, what);
    }

    void elements() {
        double[] results = b.clone();
        planes.add(a, b, results, from, length);
        compare("add", results, i -> a[i] + b[i]);
        planes.normalize(a, x[0], x[1], x[2], x[3], results, from, length);
        compare("normalize", results, i -> x[2] * ((a[i] - x[0]) * x[1]) + x[3]);
        System.arraycopy(b, 0, results, 0, b.length);
        planes.normalizeGradient(a, x[0], x[1], x[2], x[3], x[4], results, results, from, length);
        compare("normalizeGradient", results, i -> x[2] * (b[i] - x[3] - (a[i] - x[0]) * x[1] * x[4]));
    }

    private void compare(String what, double[] actual, IntToDoubleFunction element) {
        double[] expected = b.clone();
        for (int i = from; i < from + length; i++) {
            expected[i] = element.applyAsDouble(i);
        }
        assertSameBits(actual, expected, what);
    }
}
