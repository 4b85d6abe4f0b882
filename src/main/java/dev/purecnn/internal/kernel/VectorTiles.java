package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The tiles that {@link VectorMultiply} makes C of: as many rows as the first number says, as many vectors wide as the second.
 *
 * <p>A tile's sums stay in registers while k runs through all of A and B; 4 rows of 3 vectors suit the 32 registers of
 * AVX-512 and NEON: 8 would take all of them, and C2 put them on the heap in some programs; those of AVX2 are in {@link VectorSmallTiles}.
 * A tile's weights start at {@code a} in the product's packed ones, its rows of B at {@code bAt} beyond the offsets, and C at {@code at}.
 * It starts from what {@code init} holds at {@code i}: C itself, or rows of start values. Each method does one job without any choice, and
 * calls nothing but the vectors' own methods, since C2 puts the vectors of longer methods, and those that go through a helper, into
 * objects.
 */
final class VectorTiles {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    private VectorTiles() {}

    static void tile8x1(Product p, int a, double[] b, int bAt, double[] init, int i, int iStride, double[] c, int at) {
        double[] packed = p.packed;
        int stride = p.columns;
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, init, i + iStride);
        DoubleVector c20 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride);
        DoubleVector c30 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride);
        DoubleVector c40 = DoubleVector.fromArray(SPECIES, init, i + 4 * iStride);
        DoubleVector c50 = DoubleVector.fromArray(SPECIES, init, i + 5 * iStride);
        DoubleVector c60 = DoubleVector.fromArray(SPECIES, init, i + 6 * iStride);
        DoubleVector c70 = DoubleVector.fromArray(SPECIES, init, i + 7 * iStride);
        int w = a;
        for (int offset : p.offsets) {
            int q = bAt + offset;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[w]);
            c00 = a0.fma(b0, c00);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, packed[w + 1]);
            c10 = a1.fma(b0, c10);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, packed[w + 2]);
            c20 = a2.fma(b0, c20);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, packed[w + 3]);
            c30 = a3.fma(b0, c30);
            DoubleVector a4 = DoubleVector.broadcast(SPECIES, packed[w + 4]);
            c40 = a4.fma(b0, c40);
            DoubleVector a5 = DoubleVector.broadcast(SPECIES, packed[w + 5]);
            c50 = a5.fma(b0, c50);
            DoubleVector a6 = DoubleVector.broadcast(SPECIES, packed[w + 6]);
            c60 = a6.fma(b0, c60);
            DoubleVector a7 = DoubleVector.broadcast(SPECIES, packed[w + 7]);
            c70 = a7.fma(b0, c70);
            w += 8;
        }
        c00.intoArray(c, at);
        c10.intoArray(c, at + stride);
        c20.intoArray(c, at + 2 * stride);
        c30.intoArray(c, at + 3 * stride);
        c40.intoArray(c, at + 4 * stride);
        c50.intoArray(c, at + 5 * stride);
        c60.intoArray(c, at + 6 * stride);
        c70.intoArray(c, at + 7 * stride);
    }

    /** Also a half of a tile of 8 rows, which is their packed height then. */
    static void tile4x3(
            Product p, int height, int a, double[] b, int bAt, double[] init, int i, int iStride, double[] c, int at) {
        double[] packed = p.packed;
        int stride = p.columns;
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c01 = DoubleVector.fromArray(SPECIES, init, i + LANES);
        DoubleVector c02 = DoubleVector.fromArray(SPECIES, init, i + 2 * LANES);
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, init, i + iStride);
        DoubleVector c11 = DoubleVector.fromArray(SPECIES, init, i + iStride + LANES);
        DoubleVector c12 = DoubleVector.fromArray(SPECIES, init, i + iStride + 2 * LANES);
        DoubleVector c20 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride);
        DoubleVector c21 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride + LANES);
        DoubleVector c22 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride + 2 * LANES);
        DoubleVector c30 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride);
        DoubleVector c31 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride + LANES);
        DoubleVector c32 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride + 2 * LANES);
        int w = a;
        for (int offset : p.offsets) {
            int q = bAt + offset;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, q + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, q + 2 * LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[w]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, packed[w + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, packed[w + 2]);
            c20 = a2.fma(b0, c20);
            c21 = a2.fma(b1, c21);
            c22 = a2.fma(b2, c22);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, packed[w + 3]);
            c30 = a3.fma(b0, c30);
            c31 = a3.fma(b1, c31);
            c32 = a3.fma(b2, c32);
            w += height;
        }
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        c02.intoArray(c, at + 2 * LANES);
        c10.intoArray(c, at + stride);
        c11.intoArray(c, at + stride + LANES);
        c12.intoArray(c, at + stride + 2 * LANES);
        c20.intoArray(c, at + 2 * stride);
        c21.intoArray(c, at + 2 * stride + LANES);
        c22.intoArray(c, at + 2 * stride + 2 * LANES);
        c30.intoArray(c, at + 3 * stride);
        c31.intoArray(c, at + 3 * stride + LANES);
        c32.intoArray(c, at + 3 * stride + 2 * LANES);
    }

    static void tile4x1(Product p, int a, double[] b, int bAt, double[] init, int i, int iStride, double[] c, int at) {
        int[] offsets = p.offsets;
        double[] packed = p.packed;
        int stride = p.columns;
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, init, i + iStride);
        DoubleVector c20 = DoubleVector.fromArray(SPECIES, init, i + 2 * iStride);
        DoubleVector c30 = DoubleVector.fromArray(SPECIES, init, i + 3 * iStride);
        for (int k = 0; k < offsets.length; k++) {
            int q = bAt + offsets[k];
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[a + 4 * k]);
            c00 = a0.fma(b0, c00);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, packed[a + 4 * k + 1]);
            c10 = a1.fma(b0, c10);
            DoubleVector a2 = DoubleVector.broadcast(SPECIES, packed[a + 4 * k + 2]);
            c20 = a2.fma(b0, c20);
            DoubleVector a3 = DoubleVector.broadcast(SPECIES, packed[a + 4 * k + 3]);
            c30 = a3.fma(b0, c30);
        }
        c00.intoArray(c, at);
        c10.intoArray(c, at + stride);
        c20.intoArray(c, at + 2 * stride);
        c30.intoArray(c, at + 3 * stride);
    }

    static void tile2x3(Product p, int a, double[] b, int bAt, double[] init, int i, int iStride, double[] c, int at) {
        double[] packed = p.packed;
        int stride = p.columns;
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c01 = DoubleVector.fromArray(SPECIES, init, i + LANES);
        DoubleVector c02 = DoubleVector.fromArray(SPECIES, init, i + 2 * LANES);
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, init, i + iStride);
        DoubleVector c11 = DoubleVector.fromArray(SPECIES, init, i + iStride + LANES);
        DoubleVector c12 = DoubleVector.fromArray(SPECIES, init, i + iStride + 2 * LANES);
        int w = a;
        for (int offset : p.offsets) {
            int q = bAt + offset;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, q + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, q + 2 * LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[w]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, packed[w + 1]);
            c10 = a1.fma(b0, c10);
            c11 = a1.fma(b1, c11);
            c12 = a1.fma(b2, c12);
            w += 2;
        }
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        c02.intoArray(c, at + 2 * LANES);
        c10.intoArray(c, at + stride);
        c11.intoArray(c, at + stride + LANES);
        c12.intoArray(c, at + stride + 2 * LANES);
    }

    static void tile2x1(Product p, int a, double[] b, int bAt, double[] init, int i, int iStride, double[] c, int at) {
        double[] packed = p.packed;
        int stride = p.columns;
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c10 = DoubleVector.fromArray(SPECIES, init, i + iStride);
        int w = a;
        for (int offset : p.offsets) {
            int q = bAt + offset;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[w]);
            c00 = a0.fma(b0, c00);
            DoubleVector a1 = DoubleVector.broadcast(SPECIES, packed[w + 1]);
            c10 = a1.fma(b0, c10);
            w += 2;
        }
        c00.intoArray(c, at);
        c10.intoArray(c, at + stride);
    }

    static void tile1x3(Product p, int a, double[] b, int bAt, double[] init, int i, int iStride, double[] c, int at) {
        double[] packed = p.packed;
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        DoubleVector c01 = DoubleVector.fromArray(SPECIES, init, i + LANES);
        DoubleVector c02 = DoubleVector.fromArray(SPECIES, init, i + 2 * LANES);
        int w = a;
        for (int offset : p.offsets) {
            int q = bAt + offset;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, q + LANES);
            DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, q + 2 * LANES);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[w]);
            c00 = a0.fma(b0, c00);
            c01 = a0.fma(b1, c01);
            c02 = a0.fma(b2, c02);
            w += 1;
        }
        c00.intoArray(c, at);
        c01.intoArray(c, at + LANES);
        c02.intoArray(c, at + 2 * LANES);
    }

    static void tile1x1(Product p, int a, double[] b, int bAt, double[] init, int i, int iStride, double[] c, int at) {
        double[] packed = p.packed;
        DoubleVector c00 = DoubleVector.fromArray(SPECIES, init, i);
        int w = a;
        for (int offset : p.offsets) {
            int q = bAt + offset;
            DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, q);
            DoubleVector a0 = DoubleVector.broadcast(SPECIES, packed[w]);
            c00 = a0.fma(b0, c00);
            w += 1;
        }
        c00.intoArray(c, at);
    }
}
