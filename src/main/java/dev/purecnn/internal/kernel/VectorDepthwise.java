package dev.purecnn.internal.kernel;

import java.util.Arrays;
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
        int last = Math.max(0, plane.outputWidth - LANES);
        for (int col = 0; col < plane.outputWidth; col += LANES) {
            int x = Math.min(col, last);
            if (plane.stride == 1) {
                int bottom = plane.outputHeight - plane.height - plane.top + TAPS - 1;
                VectorStrips.strip(
                        cells,
                        from + x - plane.left,
                        plane.width,
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
                        to + x,
                        plane.outputWidth);
            } else {
                VectorStrips.wideStrip(
                        image,
                        x,
                        2 * plane.splitWidth(),
                        plane.outputHeight,
                        weights,
                        w,
                        start,
                        outputs,
                        to + x,
                        plane.outputWidth);
            }
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
        if (isLeftToPlain(plane)) {
            super.inputGradient(plane, lossGradient, from, weights, w, inputGradient, to);
            return;
        }
        int bottom = plane.outputHeight - plane.height - plane.top + TAPS - 1;
        int end = from + plane.outputHeight * plane.outputWidth;
        int lastTo = to + (plane.height - 1) * plane.width;
        for (int right = plane.width; right > 0; right -= LANES) {
            int x = plane.width > LANES ? Math.max(0, right - LANES) : right - LANES;
            if (plane.stride == 1) {
                VectorStrips.strip(
                        lossGradient,
                        end - plane.outputWidth + x + plane.left,
                        -plane.outputWidth,
                        -1,
                        plane.outputHeight,
                        TAPS - 1 - bottom,
                        TAPS - 1 - plane.top,
                        plane.unmet,
                        x,
                        weights,
                        w,
                        0.0,
                        inputGradient,
                        lastTo + x,
                        -plane.width);
            } else {
                VectorStrips.spreadStrip(plane, lossGradient, end, x, weights, w, inputGradient, to + x);
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
        Arrays.fill(plane.parts, 0.0);
        double[] image = plane.stride == 1 ? cells : split(plane, cells, from);
        for (int x = 0; x < plane.outputWidth; x += LANES) {
            if (plane.stride == 1) {
                VectorStrips.sumStrip(plane, cells, from + x - plane.left, lossGradient, gradientFrom + x, x);
            } else {
                VectorStrips.sumWideStrip(plane, image, lossGradient, gradientFrom + x, x);
            }
        }
        addParts(plane, weightGradient, w, biasGradient, bias);
    }
}
