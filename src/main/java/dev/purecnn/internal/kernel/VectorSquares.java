package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Some of the eight parts of a sum of squares, as many as a vector has lanes; see {@link Kernels#moveIntoAndSquare}. */
final class VectorSquares {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    private VectorSquares() {}

    /**
     * Moves every eighth value, and those beside it in the same vector, and adds their squares to the parts.
     *
     * @param n a multiple of eight
     */
    static void moveIntoAndSquare(double[] sum, double[] addend, int from, int n, double[] parts, int part) {
        DoubleVector squares = DoubleVector.fromArray(SPECIES, parts, part);
        for (int q = 0; q < n; q += 8) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, sum, from + q)
                    .add(DoubleVector.fromArray(SPECIES, addend, from + q));
            x.intoArray(sum, from + q);
            DoubleVector.zero(SPECIES).intoArray(addend, from + q);
            squares = x.fma(x, squares);
        }
        squares.intoArray(parts, part);
    }
}
