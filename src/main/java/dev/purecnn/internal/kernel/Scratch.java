package dev.purecnn.internal.kernel;

/**
 * What lies between two passes, and rows that plain kernels add up in; made when they are first used. HotSpot vectorises a loop over arrays
 * with one common index and constant distances: on JDK 17 only if it has at most six {@code Math.fma}, and three sums of two terms each
 * take the fewest loads.
 */
public final class Scratch {
    /** From one row to the next. */
    static final int ROW = 64;
    /** Rows that are added up at once. */
    static final int SUMS = 3;

    /** Two rows of factors. */
    final double[] pair = new double[2 * ROW];

    private double[] half = {};
    private int halfFrom;
    private double[][] sums = {};

    /** From now on, numbers between two passes lie there. */
    public void use(double[] room, int from) {
        half = room;
        halfFrom = from;
    }

    /** Where they begin. */
    int halfFrom() {
        return halfFrom;
    }

    /** At least that many numbers. */
    double[] half(int length) {
        if (half.length < halfFrom + length) {
            half = new double[length];
            halfFrom = 0;
        }
        return half;
    }

    /** Room for sums in at least that many rows, three to an array. */
    double[][] sums(int rows) {
        int length = (rows + SUMS - 1) / SUMS;
        if (sums.length < length) {
            sums = new double[length][SUMS * ROW];
        }
        return sums;
    }

    /**
     * Adds to the first sums their factors times the two rows of {@link #pair}.
     *
     * @param at of the first sum's first factor, row from one sum's to the next one's, term from one term's to the next one's
     */
    void addPair(double[] a, int at, int row, int term, int rows, int width) {
        for (int r = 0; r < rows; r += SUMS) {
            int i = at + r * row;
            int next = r + 1 < rows ? i + row : i; // with fewer than three rows, the last sums are of no use
            addTwo(sums[r / SUMS], width, a, i, next, r + 2 < rows ? next + row : i, term, pair);
        }
    }

    /** The same for the first row of the pair. */
    void addOne(double[] a, int at, int row, int rows, int width) {
        for (int r = 0; r < rows; r += SUMS) {
            int i = at + r * row;
            int next = r + 1 < rows ? i + row : i;
            addOne(sums[r / SUMS], width, a[i], a[next], a[r + 2 < rows ? next + row : i], pair);
        }
    }

    private static void addTwo(double[] sums, int width, double[] a, int at, int at1, int at2, int step, double[] b) {
        double a0 = a[at];
        double a1 = a[at1];
        double a2 = a[at2];
        double next0 = a[at + step];
        double next1 = a[at1 + step];
        double next2 = a[at2 + step];
        for (int w = 0; w < width; w++) {
            double s0 = sums[w];
            double s1 = sums[w + ROW];
            double s2 = sums[w + 2 * ROW];
            double b0 = b[w];
            double b1 = b[w + ROW];
            sums[w] = Math.fma(next0, b1, Math.fma(a0, b0, s0));
            sums[w + ROW] = Math.fma(next1, b1, Math.fma(a1, b0, s1));
            sums[w + 2 * ROW] = Math.fma(next2, b1, Math.fma(a2, b0, s2));
        }
    }

    private static void addOne(double[] sums, int width, double a0, double a1, double a2, double[] b) {
        for (int w = 0; w < width; w++) {
            double s0 = sums[w];
            double s1 = sums[w + ROW];
            double s2 = sums[w + 2 * ROW];
            sums[w] = Math.fma(a0, b[w], s0);
            sums[w + ROW] = Math.fma(a1, b[w], s1);
            sums[w + 2 * ROW] = Math.fma(a2, b[w], s2);
        }
    }
}
