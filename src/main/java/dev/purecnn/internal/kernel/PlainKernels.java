package dev.purecnn.internal.kernel;

import java.util.Arrays;

/** The definition: plain Java loops, in the shapes that HotSpot compiles well. */
class PlainKernels extends Kernels {
    /** Twice as a factor, it makes any double above 0 greater than 1. */
    private static final double HUGE = 0x1p1000;
    /** Of dots; with less, transposing costs more than it saves. Kept here, as a first prediction should not load a class for it. */
    private static final int FEWEST_ROWS = 4;

    private static final int FEWEST_COLUMNS = 32;

    private static final PlaneKernels PLANES = new PlaneKernels();
    private static final WinogradKernels WINOGRAD = new WinogradKernels();
    private static final TileProducts PRODUCTS = new TileProducts();
    private static final LaneKernels LANES = new LaneKernels();
    private static final DepthwiseKernels DEPTHWISE = new DepthwiseKernels();

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public void multiply(Product product, double[] start, double[] b, int bFrom, double[] c, int cFrom) {
        multiplyRows(product, product.columns, start, b, bFrom, 0, c, cFrom);
    }

    @Override
    public void multiplyRows(
            Product product, int length, double[] start, double[] b, int bFrom, int bStep, double[] c, int cFrom) {
        for (int m = 0; m < product.rows; m++) {
            int from = cFrom + m * product.columns;
            Arrays.fill(c, from, from + product.columns, start[m]);
        }
        int bRow = bFrom;
        for (int q = 0; q < product.columns; q += length) {
            addColumns(product, length, b, bRow, c, cFrom + q);
            bRow += bStep;
        }
    }

    @Override
    public void multiplyAdd(Product product, double[] b, int bFrom, double[] c, int cFrom) {
        addColumns(product, product.columns, b, bFrom, c, cFrom);
    }

    /** A few rows and columns at a time, so that they stay in the first-level cache until all terms are added. */
    private static void addColumns(Product product, int columns, double[] b, int bFrom, double[] c, int cFrom) {
        double[][] rows = product.plainRows();
        for (int q = 0; q < columns; q += Product.PLAIN_COLUMNS) {
            int width = Math.min(Product.PLAIN_COLUMNS, columns - q);
            for (int m = 0; m < product.rows; m += Product.PLAIN_ROWS) {
                int height = Math.min(Product.PLAIN_ROWS, product.rows - m);
                int from = cFrom + m * product.columns + q;
                for (int r = 0; r < height; r++) {
                    System.arraycopy(c, from + r * product.columns, rows[r], 0, width);
                }
                accumulate(product, m, height, b, bFrom + q, width, rows);
                for (int r = 0; r < height; r++) {
                    System.arraycopy(rows[r], 0, c, from + r * product.columns, width);
                }
            }
        }
    }

    /** Rows of B are copied out first: over separate arrays with one common index the inner loop vectorises. */
    private static void accumulate(
            Product product, int m, int height, double[] b, int bFrom, int width, double[][] rows) {
        int[] offsets = product.offsets;
        double[] b0 = rows[Product.PLAIN_ROWS];
        double[] b1 = rows[Product.PLAIN_ROWS + 1];
        double[] b2 = rows[Product.PLAIN_ROWS + 2];
        double[] b3 = rows[Product.PLAIN_ROWS + 3];
        int k = 0;
        for (; k + 4 <= offsets.length; k += 4) {
            System.arraycopy(b, bFrom + offsets[k], b0, 0, width);
            System.arraycopy(b, bFrom + offsets[k + 1], b1, 0, width);
            System.arraycopy(b, bFrom + offsets[k + 2], b2, 0, width);
            System.arraycopy(b, bFrom + offsets[k + 3], b3, 0, width);
            for (int r = 0; r < height; r++) {
                addFour(rows[r], width, product.a, m + r, k, b0, b1, b2, b3);
            }
        }
        for (; k < offsets.length; k++) {
            System.arraycopy(b, bFrom + offsets[k], b0, 0, width);
            for (int r = 0; r < height; r++) {
                addOne(rows[r], width, product.a.get(m + r, k), b0);
            }
        }
    }

