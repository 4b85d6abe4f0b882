package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link DepthwiseKernels} with vectors: the same bits, sooner. Planes are cut into {@link VectorStrips strips}, as wide as a vector. With
 * stride 2, an image is laid out with its even and its odd columns apart first, and zeros around.
 *
 * <p>In a plane that is narrower than a vector, a row's vector writes into the row after it, which is written later. Where rows come in
 * descending order, strips begin at the right, and write into the row before.
 */
final class VectorDepthwise extends DepthwiseKernels {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Stride 2 takes lanes apart, and NEON cannot permute its two. */
    private static boolean isLeftToPlain(DepthwisePlane plane) {
        return plane.stride > 1 && LANES == 2;
    }

    @Override
    public void outputs(
            DepthwisePlane plane,
            double[] cells,
            int from,
            double[] weights,
            int w,
            double start,
            double[] outputs,
            int to) {
        if (isLeftToPlain(plane)) {
            super.outputs(plane, cells, from, weights, w, start, outputs, to);
            return;
        }
        double[] image = plane.stride == 1 ? cells : split(plane, cells, from);
        int width = plane.outputWidth;
        int last = Math.max(0, width - LANES);
        int bottom = plane.outputHeight - plane.height - plane.top + TAPS - 1;
        for (int col = 0; col < width; col += LANES) {
            int x = Math.min(col, last);
            int p = from + x - plane.left;
            int q = to + x;
            if (plane.stride == 1) {
                int step = plane.width;
                strip(
                        plane,
                        cells,
                        p,
                        step,
                        1,
                        plane.height,
                        plane.top,
                        bottom,
                        plane.outside,
                        x,
                        weights,
                        w,
                        start,
                        outputs,
                        q,
                        width);
            } else {
                int rows = plane.outputHeight;
                VectorStrips.wideStrip(image, x, plane.splitWidth(), rows, weights, w, start, outputs, q, width);
            }
        }
    }

    /** A strip with {@code after} rows of zeros after those in the plane. */
    private static void strip(
            DepthwisePlane plane,
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
        int row = before - 2 + rows;
        boolean meets = after > 0 && row >= 0;
        double[] end = meets ? outputs : plane.unused;
        int endTo = meets ? to + row * toStep : 0;
        double[] unfinished = plane.unfinished;
        VectorStrips.strip(
                cells,
                from,
                step,
                tapStep,
                rows,
                before,
                outside,
                x,
                weights,
                w,
                start,
                outputs,
                to,
                toStep,
                end,
                endTo,
                unfinished);
        if (after > 1) {
            VectorStrips.overZeros(unfinished, weights, w + TAPS, unfinished, 0);
            VectorStrips.overZeros(unfinished, weights, w + 2 * TAPS, outputs, to + (row + 1) * toStep);
        }
    }

    @Override
    public void inputGradient(
            DepthwisePlane plane,
            double[] lossGradient,
            int from,
            double[] weights,
            int w,
            double[] inputGradient,
            int to) {
        if (isLeftToPlain(plane) || plane.stride > 1 && plane.top > 1) { // the last row written must be in the plane
            super.inputGradient(plane, lossGradient, from, weights, w, inputGradient, to);
            return;
        }
        int bottom = plane.outputHeight - plane.height - plane.top + TAPS - 1;
        int width = plane.width;
        int step = plane.outputWidth;
        int rows = plane.outputHeight;
        int end = from + rows * step;
        for (int right = width; right > 0; right -= LANES) {
            int x = width > LANES ? Math.max(0, right - LANES) : right - LANES;
            if (plane.stride == 1) {
                int p = end - step + x + plane.left;
                int q = to + (plane.height - 1) * width + x;
                int before = TAPS - 1 - bottom;
                int after = TAPS - 1 - plane.top;
                strip(
                        plane,
                        lossGradient,
                        p,
                        -step,
                        -1,
                        rows,
                        before,
                        after,
                        plane.unmet,
                        x,
                        weights,
                        w,
                        0.0,
                        inputGradient,
                        q,
                        -width);
            } else {
                boolean meets = plane.top == 0;
                double[] first = meets ? inputGradient : plane.unused;
                int firstTo = meets ? to + x : 0;
                VectorStrips.spreadStrip(
                        plane, lossGradient, end, x, weights, w, inputGradient, to + x, first, firstTo);
            }
        }
    }

    /** Lays an image out with zeros around, each row as its even columns and then its odd ones. */
    private static double[] split(DepthwisePlane plane, double[] cells, int from) {
        double[] target = plane.split();
        int odd = plane.splitWidth();
        int start = plane.top * 2 * odd;
        int evensTo =
                start + (plane.left % 2 == 0 ? plane.left / 2 : odd + plane.left / 2); // of the image's even columns
        int oddsTo = start + (plane.left % 2 == 0 ? odd + plane.left / 2 : (plane.left + 1) / 2);
        int width = plane.width;
        for (int col = 0; col < width; col += 2 * LANES) {
            int place = col / 2;
            VectorStrips.split(
                    cells, from + col, width, plane.height, target, evensTo + place, oddsTo + place, 2 * odd);
        }
        if (width % (2 * LANES) > 0) {
            VectorStrips.clear(target, evensTo + (width + 1) / 2, oddsTo + width / 2, 2 * odd, plane.height);
        }
        return target;
    }

    @Override
    public void sums(
            DepthwisePlane plane,
            double[] cells,
            int from,
            double[] lossGradient,
            int gradientFrom,
            double[] weightGradient,
            int w,
            double[] biasGradient,
            int bias) {
        if (isLeftToPlain(plane)) {
            super.sums(plane, cells, from, lossGradient, gradientFrom, weightGradient, w, biasGradient, bias);
            return;
        }
        double[] image = plane.stride == 1 ? cells : split(plane, cells, from);
        for (int col = 0; col < plane.outputWidth; col += PARTS) {
            double[] sums = col == 0 ? plane.parts : plane.columns;
            for (int x = col; x < col + PARTS; x += LANES) {
                int q = gradientFrom + x;
                if (plane.stride == 1) {
                    sumStrip(plane, cells, from + x - plane.left, lossGradient, q, x, sums);
                } else {
                    VectorStrips.sumWideStrip(plane, image, x, lossGradient, q, x, sums, x - col);
                }
            }
            if (col > 0) {
                VectorStrips.add(sums, plane.parts);
            }
        }
        if (plane.addUp()) {
            addSums(plane, weightGradient, w, biasGradient, bias);
        } else { // perhaps only because zeros around the gradient met an infinite cell
            super.sums(plane, cells, from, lossGradient, gradientFrom, weightGradient, w, biasGradient, bias);
        }
    }

    private static void sumStrip(
            DepthwisePlane plane, double[] cells, int from, double[] gradient, int gradientFrom, int x, double[] sums) {
        for (int i = 0; i < TAPS - 1; i++) {
            int row = plane.top - 1 - i;
            boolean exists = row >= 0 && row < plane.outputHeight;
            plane.before[i] = exists ? gradient : plane.zeros;
            plane.beforeFrom[i] = exists ? gradientFrom + row * plane.outputWidth : 0;
        }
        VectorStrips.sumStrip(
                plane, cells, from, gradient, gradientFrom, plane.before, plane.beforeFrom, x, sums, x % PARTS);
    }
}
