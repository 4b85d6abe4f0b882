package dev.purecnn.internal.kernel;

import static dev.purecnn.Bits.assertSameBits;

import java.util.Random;

/** The loops over channels side by side of some kernels against the definition, bit for bit, with values of any kind. */
final class LaneComparison {
    private static final int ROW = WinogradKernels.ROW;

    private final Kernels plain = new PlainKernels();
    private final Kernels kernels;
    private final Scratch scratch = new Scratch();
    private final Random random;

    LaneComparison(Kernels kernels, Random random) {
        this.kernels = kernels;
        this.random = random;
    }

    private interface Loop {
        void run(Kernels kernels, double[] result);
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
            compare(
                    c,
                    "product",
                    (some, result) ->
                            some.products().multiply(a, from, b, from, terms, result, from, rows, w, scratch));
            compare(
                    c,
                    "sum of products",
                    (some, result) ->
                            some.products().multiplyAdd(a, from, b, from, terms, result, from, rows, w, scratch));
            compare(
                    c,
                    "transposed product",
                    (some, result) -> some.products()
                            .multiplyTransposed(a, from, b, from, terms, result, from, 8 * (1 + rows % 4), w, scratch));
        }
    }

    void transforms() {
        int tiles = 1 + random.nextInt(9);
        int from = random.nextInt(9);
        int to = random.nextInt(9);
        int step = tiles * ROW + random.nextInt(3) * 8;
        int cellRow = tiles * ROW + 16 + random.nextInt(3) * 8;
        double[] numbers = draw(from + to + WinogradKernels.NUMBERS * WinogradKernels.STEP);
        double[] cells = draw(from + to + 6 * cellRow);
        double[] biases = draw(8);
        compare(
                numbers,
                "windows",
                (some, result) -> some.winograd().windows(cells, from, cellRow, result, to, tiles, scratch));
        compare(
                cells,
                "window gradients",
                (some, result) ->
                        some.winograd().windowGradients(numbers, from, step, result, to, cellRow, tiles, scratch));
        compare(
                cells,
                "outputs",
                (some, result) -> some.winograd()
                        .outputs(numbers, from, biases, 0, result, to, cellRow, tiles, new double[16], 0, scratch));
        compare(
                biases,
                "sums of outputs",
                (some, result) -> some.winograd()
                        .outputs(numbers, from, biases, 0, cells.clone(), to, cellRow, tiles, result, 0, scratch));
        compare(
                numbers,
                "output gradients",
                (some, result) ->
                        some.winograd().outputGradients(cells, from, cellRow, result, to, step, tiles, scratch));
        compare(
                new double[72],
                "filter gradients",
                (some, result) -> some.winograd().filterGradients(numbers, from, step, result, scratch));
        int count = 1 + random.nextInt(8);
        compare(
                numbers,
                "filters",
                (some, result) -> some.winograd().filters(cells, from, 9 + tiles, count, result, to, step, scratch));
    }

    void lanes() {
        int rows = 1 + random.nextInt(2);
        int cols = 1 + random.nextInt(9);
        int from = random.nextInt(9);
        int row = (2 * cols + random.nextInt(3)) * 8;
        int length = cols * 8;
        double slope = new double[] {0, 0.25, 1}[random.nextInt(3)];
        double floor = random.nextBoolean() ? 0 : Double.NEGATIVE_INFINITY;
        double[] cells = draw(from + 4 * row);
        double[] values = draw(from + 4 * row);
        for (int i = 0; i < 10; i++) {
            cells[random.nextInt(cells.length)] = cells[random.nextInt(cells.length)]; // equal ones
        }
        double[] pooled = new double[from + rows * length];
        plain.lanes().pool(cells, from, row, pooled, from, length, rows, cols, Double.NEGATIVE_INFINITY);
        double[] winners = new double[rows * length];
        plain.lanes().winners(cells, from, row, pooled, from, length, winners, 0, length, rows, cols);
        compare(cells, "activation", (some, result) -> some.lanes().activate(result, from, length, slope));
        double[] norms = draw(from + 32);
        compare(cells, "norm", (some, result) -> some.lanes().normalize(result, from, length, norms, from));
        compare(
                values,
                "its gradient",
                (some, result) -> some.lanes().activateGradient(cells, from, result, from, length, slope));
        compare(
                values,
                "pooling",
                (some, result) -> some.lanes().pool(cells, from, row, result, from, length, rows, cols, floor));
        compare(
                winners,
                "winners",
                (some, result) ->
                        some.lanes().winners(cells, from, row, pooled, from, length, result, 0, length, rows, cols));
        compare(
                cells,
                "gradients of windows",
                (some, result) -> some.lanes()
                        .unpool(values, from, length, winners, 0, length, result, from, row, rows, cols, slope));
    }

    void shallowConvolutions() {
        int filters = 8 * (1 + random.nextInt(4));
        int cols = 1 + random.nextInt(ROW);
        int from = random.nextInt(9);
        int[] offsets = random.ints(random.nextInt(12), 0, 50).toArray();
        double[] a = draw(from + 50 + ROW + 8 * 9 + 9);
        double[] b = draw(from + 12 * ROW);
        int cellStep = cols * 8;
        double floor = random.nextBoolean() ? 0 : Double.NEGATIVE_INFINITY;
        compare(
                draw(4 * cellStep),
                "outputs of few channels",
                (some, result) -> some.lanes()
                        .convolve(a, from, offsets, b, from, b, 0, floor, result, 0, cellStep, cols, filters, scratch));
        int pooledCols = (cols + 1) / 2;
        int row = random.nextInt(9);
        double[] room = draw(4 * 4 * pooledCols * 8);
        for (int cell = 0; cell < filters / 8; cell++) {
            int at = cell * 4 * pooledCols * 8;
            compare(new double[pooledCols * 8], "pooled outputs of few channels", (some, result) -> {
                some.lanes()
                        .convolvePooled(
                                a,
                                from,
                                row,
                                offsets,
                                b,
                                from,
                                b,
                                0,
                                floor,
                                room,
                                0,
                                4 * pooledCols * 8,
                                pooledCols,
                                filters,
                                scratch);
                System.arraycopy(room, at, result, 0, result.length);
            });
        }
        int places = 8 * random.nextInt(5);
        double[] g = draw(from + 8 * places);
        compare(draw(24), "three taps", (some, result) -> some.lanes().threeTaps(a, from, g, from, places, result, 0));
        compare(draw(8), "one tap", (some, result) -> some.lanes().oneTap(a, from, g, from, places, result, 0));
    }
}
