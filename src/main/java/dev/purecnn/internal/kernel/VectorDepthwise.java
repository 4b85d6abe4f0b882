package dev.purecnn.internal.kernel;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
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
    private static final VectorShuffle<Double> EVENS = VectorShuffle.fromOp(SPECIES, i -> 2 * i % LANES);
    private static final VectorShuffle<Double> ODDS = VectorShuffle.fromOp(SPECIES, i -> (2 * i + 1) % LANES);
    private static final VectorMask<Double> UPPER_HALF = VectorMask.fromLong(SPECIES, -1L << LANES / 2);

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
        if (plane.stride > 1 && LANES == 2) {
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
        int evensTo = plane.left % 2 == 0 ? plane.left / 2 : odd + plane.left / 2; // of the image's even columns
        int oddsTo = plane.left % 2 == 0 ? odd + plane.left / 2 : (plane.left + 1) / 2;
        for (int row = 0; row < plane.height; row++) {
            int to = (plane.top + row) * 2 * odd;
            splitRow(cells, from + row * plane.width, plane.width, target, to + evensTo, to + oddsTo);
        }
        return target;
    }

    private static void splitRow(double[] cells, int from, int width, double[] target, int evensTo, int oddsTo) {
        for (int col = 0; col < width && LANES == 2; col++) {
            target[(col % 2 == 0 ? evensTo : oddsTo) + col / 2] = cells[from + col];
        }
        for (int col = 0; col < width && LANES > 2; col += 2 * LANES) {
            DoubleVector left = DoubleVector.fromArray(SPECIES, cells, from + col);
            DoubleVector right = DoubleVector.fromArray(SPECIES, cells, from + col + LANES);
            left.rearrange(EVENS).blend(right.rearrange(EVENS), UPPER_HALF).intoArray(target, evensTo + col / 2);
            left.rearrange(ODDS).blend(right.rearrange(ODDS), UPPER_HALF).intoArray(target, oddsTo + col / 2);
        }
        DoubleVector zero = DoubleVector.zero(SPECIES);
        zero.intoArray(target, evensTo + (width + 1) / 2);
        zero.intoArray(target, oddsTo + width / 2);
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
