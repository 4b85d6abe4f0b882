package dev.purecnn.internal.kernel;

import java.util.Arrays;

/**
 * {@link Kernels#dot} of many rows at once: rows of B are transposed, so that HotSpot vectorises over the columns of D, each of whose eight
 * partial sums is a row of its own. Has the memory for it, and so belongs to a thread.
 */
final class PlainDot {
    private static final ThreadLocal<PlainDot> OF_THREAD = new ThreadLocal<>();
    private static final int PARTS = 8;
    /** Of a partial sum that are added at once. */
    private static final int TERMS = 4;
    /** Rows and columns of D that are worked on at once: 256 kB of partial sums. */
    private static final int ROWS = 32;

    private static final int WIDTH = 128;

    private final double[] transposed = new double[TERMS * WIDTH];
    private final double[][] sums = new double[ROWS * PARTS][WIDTH];

    static PlainDot ofThread() {
        PlainDot dot = OF_THREAD.get();
        if (dot == null) {
            dot = new PlainDot();
            OF_THREAD.set(dot);
        }
        return dot;
    }

    /** As {@link Kernels#dot}. */
    void dot(
            int rows,
            int terms,
            int[] offsets,
            double[] a,
            int aFrom,
            int aStride,
            double[] b,
            int bFrom,
            double[] d,
            int dFrom) {
        for (int row = 0; row < rows; row += ROWS) {
            int height = Math.min(ROWS, rows - row);
            for (int column = 0; column < offsets.length; column += WIDTH) {
                int width = Math.min(WIDTH, offsets.length - column);
                sum(height, terms, offsets, column, width, a, aFrom + row * aStride, aStride, b, bFrom);
                for (int r = 0; r < height; r++) {
                    addParts(r * PARTS, width, d, dFrom + (row + r) * offsets.length + column);
                }
            }
        }
    }

    private void sum(
            int rows,
            int terms,
            int[] offsets,
            int column,
            int width,
            double[] a,
            int aFrom,
            int aStride,
            double[] b,
            int bFrom) {
        for (int i = 0; i < rows * PARTS; i++) {
            Arrays.fill(sums[i], 0, width, 0.0);
        }
        int fours = terms - terms % (TERMS * PARTS);
        // one part after the other, so that its sums stay in the first-level cache
        for (int part = 0; part < PARTS; part++) {
            for (int q = part; q < fours; q += TERMS * PARTS) {
                takeFour(offsets, column, width, b, bFrom + q, transposed);
                for (int r = 0; r < rows; r++) {
                    addFour(sums[r * PARTS + part], width, a, aFrom + r * aStride + q, transposed);
                }
            }
        }
        for (int q = fours; q < terms; q++) {
            for (int k = 0; k < width; k++) {
                transposed[k] = b[bFrom + offsets[column + k] + q];
            }
            for (int r = 0; r < rows; r++) {
                addOne(sums[r * PARTS + q % PARTS], width, a[aFrom + r * aStride + q], transposed);
            }
        }
    }

    private static void takeFour(int[] offsets, int column, int width, double[] b, int from, double[] four) {
        for (int k = 0; k < width; k++) {
            int p = from + offsets[column + k];
            four[k] = b[p];
            four[k + WIDTH] = b[p + PARTS];
            four[k + 2 * WIDTH] = b[p + 2 * PARTS];
            four[k + 3 * WIDTH] = b[p + 3 * PARTS];
        }
    }

    private static void addFour(double[] sum, int width, double[] a, int at, double[] b) {
        double a0 = a[at];
        double a1 = a[at + PARTS];
        double a2 = a[at + 2 * PARTS];
        double a3 = a[at + 3 * PARTS];
        for (int k = 0; k < width; k++) {
            double first = Math.fma(a1, b[k + WIDTH], Math.fma(a0, b[k], sum[k]));
            sum[k] = Math.fma(a3, b[k + 3 * WIDTH], Math.fma(a2, b[k + 2 * WIDTH], first));
        }
    }

    private static void addOne(double[] sum, int width, double a, double[] b) {
        for (int k = 0; k < width; k++) {
            sum[k] = Math.fma(a, b[k], sum[k]);
        }
    }

    private void addParts(int first, int width, double[] d, int to) {
        double[] s0 = sums[first];
        double[] s1 = sums[first + 1];
        double[] s2 = sums[first + 2];
        double[] s3 = sums[first + 3];
        double[] s4 = sums[first + 4];
        double[] s5 = sums[first + 5];
        double[] s6 = sums[first + 6];
        double[] s7 = sums[first + 7];
        for (int k = 0; k < width; k++) {
            d[to + k] += ((s0[k] + s1[k]) + (s2[k] + s3[k])) + ((s4[k] + s5[k]) + (s6[k] + s7[k]));
        }
    }
}
