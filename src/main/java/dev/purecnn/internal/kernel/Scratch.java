package dev.purecnn.internal.kernel;

/** What lies between two passes, and rows that plain kernels add up in; made when they are first used. */
public final class Scratch {
    private double[] half = {};
    private int halfFrom;
    private double[][] sums = {};
    private double[][] terms = {};

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

    /** At least that many rows of 32. */
    double[][] sums(int rows) {
        if (sums.length < rows) {
            sums = new double[rows][WinogradKernels.ROW];
        }
        return sums;
    }

    /** Four rows of 32. */
    double[][] terms() {
        if (terms.length == 0) {
            terms = new double[4][WinogradKernels.ROW];
        }
        return terms;
    }

    /** Over separate arrays with one common index, HotSpot vectorises the loop. The factors are {@code step} apart. */
    static void addFour(
            double[] sum, int width, double[] a, int at, int step, double[] b0, double[] b1, double[] b2, double[] b3) {
        double a0 = a[at];
        double a1 = a[at + step];
        double a2 = a[at + 2 * step];
        double a3 = a[at + 3 * step];
        for (int w = 0; w < width; w++) {
            sum[w] = Math.fma(a3, b3[w], Math.fma(a2, b2[w], Math.fma(a1, b1[w], Math.fma(a0, b0[w], sum[w]))));
        }
    }

    static void addOne(double[] sum, int width, double a, double[] b) {
        for (int w = 0; w < width; w++) {
            sum[w] = Math.fma(a, b[w], sum[w]);
        }
    }
}
