package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** The largest values of 2 x 2 windows, a vector of windows at once. For four lanes or more: NEON cannot permute its two. */
final class VectorPooling {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();
    private static final VectorShuffle<Double> EVENS = VectorShuffle.fromOp(SPECIES, i -> 2 * i % LANES);
    private static final VectorShuffle<Double> ODDS = VectorShuffle.fromOp(SPECIES, i -> (2 * i + 1) % LANES);
    private static final VectorMask<Double> UPPER_HALF = VectorMask.fromLong(SPECIES, -1L << LANES / 2);

    private VectorPooling() {}

    /**
     * The windows of two rows, in whole vectors.
     *
     * @param count how many; those that fill up the last vector are of other cells, and mean nothing
     */
    static void rows(double[] input, int upper, int lower, double[] output, int out, int count) {
        for (int col = 0; col < count; col += LANES) {
            int cell = 2 * col;
            DoubleVector left = DoubleVector.fromArray(SPECIES, input, upper + cell)
                    .max(DoubleVector.fromArray(SPECIES, input, lower + cell));
            DoubleVector right = DoubleVector.fromArray(SPECIES, input, upper + cell + LANES)
                    .max(DoubleVector.fromArray(SPECIES, input, lower + cell + LANES));
            DoubleVector evens = left.rearrange(EVENS).blend(right.rearrange(EVENS), UPPER_HALF);
            DoubleVector odds = left.rearrange(ODDS).blend(right.rearrange(ODDS), UPPER_HALF);
            evens.max(odds).intoArray(output, out + col);
        }
    }
}
