package dev.purecnn.internal.kernel;

import java.util.Arrays;

/**
 * {@link Kernels#dot} with vectors. Every sum is kept in eight parts on every width: one vector of eight lanes, two of four
 * or four of two.
 *
 * <p>A tile of D keeps its sums in registers while q runs, then puts the parts down, eight by eight, to be added in the
 * order that the kernel's definition gives.
 */
abstract class VectorDot {
    private static final int PARTS = 8;
    private static final int LARGEST_TILE = 20;
    private static final int SQUARED = 512; // stay in the first-level cache while each part passes

    private final ThreadLocal<double[]> room = ThreadLocal.withInitial(() -> new double[LARGEST_TILE * PARTS]);

    /** The rows of the next tile when {@code left} rows of D are left. */
    abstract int tileRows(int left);

    /** The columns of the next tile of that height when {@code left} columns of D are left. */
    abstract int tileColumns(int height, int left);

    /**
     * Sums up a tile over the first {@code columns} columns; the parts of each sum go to {@code parts}, row by row. (The tiles
     * themselves call the offsets {@code rows}, the columns {@code n} and the parts {@code sums}.)
     *
     * @param columns a multiple of eight: with a bound of this form HotSpot recognises a counted loop, and tests the arrays'
     *     ends before it instead of at each load
     */
    abstract void tile(
            int rows,
            int count,
            double[] a,
            int aAt,
            int aStride,
            double[] b,
            int bFrom,
            int[] offsets,
            int k,
            int columns,
            double[] parts);

    final void dot(
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
        double[] parts = room.get();
        int whole = columns / PARTS * PARTS;
        for (int m = 0, height; m < rows; m += height) {
            height = tileRows(rows - m);
            int aAt = aFrom + m * aStride;
            for (int k = 0, count; k < offsets.length; k += count) {
                count = tileColumns(height, offsets.length - k);
                tile(height, count, a, aAt, aStride, b, bFrom, offsets, k, whole, parts);
                for (int i = 0; i < height; i++) {
                    for (int j = 0; j < count; j++) {
                        int part = (i * count + j) * PARTS;
                        addLastTerms(columns, a, aAt + i * aStride, b, bFrom + offsets[k + j], parts, part);
                        d[dFrom + (m + i) * offsets.length + k + j] += Kernels.sum(parts, part, 1);
                    }
                }
            }
        }
    }

    /** As {@link Kernels#moveIntoAndSquare}: the two in one pass, for memory is slower than the squares. */
    final void moveIntoAndSquare(double[] sum, double[] addend, int from, int to, double[] squares, int number) {
        double[] parts = room.get();
        Arrays.fill(parts, 0, PARTS, 0.0);
        int end = from + (to - from) / PARTS * PARTS;
        for (int block = from; block < end; block += SQUARED) {
            int length = Math.min(SQUARED, end - block);
            for (int part = 0; part < PARTS; part += VectorSquares.LANES) {
                VectorSquares.moveIntoAndSquare(sum, addend, block + part, length, parts, part);
            }
        }
        for (int i = end; i < to; i++) {
            sum[i] += addend[i];
            addend[i] = 0.0;
        }
        addLastTerms(to - from, sum, from, sum, from, parts, 0);
        squares[number] += Kernels.sum(parts, 0, 1);
    }

    private static void addLastTerms(int columns, double[] a, int aAt, double[] b, int bAt, double[] parts, int part) {
        int whole = columns / PARTS * PARTS;
        for (int q = whole; q < columns; q++) {
            parts[part + q - whole] = Math.fma(a[aAt + q], b[bAt + q], parts[part + q - whole]);
        }
    }
}
