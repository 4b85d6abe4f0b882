package dev.purecnn.internal.kernel;

import static dev.purecnn.Bits.assertSameBits;

import java.util.Random;

/** Winograd's loops of some kernels against the definition, bit for bit, with values of any kind. */
final class WinogradComparison {
    private static final int ROW = WinogradKernels.ROW;

    private final WinogradKernels plain = new WinogradKernels();
    private final WinogradKernels kernels;
    private final WinogradKernels.Scratch scratch = new WinogradKernels.Scratch();
    private final Random random;

    WinogradComparison(WinogradKernels kernels, Random random) {
        this.kernels = kernels;
        this.random = random;
    }

    private interface Loop {
        void run(WinogradKernels kernels, double[] result);
    }

    private void compare(double[] before, String what, Loop loop) {
        double[] expected = before.clone();
        double[] actual = before.clone();
        loop.run(plain, expected);
        loop.run(kernels, actual);
        assertSameBits(actual, expected, what);
    }

    private double[] draw(int length) {
        return random.nextInt(4) == 0 ? KernelsContract.drawAny(length, random) : KernelsContract.draw(length, random);
    }

    void products() {
        for (int width = 8; width <= ROW; width += 8) {
            int w = width;
            int rows = 1 + random.nextInt(15);
            int terms = random.nextInt(ROW + 1);
            int from = random.nextInt(9);
            double[] a = draw(from + Math.max(rows, ROW) * ROW);
            double[] b = draw(from + ROW * ROW);
            double[] c = draw(from + Math.max(rows, ROW) * ROW);
            int startRow = random.nextBoolean() ? ROW : 0;
            compare(
                    c,
                    "product",
                    (some, result) ->
                            some.multiply(a, from, b, from, terms, a, 0, startRow, result, from, rows, w, scratch));
            compare(
                    c,
                    "sum of products",
                    (some, result) ->
                            some.multiply(a, from, b, from, terms, result, from, ROW, result, from, rows, w, scratch));
            compare(
                    c,
                    "transposed product",
                    (some, result) -> some.multiplyTransposed(
                            a, from, b, from, terms, result, from, 8 * (1 + rows % 4), w, scratch));
        }
    }

    void transforms() {
        int tiles = 1 + random.nextInt(9);
        int from = random.nextInt(9);
        int to = random.nextInt(9);
        int step = tiles * ROW + random.nextInt(3) * 8;
        int cellRow = tiles * ROW + 16 + random.nextInt(3) * 8;
        double[] numbers = draw(from + to + WinogradKernels.NUMBERS * step);
        double[] cells = draw(from + to + 6 * cellRow);
        double[] biases = draw(8);
        compare(
                numbers,
                "windows",
                (some, result) -> some.windows(cells, from, cellRow, result, to, step, tiles, scratch));
        compare(
                cells,
                "window gradients",
                (some, result) -> some.windowGradients(numbers, from, step, result, to, cellRow, tiles, scratch));
        compare(
                cells,
                "outputs",
                (some, result) -> some.outputs(
                        numbers, from, step, biases, 0, result, to, cellRow, tiles, new double[8], 0, scratch));
        compare(
                biases,
                "sums of outputs",
                (some, result) -> some.outputs(
                        numbers, from, step, biases, 0, cells.clone(), to, cellRow, tiles, result, 0, scratch));
        compare(
                numbers,
                "output gradients",
                (some, result) -> some.outputGradients(cells, from, cellRow, result, to, step, tiles, scratch));
        compare(
                new double[72],
                "filter gradients",
                (some, result) -> some.filterGradients(numbers, from, step, result, scratch));
    }
}
