package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * 2 x 2 pooling of four windows at a time. The last four windows of a row may overlap the four before: what they write again
 * is the same. (The gradient is no faster this way: it would be made of shuffles and masks.)
 */
final class VectorPooling {
    /** The windows done at once; a row of outputs has at least as many. */
    static final int WINDOWS = 4;

    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_256;
    private static final VectorShuffle<Double> EVEN = VectorShuffle.fromValues(SPECIES, 0, 2, 0, 2);
    private static final VectorShuffle<Double> ODD = VectorShuffle.fromValues(SPECIES, 1, 3, 1, 3);
    private static final VectorMask<Double> SECOND_HALF = VectorMask.fromValues(SPECIES, false, false, true, true);

    private VectorPooling() {}

    static void maxPool2x2(int planes, int height, int width, double[] input, double[] output) {
        int outputWidth = width / 2;
        int out = 0;
        for (int plane = 0; plane < planes; plane++) {
            for (int row = 0; row + 1 < height; row += 2, out += outputWidth) {
                int upper = (plane * height + row) * width;
                int col = 0;
                for (; col < outputWidth - WINDOWS; col += WINDOWS) {
                    max(input, upper + 2 * col, width, output, out + col);
                }
                col = outputWidth - WINDOWS;
                max(input, upper + 2 * col, width, output, out + col);
            }
        }
    }

    private static void max(double[] input, int upper, int width, double[] output, int out) {
        DoubleVector left = DoubleVector.fromArray(SPECIES, input, upper)
                .max(DoubleVector.fromArray(SPECIES, input, upper + width));
        DoubleVector right = DoubleVector.fromArray(SPECIES, input, upper + 4)
                .max(DoubleVector.fromArray(SPECIES, input, upper + width + 4));
        DoubleVector even = left.rearrange(EVEN).blend(right.rearrange(EVEN), SECOND_HALF);
        DoubleVector odd = left.rearrange(ODD).blend(right.rearrange(ODD), SECOND_HALF);
        even.max(odd).intoArray(output, out);
    }
}
