package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Kernels#add} and {@link Kernels#subtract} with vectors. */
final class VectorSums {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private VectorSums() {}

    static void add(double[] a, int aFrom, double[] b, int bFrom, double[] sum, int sumFrom, int length) {
        int whole = length / LANES * LANES;
        for (int i = 0; i < whole; i += LANES) {
            DoubleVector.fromArray(SPECIES, a, aFrom + i)
                    .add(DoubleVector.fromArray(SPECIES, b, bFrom + i))
                    .intoArray(sum, sumFrom + i);
        }
        for (int i = whole; i < length; i++) {
            sum[sumFrom + i] = a[aFrom + i] + b[bFrom + i];
        }
    }

    static void subtract(
            double[] a, int aFrom, double[] b, int bFrom, double[] difference, int differenceFrom, int length) {
        int whole = length / LANES * LANES;
        for (int i = 0; i < whole; i += LANES) {
            DoubleVector.fromArray(SPECIES, a, aFrom + i)
                    .sub(DoubleVector.fromArray(SPECIES, b, bFrom + i))
                    .intoArray(difference, differenceFrom + i);
        }
        for (int i = whole; i < length; i++) {
            difference[differenceFrom + i] = a[aFrom + i] - b[bFrom + i];
        }
    }
}
