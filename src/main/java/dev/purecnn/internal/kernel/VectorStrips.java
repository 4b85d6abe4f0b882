package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link VectorDepthwise}: a strip of a plane, one vector wide, row after row. Each row is read once, from where it is, for the three
 * rows of outputs that it takes part in; two of these are carried along. Lanes outside of the plane are set to 0.
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

    /**
     * Outputs of stride 1. Rows may come in descending order, and the taps of a row of the filter too.
     *
     * @param from the first cell of the first row that meets the first tap
     * @param rows those in the plane, with {@code before} and {@code after} rows of zeros around
     * @param x the strip's first column, of which the tables say what is outside
     * @param to the first output
     */
    static void strip(
            double[] cells,
            int from,
            int step,
            int tapStep,
            int rows,
            int before,
            int after,
            boolean[][] outside,
            int x,
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
        VectorMask<Double> m0 = VectorMask.fromArray(SPECIES, outside[0], ORIGIN + x);
        VectorMask<Double> m1 = VectorMask.fromArray(SPECIES, outside[1], ORIGIN + x);
        VectorMask<Double> m2 = VectorMask.fromArray(SPECIES, outside[2], ORIGIN + x);
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector first = DoubleVector.broadcast(SPECIES, start);
        double oneRow = overZeros(start, weights, w);
        DoubleVector middle = DoubleVector.broadcast(SPECIES, oneRow); // outputs that have met one row
        DoubleVector last = DoubleVector.broadcast(SPECIES, overZeros(oneRow, weights, w + 3)); // two rows
        int p = from;
        int row = before - 2;
        int q = to + row * toStep;
        for (int n = rows; n > 0; n--) {
            DoubleVector a = DoubleVector.fromArray(SPECIES, cells, p).blend(zero, m0);
            DoubleVector b = DoubleVector.fromArray(SPECIES, cells, p + tapStep).blend(zero, m1);
            DoubleVector c =
                    DoubleVector.fromArray(SPECIES, cells, p + 2 * tapStep).blend(zero, m2);
            if (row >= 0) {
                c.fma(w8, b.fma(w7, a.fma(w6, last))).intoArray(outputs, q);
            }
            last = c.fma(w5, b.fma(w4, a.fma(w3, middle)));
            middle = c.fma(w2, b.fma(w1, a.fma(w0, first)));
            p += step;
            q += toStep;
            row++;
        }
        if (after > 0 && row >= 0) {
            zero.fma(w8, zero.fma(w7, zero.fma(w6, last))).intoArray(outputs, q);
        }
        if (after > 1) {
            last = zero.fma(w5, zero.fma(w4, zero.fma(w3, middle)));
            zero.fma(w8, zero.fma(w7, zero.fma(w6, last))).intoArray(outputs, q + toStep);
        }
    }

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

    /** Outputs of stride 2, from columns that lie apart. */
    static void wideStrip(
            double[] cells,
            int from,
            int step,
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
        int odd = step / 2;
        int p = from;
        int q = to;
        DoubleVector a = DoubleVector.fromArray(SPECIES, cells, p);
        DoubleVector b = DoubleVector.fromArray(SPECIES, cells, p + odd);
        DoubleVector c = DoubleVector.fromArray(SPECIES, cells, p + 1);
        DoubleVector sum = c.fma(w2, b.fma(w1, a.fma(w0, first)));
        for (int n = rows; n > 0; n--) {
            p += step;
            a = DoubleVector.fromArray(SPECIES, cells, p);
            b = DoubleVector.fromArray(SPECIES, cells, p + odd);
            c = DoubleVector.fromArray(SPECIES, cells, p + 1);
            sum = c.fma(w5, b.fma(w4, a.fma(w3, sum)));
            p += step;
            a = DoubleVector.fromArray(SPECIES, cells, p);
            b = DoubleVector.fromArray(SPECIES, cells, p + odd);
            c = DoubleVector.fromArray(SPECIES, cells, p + 1);
            c.fma(w8, b.fma(w7, a.fma(w6, sum))).intoArray(outputs, q);
            sum = c.fma(w2, b.fma(w1, a.fma(w0, first)));
            q += toStep;
        }
    }

    /** Input gradients of stride 2: each row of loss gradients, spread to every second column, meets three rows of them. */
    static void spreadStrip(
            DepthwisePlane plane,
            double[] gradient,
            int end,
            int x,
            double[] weights,
            int w,
            double[] inputGradient,
            int to) {
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
        int p = end;
        int second = (x + plane.left - 1 >> 1) - (x + plane.left >> 1);
        int row = 2 * plane.outputHeight + 1 - plane.top;
        int q = to + row * step;
        if (row < plane.height) {
            DoubleVector.broadcast(SPECIES, overZeros(0.0, weights, w + 3)).intoArray(inputGradient, q);
        }
        DoubleVector sum = DoubleVector.broadcast(SPECIES, overZeros(0.0, weights, w));
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
            q -= step;
            row--;
            if (row < plane.height) {
                c.fma(w8, b.fma(w7, a.fma(w6, sum))).intoArray(inputGradient, q);
            }
            q -= step;
            row--;
            if (row < plane.height && row >= 0) {
                c.fma(w5, b.fma(w4, a.fma(w3, zero))).intoArray(inputGradient, q);
            }
            sum = c.fma(w2, b.fma(w1, a.fma(w0, zero)));
        }
        if (row > 0) {
            zero.fma(w8, zero.fma(w7, zero.fma(w6, sum))).intoArray(inputGradient, q - step);
        }
    }

    /** A chain over zeros, which are not nothing to a weight that is infinite. */
    private static double overZeros(double start, double[] weights, int w) {
        return Math.fma(weights[w + 2], 0.0, Math.fma(weights[w + 1], 0.0, Math.fma(weights[w], 0.0, start)));
    }

    /** Adds to the parts of a strip's sums. Of the gradient, the two rows before are carried along. */
    static void sumStrip(DepthwisePlane plane, double[] cells, int from, double[] gradient, int gFrom, int x) {
        VectorMask<Double> m0 = VectorMask.fromArray(SPECIES, plane.outside[0], ORIGIN + x);
        VectorMask<Double> m1 = VectorMask.fromArray(SPECIES, plane.outside[1], ORIGIN + x);
        VectorMask<Double> m2 = VectorMask.fromArray(SPECIES, plane.outside[2], ORIGIN + x);
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
        VectorMask<Double> none = VectorMask.fromArray(SPECIES, plane.outside[TAPS], ORIGIN + x);
        DoubleVector g2 = zero;
        DoubleVector g1 = zero;
        int width = plane.outputWidth;
        int q = gFrom;
        for (int n = Math.min(plane.top, plane.outputHeight); n > 0; n--) {
            g2 = g1;
            g1 = DoubleVector.fromArray(SPECIES, gradient, q).blend(zero, none);
            q += width;
        }
        DoubleVector s9 = g2.add(g1);
        int p = from;
        int rows = Math.max(0, plane.outputHeight - plane.top);
        for (int n = rows; n > 0; n--) {
            DoubleVector g0 = DoubleVector.fromArray(SPECIES, gradient, q).blend(zero, none);
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
            s9 = s9.add(g0);
            g2 = g1;
            g1 = g0;
            p += plane.width;
            q += width;
        }
        for (int n = plane.height - rows; n > 0; n--) { // below the last outputs
            DoubleVector a = DoubleVector.fromArray(SPECIES, cells, p).blend(zero, m0);
            DoubleVector b = DoubleVector.fromArray(SPECIES, cells, p + 1).blend(zero, m1);
            DoubleVector c = DoubleVector.fromArray(SPECIES, cells, p + 2).blend(zero, m2);
            s3 = a.fma(g1, s3);
            s4 = b.fma(g1, s4);
            s5 = c.fma(g1, s5);
            s6 = a.fma(g2, s6);
            s7 = b.fma(g2, s7);
            s8 = c.fma(g2, s8);
            g2 = g1;
            g1 = zero;
            p += plane.width;
        }
        double[] sums = plane.parts;
        int part = x % PARTS;
        s0.add(DoubleVector.fromArray(SPECIES, sums, part)).intoArray(sums, part);
        s1.add(DoubleVector.fromArray(SPECIES, sums, part + PARTS)).intoArray(sums, part + PARTS);
        s2.add(DoubleVector.fromArray(SPECIES, sums, part + 2 * PARTS)).intoArray(sums, part + 2 * PARTS);
        s3.add(DoubleVector.fromArray(SPECIES, sums, part + 3 * PARTS)).intoArray(sums, part + 3 * PARTS);
        s4.add(DoubleVector.fromArray(SPECIES, sums, part + 4 * PARTS)).intoArray(sums, part + 4 * PARTS);
        s5.add(DoubleVector.fromArray(SPECIES, sums, part + 5 * PARTS)).intoArray(sums, part + 5 * PARTS);
        s6.add(DoubleVector.fromArray(SPECIES, sums, part + 6 * PARTS)).intoArray(sums, part + 6 * PARTS);
        s7.add(DoubleVector.fromArray(SPECIES, sums, part + 7 * PARTS)).intoArray(sums, part + 7 * PARTS);
        s8.add(DoubleVector.fromArray(SPECIES, sums, part + 8 * PARTS)).intoArray(sums, part + 8 * PARTS);
        s9.add(DoubleVector.fromArray(SPECIES, sums, part + 9 * PARTS)).intoArray(sums, part + 9 * PARTS);
    }

    /** The same with stride 2, from columns that lie apart. */
    static void sumWideStrip(DepthwisePlane plane, double[] cells, double[] gradient, int gFrom, int x) {
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
        int p = x;
        int q = gFrom;
        DoubleVector a = DoubleVector.fromArray(SPECIES, cells, p);
        DoubleVector b = DoubleVector.fromArray(SPECIES, cells, p + odd);
        DoubleVector c = DoubleVector.fromArray(SPECIES, cells, p + 1);
        for (int n = plane.outputHeight; n > 0; n--) {
            DoubleVector g = DoubleVector.fromArray(SPECIES, gradient, q).blend(zero, none);
            s0 = a.fma(g, s0);
            s1 = b.fma(g, s1);
            s2 = c.fma(g, s2);
            p += 2 * odd;
            a = DoubleVector.fromArray(SPECIES, cells, p);
            b = DoubleVector.fromArray(SPECIES, cells, p + odd);
            c = DoubleVector.fromArray(SPECIES, cells, p + 1);
            s3 = a.fma(g, s3);
            s4 = b.fma(g, s4);
            s5 = c.fma(g, s5);
            p += 2 * odd;
            a = DoubleVector.fromArray(SPECIES, cells, p);
            b = DoubleVector.fromArray(SPECIES, cells, p + odd);
            c = DoubleVector.fromArray(SPECIES, cells, p + 1);
            s6 = a.fma(g, s6);
            s7 = b.fma(g, s7);
            s8 = c.fma(g, s8);
            s9 = s9.add(g);
            q += plane.outputWidth;
        }
        double[] sums = plane.parts;
        int part = x % PARTS;
        s0.add(DoubleVector.fromArray(SPECIES, sums, part)).intoArray(sums, part);
        s1.add(DoubleVector.fromArray(SPECIES, sums, part + PARTS)).intoArray(sums, part + PARTS);
        s2.add(DoubleVector.fromArray(SPECIES, sums, part + 2 * PARTS)).intoArray(sums, part + 2 * PARTS);
        s3.add(DoubleVector.fromArray(SPECIES, sums, part + 3 * PARTS)).intoArray(sums, part + 3 * PARTS);
        s4.add(DoubleVector.fromArray(SPECIES, sums, part + 4 * PARTS)).intoArray(sums, part + 4 * PARTS);
        s5.add(DoubleVector.fromArray(SPECIES, sums, part + 5 * PARTS)).intoArray(sums, part + 5 * PARTS);
        s6.add(DoubleVector.fromArray(SPECIES, sums, part + 6 * PARTS)).intoArray(sums, part + 6 * PARTS);
        s7.add(DoubleVector.fromArray(SPECIES, sums, part + 7 * PARTS)).intoArray(sums, part + 7 * PARTS);
        s8.add(DoubleVector.fromArray(SPECIES, sums, part + 8 * PARTS)).intoArray(sums, part + 8 * PARTS);
        s9.add(DoubleVector.fromArray(SPECIES, sums, part + 9 * PARTS)).intoArray(sums, part + 9 * PARTS);
    }
}
