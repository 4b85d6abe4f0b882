package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link VectorDepthwise}: a strip of a plane, one vector wide, row after row. Planes are read where they
 * are; lanes outside of them are set to 0.
 *
 * <p>These methods keep strictly to what this package says about vector kernels. A vector that is carried round a loop is never a receiver
 * since its class is not known while the loop is parsed.
 */
final class VectorStrips {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int ORIGIN = DepthwisePlane.ORIGIN;
    private static final int TAPS = DepthwisePlane.TAPS;
    private static final int PARTS = DepthwiseKernels.PARTS;
    private static final int LANES = SPECIES.length();
    private static final VectorShuffle<Double> EVENS = VectorShuffle.fromOp(SPECIES, i -> 2 * i % LANES);
    private static final VectorShuffle<Double> ODDS = VectorShuffle.fromOp(SPECIES, i -> (2 * i + 1) % LANES);
    private static final VectorMask<Double> UPPER_HALF = VectorMask.fromLong(SPECIES, -1L << LANES / 2);
    /** To every second lane, be it an even or an odd one. */
    private static final VectorShuffle<Double> SPREAD = VectorShuffle.fromOp(SPECIES, i -> (i + 1) / 2);

    private VectorStrips() {}

    /** Puts even and odd columns apart, of two vectors per row. */
    static void split(
            double[] cells, int from, int step, int rows, double[] target, int evensTo, int oddsTo, int toStep) {
        int p = from;
        int q = evensTo;
        int r = oddsTo;
        for (int n = rows; n > 0; n--) {
            DoubleVector left = DoubleVector.fromArray(SPECIES, cells, p);
            DoubleVector right = DoubleVector.fromArray(SPECIES, cells, p + LANES);
            left.rearrange(EVENS).blend(right.rearrange(EVENS), UPPER_HALF).intoArray(target, q);
            left.rearrange(ODDS).blend(right.rearrange(ODDS), UPPER_HALF).intoArray(target, r);
            p += step;
            q += toStep;
            r += toStep;
        }
    }

