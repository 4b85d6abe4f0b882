package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles as those of {@link VectorTiles} for the 16 registers of AVX2. No more than eight may hold sums: C2 loads early what
 * they are made of, and with twelve puts some of them into memory at every step (measured: half the speed). And {@code k} is
 * counted by a constant in {@code packed}, so that C2 tests its end once and not at each load (measured: a tenth). Handing
 * in the product instead of its parts cost them a twentieth.
 */
final class VectorSmallTiles {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private VectorSmallTiles() {}

    static void tile4x2(
            double[] packed,
            int a,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at,
            int stride) {
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c01 = DoubleVector.fromArray(SPECIES, init, i + LANES);
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, init, i + iStride);
        DoubleVector c11 = DoubleVector.fromArray(SPECIES, init, i + iStride + LANES);
        DoubleVector c20 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride);
        DoubleVector c21 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride + LANES);
        DoubleVector c30 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride);
        DoubleVector c31 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride + LANES);
        for (int k = 0; k < offsets.length; k++) {
            int q = bFrom + offsets[k];
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, q + LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[a + 4 * k]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, packed[a + 4 * k + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, packed[a + 4 * k + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, packed[a + 4 * k + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
        }
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        c10.intoArray(c, at + stride);
        c11.intoArray(c, at + stride + LANES);
        c20.intoArray(c, at + 2 * stride);
        c21.intoArray(c, at + 2 * stride + LANES);
        c30.intoArray(c, at + 3 * stride);
        c31.intoArray(c, at + 3 * stride + LANES);
    }

    /** The first or last four rows of a tile of eight. */
    static void half8x2(
            double[] packed,
            int a,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at,
            int stride) {
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c01 = DoubleVector.fromArray(SPECIES, init, i + LANES);
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, init, i + iStride);
        DoubleVector c11 = DoubleVector.fromArray(SPECIES, init, i + iStride + LANES);
        DoubleVector c20 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride);
        DoubleVector c21 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride + LANES);
        DoubleVector c30 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride);
        DoubleVector c31 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride + LANES);
        for (int k = 0; k < offsets.length; k++) {
            int q = bFrom + offsets[k];
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, q + LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[a + 8 * k]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, packed[a + 8 * k + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, packed[a + 8 * k + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, packed[a + 8 * k + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
        }
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        c10.intoArray(c, at + stride);
        c11.intoArray(c, at + stride + LANES);
        c20.intoArray(c, at + 2 * stride);
        c21.intoArray(c, at + 2 * stride + LANES);
        c30.intoArray(c, at + 3 * stride);
        c31.intoArray(c, at + 3 * stride + LANES);
    }

    static void tile2x4(
            double[] packed,
            int a,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] init,
            int i,
            int iStride,
            double[] c,
            int at,
            int stride) {
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c01 = DoubleVector.fromArray(SPECIES, init, i + LANES);
        DoubleVector c02 = DoubleVector.fromArray(SPECIES, init, i + 2 * LANES);
        DoubleVector c03 = DoubleVector.fromArray(SPECIES, init, i + 3 * LANES);
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, init, i + iStride);
        DoubleVector c11 = DoubleVector.fromArray(SPECIES, init, i + iStride + LANES);
        DoubleVector c12 = DoubleVector.fromArray(SPECIES, init, i + iStride + 2 * LANES);
        DoubleVector c13 = DoubleVector.fromArray(SPECIES, init, i + iStride + 3 * LANES);
        for (int k = 0; k < offsets.length; k++) {
            int q = bFrom + offsets[k];
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, q + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, q + 2 * LANES);
            DoubleVector b3 = DoubleVector.fromArray(SPECIES, b, q + 3 * LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[a + 2 * k]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            c03 = a0.fma(b3, c03);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, packed[a + 2 * k + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            c13 = a1.fma(b3, c13);
        }
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        c02.intoArray(c, at + 2 * LANES);
        c03.intoArray(c, at + 3 * LANES);
        c10.intoArray(c, at + stride);
        c11.intoArray(c, at + stride + LANES);
        c12.intoArray(c, at + stride + 2 * LANES);
        c13.intoArray(c, at + stride + 3 * LANES);
    }
}