    private static void addFour(
            double[] c, int width, PackedRows a, int m, int k, double[] b0, double[] b1, double[] b2, double[] b3) {
        double w0 = a.get(m, k);
        double w1 = a.get(m, k + 1);
        double w2 = a.get(m, k + 2);
        double w3 = a.get(m, k + 3);
        for (int q = 0; q < width; q++) {
            c[q] = Math.fma(w3, b3[q], Math.fma(w2, b2[q], Math.fma(w1, b1[q], Math.fma(w0, b0[q], c[q]))));
        }
    }

    private static void addOne(double[] c, int width, double w, double[] b) {
        for (int q = 0; q < width; q++) {
            c[q] = Math.fma(w, b[q], c[q]);
        }
    }

    @Override
    public void dot(
            int rows,
            int columns,
            int[] offsets,
            double[] a,
            int aFrom,
            int aStride,
            double[] b,
            int bFrom,
            double[] d,
            int dFrom) {
        if (rows >= FEWEST_ROWS && offsets.length >= FEWEST_COLUMNS) {
            PlainDot.ofThread().dot(rows, columns, offsets, a, aFrom, aStride, b, bFrom, d, dFrom);
            return;
        }
        for (int m = 0; m < rows; m++) {
            for (int k = 0; k < offsets.length; k++) {
                d[dFrom + m * offsets.length + k] += dot(columns, a, aFrom + m * aStride, b, bFrom + offsets[k]);
            }
        }
    }