    /** Zeros after the last columns. */
    static void clear(double[] target, int evensTo, int oddsTo, int toStep, int rows) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        int q = evensTo;
        int r = oddsTo;
        for (int n = rows; n > 0; n--) {
            zero.intoArray(target, q);
            zero.intoArray(target, r);
            q += toStep;
            r += toStep;
        }
    }

    /**
     * Outputs of stride 1. Each row is read once, for the three rows of outputs that it takes part in: two of them are carried along. Rows may
     * come in descending order, and the taps of a row of the filter too.
     *
     * @param from the first cell of the first row that meets the first tap
     * @param before rows of zeros before those in the plane
     * @param x the strip's first column, of which the tables say what is outside
     * @param to the first output
     * @param end for the outputs below, which meet two rows and then zeros
     * @param unfinished for those below them, after one row
     */
    static void strip(
            double[] cells,
            int from,
            int step,
            int tapStep,
            int rows,
            int before,
            boolean[][] outside,
            int x,
            double[] weights,
            int w,
            double start,
            double[] outputs,
            int to,
            int toStep,
            double[] end,
            int endTo,
            double[] unfinished) {
        DoubleVector w0 = DoubleVector.broadcast(SPECIES, weights[w]);
        DoubleVector w1 = DoubleVector.broadcast(SPECIES, weights[w + 1]);
        DoubleVector w2 = DoubleVector.broadcast(SPECIES, weights[w + 2]);
        DoubleVector w3 = DoubleVector.broadcast(SPECIES, weights[w + 3]);
        DoubleVector w4 = DoubleVector.broadcast(SPECIES, weights[w + 4]);
        DoubleVector w5 = DoubleVector.broadcast(SPECIES, weights[w + 5]);
        DoubleVector w6 = DoubleVector.broadcast(SPECIES, weights[w + 6]);
        DoubleVector w7 = DoubleVector.broadcast(SPECIES, weights[w + 7]);
        DoubleVector w8 = DoubleVector.broadcast(SPECIES, weights[w + 8]);
        VectorMask<Double> m0 = VectorMask.fromArray(SPECIES, outside[0], ORIGIN + x);
        VectorMask<Double> m1 = VectorMask.fromArray(SPECIES, outside[1], ORIGIN + x);
        VectorMask<Double> m2 = VectorMask.fromArray(SPECIES, outside[2], ORIGIN + x);
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector first = DoubleVector.broadcast(SPECIES, start);
        double oneRow = overZeros(start, weights, w);
        DoubleVector middle = DoubleVector.broadcast(SPECIES, oneRow); // outputs that have met one row
        DoubleVector last = DoubleVector.broadcast(SPECIES, overZeros(oneRow, weights, w + 3)); // two rows
        int p = from;
        int q = to;
        int row = before - 2;
        for (int n = rows; n > 0; n--) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, cells, p).blend(zero, m0);
            DoubleVector b = DoubleVector.fromArray(SPECIES, cells, p + tapStep).blend(zero, m1);
            DoubleVector c =
                    DoubleVector.fromArray(SPECIES, cells, p + 2 * tapStep).blend(zero, m2);
            c.fma(w8, b.fma(w7, a.fma(w6, last))).intoArray(outputs, q);
            last = c.fma(w5, b.fma(w4, a.fma(w3, middle)));
            middle = c.fma(w2, b.fma(w1, a.fma(w0, first)));
            p += step;
            q += toStep & ~(row >> 31); // until the first output is complete, others stand in its place
            row++;
        }
        DoubleVector below = DoubleVector.zero(SPECIES);
        DoubleVector v6 = DoubleVector.broadcast(SPECIES, weights[w + 6]);
        DoubleVector v7 = DoubleVector.broadcast(SPECIES, weights[w + 7]);
        DoubleVector v8 = DoubleVector.broadcast(SPECIES, weights[w + 8]);
        below.fma(v8, below.fma(v7, below.fma(v6, last))).intoArray(end, endTo);
        middle.intoArray(unfinished, 0);
    }

    /** A chain over zeros, which are not nothing to a weight that is infinite. */
    private static double overZeros(double start, double[] weights, int w) {
        return Math.fma(weights[w + 2], 0.0, Math.fma(weights[w + 1], 0.0, Math.fma(weights[w], 0.0, start)));
    }

    /** The same for the chains of a strip. */
    static void overZeros(double[] chains, double[] weights, int w, double[] target, int to) {
        DoubleVector w0 = DoubleVector.broadcast(SPECIES, weights[w]);
        DoubleVector w1 = DoubleVector.broadcast(SPECIES, weights[w + 1]);
        DoubleVector w2 = DoubleVector.broadcast(SPECIES, weights[w + 2]);
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector chain = DoubleVector.fromArray(SPECIES, chains, 0);
        zero.fma(w2, zero.fma(w1, zero.fma(w0, chain))).intoArray(target, to);
    }

    /**
     * Outputs of stride 2, from columns that lie apart.
     *
     * @param odd from even columns to odd ones, and from these to the next row
     */
    static void wideStrip(
            double[] cells,
            int from,
            int odd,
            int rows,
            double[] weights,
            int w,
            double start,
            double[] outputs,
            int to,
            int toStep) {
        DoubleVector w0 = DoubleVector.broadcast(SPECIES, weights[w]);
        DoubleVector w1 = DoubleVector.broadcast(SPECIES, weights[w + 1]);
        DoubleVector w2 = DoubleVector.broadcast(SPECIES, weights[w + 2]);
        DoubleVector w3 = DoubleVector.broadcast(SPECIES, weights[w + 3]);
        DoubleVector w4 = DoubleVector.broadcast(SPECIES, weights[w + 4]);
        DoubleVector w5 = DoubleVector.broadcast(SPECIES, weights[w + 5]);
        DoubleVector w6 = DoubleVector.broadcast(SPECIES, weights[w + 6]);
        DoubleVector w7 = DoubleVector.broadcast(SPECIES, weights[w + 7]);
        DoubleVector w8 = DoubleVector.broadcast(SPECIES, weights[w + 8]);
        DoubleVector first = DoubleVector.broadcast(SPECIES, start);
        int p = from;
        int q = to;
        for (int n = rows; n > 0; n--) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, cells, p);
            DoubleVector b = DoubleVector.fromArray(SPECIES, cells, p + odd);
            DoubleVector c = DoubleVector.fromArray(SPECIES, cells, p + 1);
            DoubleVector d = DoubleVector.fromArray(SPECIES, cells, p + 2 * odd);
            DoubleVector e = DoubleVector.fromArray(SPECIES, cells, p + 3 * odd);
            DoubleVector f = DoubleVector.fromArray(SPECIES, cells, p + 2 * odd + 1);
            DoubleVector g = DoubleVector.fromArray(SPECIES, cells, p + 4 * odd);
            DoubleVector h = DoubleVector.fromArray(SPECIES, cells, p + 5 * odd);
            DoubleVector i = DoubleVector.fromArray(SPECIES, cells, p + 4 * odd + 1);
            DoubleVector sum = c.fma(w2, b.fma(w1, a.fma(w0, first)));
            sum = f.fma(w5, e.fma(w4, d.fma(w3, sum)));
            i.fma(w8, h.fma(w7, g.fma(w6, sum))).intoArray(outputs, q);
            p += 4 * odd;
            q += toStep;
        }
    }

    /**
     * Input gradients of stride 2, with at most one row of zeros above: each row of loss gradients, spread to every second column, meets three
     * rows of them.
     *
     * @param from where the loss gradients end: rows come in descending order
     * @param end for the row that only meets zeros above the first row of loss gradients, and that one
     */
    static void spreadStrip(
            DepthwisePlane plane,
            double[] gradient,
            int from,
            int x,
            double[] weights,
            int w,
            double[] inputGradient,
            int to,
            double[] end,
            int endTo) {
        DoubleVector w0 = DoubleVector.broadcast(SPECIES, weights[w]);
        DoubleVector w1 = DoubleVector.broadcast(SPECIES, weights[w + 1]);
        DoubleVector w2 = DoubleVector.broadcast(SPECIES, weights[w + 2]);
        DoubleVector w3 = DoubleVector.broadcast(SPECIES, weights[w + 3]);
        DoubleVector w4 = DoubleVector.broadcast(SPECIES, weights[w + 4]);
        DoubleVector w5 = DoubleVector.broadcast(SPECIES, weights[w + 5]);
        DoubleVector w6 = DoubleVector.broadcast(SPECIES, weights[w + 6]);
        DoubleVector w7 = DoubleVector.broadcast(SPECIES, weights[w + 7]);
        DoubleVector w8 = DoubleVector.broadcast(SPECIES, weights[w + 8]);
        VectorMask<Double> m0 = VectorMask.fromArray(SPECIES, plane.unmet[0], ORIGIN + x);
        VectorMask<Double> m1 = VectorMask.fromArray(SPECIES, plane.unmet[1], ORIGIN + x);
        VectorMask<Double> m2 = VectorMask.fromArray(SPECIES, plane.unmet[2], ORIGIN + x);
        DoubleVector zero = DoubleVector.zero(SPECIES);
        int step = plane.width;
        int p = from;
        int second = (x + plane.left - 1 >> 1) - (x + plane.left >> 1);
        int row = 2 * plane.outputHeight - plane.top;
        int height = plane.height;
        if (row + 1 < height) {
            DoubleVector.broadcast(SPECIES, overZeros(0.0, weights, w + 3))
                    .intoArray(inputGradient, to + (row + 1) * step);
        }
        DoubleVector sum = DoubleVector.broadcast(SPECIES, overZeros(0.0, weights, w));
        int q = to + Math.min(row, height - 1) * step;
        for (int n = plane.outputHeight; n > 0; n--) {
            p -= plane.outputWidth;
            int at = p + (x + plane.left >> 1);
            DoubleVector a = DoubleVector.fromArray(SPECIES, gradient, at)
                    .rearrange(SPREAD)
                    .blend(zero, m0);
            DoubleVector b = DoubleVector.fromArray(SPECIES, gradient, at + second)
                    .rearrange(SPREAD)
                    .blend(zero, m1);
            DoubleVector c = DoubleVector.fromArray(SPECIES, gradient, at - 1)
                    .rearrange(SPREAD)
                    .blend(zero, m2);
            c.fma(w8, b.fma(w7, a.fma(w6, sum))).intoArray(inputGradient, q);
            q -= step & row - height >> 31; // a row below the plane stands in place of the last one until that comes
            row--;
            c.fma(w5, b.fma(w4, a.fma(w3, zero))).intoArray(inputGradient, q);
            q -= step & row - height >> 31;
            row--;
            sum = c.fma(w2, b.fma(w1, a.fma(w0, zero)));
        }
        DoubleVector above = DoubleVector.zero(SPECIES);
        DoubleVector v6 = DoubleVector.broadcast(SPECIES, weights[w + 6]);
        DoubleVector v7 = DoubleVector.broadcast(SPECIES, weights[w + 7]);
        DoubleVector v8 = DoubleVector.broadcast(SPECIES, weights[w + 8]);
        above.fma(v8, above.fma(v7, above.fma(v6, sum))).intoArray(end, endTo);
    }

    /**
     * The sums of a strip's columns, with stride 1, to every eighth place. Of the gradient, the two rows before are carried along; below its
     * last row, a mask makes zeros of that row.
     *
     * @param before the two rows before the first, or zeros: the nearer one first
     */
    static void sumStrip(
            DepthwisePlane plane,
            double[] cells,
            int from,
            double[] gradient,
            int gFrom,
            double[][] before,
            int[] beforeFrom,
            int x,
            double[] sums,
            int to) {
        boolean[] outside = plane.outside[TAPS];
        VectorMask<Double> m0 = VectorMask.fromArray(SPECIES, plane.outside[0], ORIGIN + x);
        VectorMask<Double> m1 = VectorMask.fromArray(SPECIES, plane.outside[1], ORIGIN + x);
        VectorMask<Double> m2 = VectorMask.fromArray(SPECIES, plane.outside[2], ORIGIN + x);
        VectorMask<Double> none = VectorMask.fromArray(SPECIES, outside, ORIGIN + x);
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s0 = zero;
        DoubleVector s1 = zero;
        DoubleVector s2 = zero;
        DoubleVector s3 = zero;
        DoubleVector s4 = zero;
        DoubleVector s5 = zero;
        DoubleVector s6 = zero;
        DoubleVector s7 = zero;
        DoubleVector s8 = zero;
        DoubleVector g1 =
                DoubleVector.fromArray(SPECIES, before[0], beforeFrom[0]).blend(zero, none);
        DoubleVector g2 =
                DoubleVector.fromArray(SPECIES, before[1], beforeFrom[1]).blend(zero, none);
        DoubleVector s9 = g2.add(g1);
        int p = from;
        int left = plane.outputHeight - plane.top;
        int q = gFrom + Math.min(plane.top, plane.outputHeight - 1) * plane.outputWidth;
        for (int n = plane.height; n > 0; n--) {
            VectorMask<Double> m = VectorMask.fromArray(SPECIES, outside, ORIGIN + x & -left >> 31);
            DoubleVector g0 = DoubleVector.fromArray(SPECIES, gradient, q).blend(zero, m);
            DoubleVector a = DoubleVector.fromArray(SPECIES, cells, p).blend(zero, m0);
            DoubleVector b = DoubleVector.fromArray(SPECIES, cells, p + 1).blend(zero, m1);
            DoubleVector c = DoubleVector.fromArray(SPECIES, cells, p + 2).blend(zero, m2);
            s0 = a.fma(g0, s0);
            s1 = b.fma(g0, s1);
            s2 = c.fma(g0, s2);
            s3 = a.fma(g1, s3);
            s4 = b.fma(g1, s4);
            s5 = c.fma(g1, s5);
            s6 = a.fma(g2, s6);
            s7 = b.fma(g2, s7);
            s8 = c.fma(g2, s8);
            s9 = g0.add(s9);
            g2 = g1;
            g1 = g0;
            p += plane.width;
            left--;
            q += plane.outputWidth & -left >> 31;
        }
        s0.intoArray(sums, to);
        s1.intoArray(sums, to + PARTS);
        s2.intoArray(sums, to + 2 * PARTS);
        s3.intoArray(sums, to + 3 * PARTS);
        s4.intoArray(sums, to + 4 * PARTS);
        s5.intoArray(sums, to + 5 * PARTS);
        s6.intoArray(sums, to + 6 * PARTS);
        s7.intoArray(sums, to + 7 * PARTS);
        s8.intoArray(sums, to + 8 * PARTS);
        s9.intoArray(sums, to + 9 * PARTS);
    }

    /** The same with stride 2, from columns that lie apart. */
    static void sumWideStrip(
            DepthwisePlane plane,
            double[] cells,
            int from,
            double[] gradient,
            int gFrom,
            int x,
            double[] sums,
            int to) {
        VectorMask<Double> none = VectorMask.fromArray(SPECIES, plane.outside[TAPS], ORIGIN + x);
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s0 = zero;
        DoubleVector s1 = zero;
        DoubleVector s2 = zero;
        DoubleVector s3 = zero;
        DoubleVector s4 = zero;
        DoubleVector s5 = zero;
        DoubleVector s6 = zero;
        DoubleVector s7 = zero;
        DoubleVector s8 = zero;
        DoubleVector s9 = zero;
        int odd = plane.splitWidth();
        int p = from;
        int q = gFrom;
        for (int n = plane.outputHeight; n > 0; n--) {
            DoubleVector g = DoubleVector.fromArray(SPECIES, gradient, q).blend(zero, none);
            s0 = DoubleVector.fromArray(SPECIES, cells, p).fma(g, s0);
            s1 = DoubleVector.fromArray(SPECIES, cells, p + odd).fma(g, s1);
            s2 = DoubleVector.fromArray(SPECIES, cells, p + 1).fma(g, s2);
            s3 = DoubleVector.fromArray(SPECIES, cells, p + 2 * odd).fma(g, s3);
            s4 = DoubleVector.fromArray(SPECIES, cells, p + 3 * odd).fma(g, s4);
            s5 = DoubleVector.fromArray(SPECIES, cells, p + 2 * odd + 1).fma(g, s5);
            s6 = DoubleVector.fromArray(SPECIES, cells, p + 4 * odd).fma(g, s6);
            s7 = DoubleVector.fromArray(SPECIES, cells, p + 5 * odd).fma(g, s7);
            s8 = DoubleVector.fromArray(SPECIES, cells, p + 4 * odd + 1).fma(g, s8);
            s9 = g.add(s9);
            p += 4 * odd;
            q += plane.outputWidth;
        }
        s0.intoArray(sums, to);
        s1.intoArray(sums, to + PARTS);
        s2.intoArray(sums, to + 2 * PARTS);
        s3.intoArray(sums, to + 3 * PARTS);
        s4.intoArray(sums, to + 4 * PARTS);
        s5.intoArray(sums, to + 5 * PARTS);
        s6.intoArray(sums, to + 6 * PARTS);
        s7.intoArray(sums, to + 7 * PARTS);
        s8.intoArray(sums, to + 8 * PARTS);
        s9.intoArray(sums, to + 9 * PARTS);
    }

    static void add(double[] columns, double[] sums) {
        for (int i = 0; i < sums.length; i += LANES) {
            DoubleVector.fromArray(SPECIES, columns, i)
                    .add(DoubleVector.fromArray(SPECIES, sums, i))
                    .intoArray(sums, i);
        }
    }
}
