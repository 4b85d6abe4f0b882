package dev.purecnn.internal.kernel;

/** Products of matrices whose rows are 32 apart, as {@link WinogradKernels} lay numbers of tiles out. This is the definition. */
public class TileProducts {
    private static final int ROW = WinogradKernels.ROW;
    private static final int SUMS = Scratch.SUMS;
    static final double[] ZEROS = new double[ROW];

    /**
     * {@code C[r][w] = sum over n of A[r][n] * B[n][w]}, each a chain of {@code Math.fma} over ascending n.
     *
     * @param from of A, bFrom of B, cFrom of C: where they begin
     * @param width of C, a multiple of 8 and at most 32
     */
    public void multiply(
            double[] a,
            int from,
            double[] b,
            int bFrom,
            int terms,
            double[] c,
            int cFrom,
            int rows,
            int width,
            Scratch scratch) {
        multiply(a, from, ROW, 1, b, bFrom, terms, ZEROS, 0, 0, c, cFrom, rows, width, scratch);
    }

    /** The same, added to C: chains go on. */
    public void multiplyAdd(
            double[] a,
            int from,
            double[] b,
            int bFrom,
            int terms,
            double[] c,
            int cFrom,
            int rows,
            int width,
            Scratch scratch) {
        multiply(a, from, ROW, 1, b, bFrom, terms, c, cFrom, ROW, c, cFrom, rows, width, scratch);
    }

    /** {@code C[r][w] += sum over n of A[n][r] * B[n][w]}, each a chain as in {@link #multiply}; the rows are a multiple of 8. */
    public void multiplyTransposed(
            double[] a,
            int from,
            double[] b,
            int bFrom,
            int terms,
            double[] c,
            int cFrom,
            int rows,
            int width,
            Scratch scratch) {
        multiply(a, from, 1, ROW, b, bFrom, terms, c, cFrom, ROW, c, cFrom, rows, width, scratch);
    }

    /** Three rows at a time, see {@link Scratch}. */
    private static void multiply(
            double[] a,
            int from,
            int row,
            int term,
            double[] b,
            int bFrom,
            int terms,
            double[] start,
            int startFrom,
            int startRow,
            double[] c,
            int cFrom,
            int rows,
            int width,
            Scratch scratch) {
        double[][] sums = scratch.sums(rows);
        for (int r = 0; r < rows; r++) {
            System.arraycopy(start, startFrom + r * startRow, sums[r / SUMS], r % SUMS * Scratch.ROW, width);
        }
        int n = 0;
        for (; n + 2 <= terms; n += 2) {
            System.arraycopy(b, bFrom + n * ROW, scratch.pair, 0, width);
            System.arraycopy(b, bFrom + n * ROW + ROW, scratch.pair, Scratch.ROW, width);
            scratch.addPair(a, from + n * term, row, term, rows, width);
        }
        if (n < terms) {
            System.arraycopy(b, bFrom + n * ROW, scratch.pair, 0, width);
            scratch.addOne(a, from + n * term, row, rows, width);
        }
        for (int r = 0; r < rows; r++) {
            System.arraycopy(sums[r / SUMS], r % SUMS * Scratch.ROW, c, cFrom + r * ROW, width);
        }
    }
}