    private static double dot(int columns, double[] a, int aFrom, double[] b, int bFrom) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int q = 0;
        for (; q + 8 <= columns; q += 8) {
            s0 = Math.fma(a[aFrom + q], b[bFrom + q], s0);
            s1 = Math.fma(a[aFrom + q + 1], b[bFrom + q + 1], s1);
            s2 = Math.fma(a[aFrom + q + 2], b[bFrom + q + 2], s2);
            s3 = Math.fma(a[aFrom + q + 3], b[bFrom + q + 3], s3);
            s4 = Math.fma(a[aFrom + q + 4], b[bFrom + q + 4], s4);
            s5 = Math.fma(a[aFrom + q + 5], b[bFrom + q + 5], s5);
            s6 = Math.fma(a[aFrom + q + 6], b[bFrom + q + 6], s6);
            s7 = Math.fma(a[aFrom + q + 7], b[bFrom + q + 7], s7);
        }
        int left = columns - q;
        if (left > 0) s0 = Math.fma(a[aFrom + q], b[bFrom + q], s0);
        if (left > 1) s1 = Math.fma(a[aFrom + q + 1], b[bFrom + q + 1], s1);
        if (left > 2) s2 = Math.fma(a[aFrom + q + 2], b[bFrom + q + 2], s2);
        if (left > 3) s3 = Math.fma(a[aFrom + q + 3], b[bFrom + q + 3], s3);
        if (left > 4) s4 = Math.fma(a[aFrom + q + 4], b[bFrom + q + 4], s4);
        if (left > 5) s5 = Math.fma(a[aFrom + q + 5], b[bFrom + q + 5], s5);
        if (left > 6) s6 = Math.fma(a[aFrom + q + 6], b[bFrom + q + 6], s6);
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }

    @Override
    public void relu(double[] input, double[] output, int from, int to) {
        for (int i = from; i < to; i++) {
            output[i] = Math.max(input[i], 0.0);
        }
    }

    @Override
    public void reluGradient(double[] output, double[] lossGradient, double[] inputGradient, int from, int to) {
        for (int i = from; i < to; i++) {
            // no branch, which would be mispredicted half the time, and no masks of bits, which would lose a NaN and
            // which JDK 17 does not vectorise: 1 where the output is more than 0, were it the smallest double, else 0
            double passes = Math.min(output[i] * HUGE * HUGE, 1.0);
            // what is added is -0.0 or 0.0: it changes no gradient that passes, and makes 0.0 of the others
            inputGradient[i] = lossGradient[i] * passes + (0.5 - passes) * 0.0;
        }
    }

    @Override
    public void maxPool2x2(int planes, int height, int width, double[] input, double[] output) {
        maxPool2x2(planes, height, width, input, output, 0);
    }

    /** From one of the output's rows on, counted over all planes. */
    void maxPool2x2(int planes, int height, int width, double[] input, double[] output, int firstRow) {
        int outputWidth = width / 2;
        int out = firstRow * outputWidth;
        for (int row = firstRow; row < planes * (height / 2); row++) {
            int upper = rowOf(row, height) * width;
            int lower = upper + width;
            for (int col = 0; col < outputWidth; col++, upper += 2, lower += 2) {
                output[out++] =
                        Math.max(Math.max(input[upper], input[upper + 1]), Math.max(input[lower], input[lower + 1]));
            }
        }
    }

    /** The first input row of an output row, both counted over all planes. */
    static int rowOf(int outputRow, int height) {
        int rows = height / 2;
        return outputRow / rows * height + 2 * (outputRow % rows);
    }

    @Override
    public void maxPool2x2Gradient(
            int planes,
            int height,
            int width,
            double[] input,
            double[] output,
            double[] lossGradient,
            double[] inputGradient) {
        int outputWidth = width / 2;
        int out = 0;
        for (int plane = 0; plane < planes; plane++) {
            for (int row = 0; row + 1 < height; row += 2) {
                int upper = (plane * height + row) * width;
                int lower = upper + width;
                for (int col = 0; col < outputWidth; col++, upper += 2, lower += 2, out++) {
                    double value = output[out];
                    // masks instead of branches: the first cell that has the window's value takes the gradient
                    long left = Double.doubleToRawLongBits(lossGradient[out]);
                    long first = left & same(input[upper], value);
                    left ^= first;
                    long second = left & same(input[upper + 1], value);
                    left ^= second;
                    long third = left & same(input[lower], value);
                    inputGradient[upper] = Double.longBitsToDouble(first);
                    inputGradient[upper + 1] = Double.longBitsToDouble(second);
                    inputGradient[lower] = Double.longBitsToDouble(third);
                    inputGradient[lower + 1] = Double.longBitsToDouble(left ^ third);
                    if (Double.isNaN(value)) { // never, as long as all goes well: always foreseen
                        giveToFirstNaN(input, upper, width, lossGradient[out], inputGradient);
                    }
                }
            }
        }
    }

    /** NaN is not one value but many: which of those in a window is the largest would be the compiler's choice. */
    private static void giveToFirstNaN(double[] input, int upper, int width, double gradient, double[] inputGradient) {
        boolean given = false;
        for (int cell : new int[] {upper, upper + 1, upper + width, upper + width + 1}) {
            boolean takes = !given && Double.isNaN(input[cell]);
            inputGradient[cell] = takes ? gradient : 0.0;
            given |= takes;
        }
    }

    /** All ones where both have the same bits, or are zeros of any sign; else 0. */
    private static long same(double x, double value) {
        long difference = Double.doubleToRawLongBits(x + 0.0) ^ Double.doubleToRawLongBits(value + 0.0);
        return (difference - 1 & ~difference) >> 63;
    }

    @Override
    public void descend(double[] values, double[] gradient, double scale, double learningRate, int from, int to) {
        for (int i = from; i < to; i++) {
            values[i] -= learningRate * (gradient[i] * scale);
            gradient[i] = 0.0;
        }
    }

    @Override
    public void descend(
            double[] values,
            double[] gradient,
            double[] velocity,
            double momentum,
            double scale,
            double learningRate,
            int from,
            int to) {
        for (int i = from; i < to; i++) {
            velocity[i] = momentum * velocity[i] + gradient[i] * scale;
            values[i] -= learningRate * velocity[i];
            gradient[i] = 0.0;
        }
    }

    @Override
    public void moveInto(double[] sum, double[] addend, int from, int to) {
        for (int i = from; i < to; i++) {
            sum[i] += addend[i];
            addend[i] = 0.0;
        }
    }

    @Override
    public void moveIntoAndSquare(double[] sum, double[] addend, int from, int to, double[] squares, int number) {
        moveInto(sum, addend, from, to);
        squares[number] += dot(to - from, sum, from, sum, from);
    }

    @Override
    public PlaneKernels planes() {
        return PLANES;
    }

    @Override
    public WinogradKernels winograd() {
        return WINOGRAD;
    }

    @Override
    public TileProducts products() {
        return PRODUCTS;
    }

    @Override
    public LaneKernels lanes() {
        return LANES;
    }

    @Override
    public DepthwiseKernels depthwise() {
        return DEPTHWISE;
    }
}
