package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Sums of eight parts in one vector of eight lanes (AVX-512): tiles of 4 x 6 sums. */
final class VectorDot8 extends VectorDot {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_512;

    @Override
    int tileRows(int left) {
        return left >= 4 ? 4 : 1;
    }

    @Override
    int tileColumns(int height, int left) {
        return left >= 6 ? 6 : left >= 3 ? 3 : 1;
    }

    @Override
    void tile(
            int rows,
            int count,
            double[] a,
            int aAt,
            int aStride,
            double[] b,
            int bFrom,
            int[] offsets,
            int k,
            int columns,
            double[] parts) {
        if (rows == 4 && count == 6) {
            tile4x6(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
        } else if (rows == 4 && count == 3) {
            tile4x3(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
        } else if (rows == 4 && count == 1) {
            tile4x1(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
        } else if (rows == 1 && count == 6) {
            tile1x6(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
        } else if (rows == 1 && count == 3) {
            tile1x3(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
        } else {
            tile1x1(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
        }
    }

    private static void tile4x6(
            double[] a,
            int aAt,
            int aStride,
            double[] b,
            int bFrom,
            int[] offsets,
            int k,
            int columns,
            double[] parts) {
        int b0 = bFrom + offsets[k];
        int b1 = bFrom + offsets[k + 1];
        int b2 = bFrom + offsets[k + 2];
        int b3 = bFrom + offsets[k + 3];
        int b4 = bFrom + offsets[k + 4];
        int b5 = bFrom + offsets[k + 5];
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s01 = DoubleVector.zero(SPECIES);
        DoubleVector s02 = DoubleVector.zero(SPECIES);
        DoubleVector s03 = DoubleVector.zero(SPECIES);
        DoubleVector s04 = DoubleVector.zero(SPECIES);
        DoubleVector s05 = DoubleVector.zero(SPECIES);
        DoubleVector s10 = DoubleVector.zero(SPECIES);
        DoubleVector s11 = DoubleVector.zero(SPECIES);
        DoubleVector s12 = DoubleVector.zero(SPECIES);
        DoubleVector s13 = DoubleVector.zero(SPECIES);
        DoubleVector s14 = DoubleVector.zero(SPECIES);
        DoubleVector s15 = DoubleVector.zero(SPECIES);
        DoubleVector s20 = DoubleVector.zero(SPECIES);
        DoubleVector s21 = DoubleVector.zero(SPECIES);
        DoubleVector s22 = DoubleVector.zero(SPECIES);
        DoubleVector s23 = DoubleVector.zero(SPECIES);
        DoubleVector s24 = DoubleVector.zero(SPECIES);
        DoubleVector s25 = DoubleVector.zero(SPECIES);
        DoubleVector s30 = DoubleVector.zero(SPECIES);
        DoubleVector s31 = DoubleVector.zero(SPECIES);
        DoubleVector s32 = DoubleVector.zero(SPECIES);
        DoubleVector s33 = DoubleVector.zero(SPECIES);
        DoubleVector s34 = DoubleVector.zero(SPECIES);
        DoubleVector s35 = DoubleVector.zero(SPECIES);
        for (int q = 0; q < columns; q += 8) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector x1 = DoubleVector.fromArray(SPECIES, a, aAt + aStride + q);
            DoubleVector x2 = DoubleVector.fromArray(SPECIES, a, aAt + 2 * aStride + q);
            DoubleVector x3 = DoubleVector.fromArray(SPECIES, a, aAt + 3 * aStride + q);
            DoubleVector y0 = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00 = x0.fma(y0, s00);
            s10 = x1.fma(y0, s10);
            s20 = x2.fma(y0, s20);
            s30 = x3.fma(y0, s30);
            DoubleVector y1 = DoubleVector.fromArray(SPECIES, b, b1 + q);
            s01 = x0.fma(y1, s01);
            s11 = x1.fma(y1, s11);
            s21 = x2.fma(y1, s21);
            s31 = x3.fma(y1, s31);
            DoubleVector y2 = DoubleVector.fromArray(SPECIES, b, b2 + q);
            s02 = x0.fma(y2, s02);
            s12 = x1.fma(y2, s12);
            s22 = x2.fma(y2, s22);
            s32 = x3.fma(y2, s32);
            DoubleVector y3 = DoubleVector.fromArray(SPECIES, b, b3 + q);
            s03 = x0.fma(y3, s03);
            s13 = x1.fma(y3, s13);
            s23 = x2.fma(y3, s23);
            s33 = x3.fma(y3, s33);
            DoubleVector y4 = DoubleVector.fromArray(SPECIES, b, b4 + q);
            s04 = x0.fma(y4, s04);
            s14 = x1.fma(y4, s14);
            s24 = x2.fma(y4, s24);
            s34 = x3.fma(y4, s34);
            DoubleVector y5 = DoubleVector.fromArray(SPECIES, b, b5 + q);
            s05 = x0.fma(y5, s05);
            s15 = x1.fma(y5, s15);
            s25 = x2.fma(y5, s25);
            s35 = x3.fma(y5, s35);
        }
        s00.intoArray(parts, 0);
        s01.intoArray(parts, 8);
        s02.intoArray(parts, 16);
        s03.intoArray(parts, 24);
        s04.intoArray(parts, 32);
        s05.intoArray(parts, 40);
        s10.intoArray(parts, 48);
        s11.intoArray(parts, 56);
        s12.intoArray(parts, 64);
        s13.intoArray(parts, 72);
        s14.intoArray(parts, 80);
        s15.intoArray(parts, 88);
        s20.intoArray(parts, 96);
        s21.intoArray(parts, 104);
        s22.intoArray(parts, 112);
        s23.intoArray(parts, 120);
        s24.intoArray(parts, 128);
        s25.intoArray(parts, 136);
        s30.intoArray(parts, 144);
        s31.intoArray(parts, 152);
        s32.intoArray(parts, 160);
        s33.intoArray(parts, 168);
        s34.intoArray(parts, 176);
        s35.intoArray(parts, 184);
    }

    private static void tile4x3(
            double[] a,
            int aAt,
            int aStride,
            double[] b,
            int bFrom,
            int[] offsets,
            int k,
            int columns,
            double[] parts) {
        int b0 = bFrom + offsets[k];
        int b1 = bFrom + offsets[k + 1];
        int b2 = bFrom + offsets[k + 2];
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s01 = DoubleVector.zero(SPECIES);
        DoubleVector s02 = DoubleVector.zero(SPECIES);
        DoubleVector s10 = DoubleVector.zero(SPECIES);
        DoubleVector s11 = DoubleVector.zero(SPECIES);
        DoubleVector s12 = DoubleVector.zero(SPECIES);
        DoubleVector s20 = DoubleVector.zero(SPECIES);
        DoubleVector s21 = DoubleVector.zero(SPECIES);
        DoubleVector s22 = DoubleVector.zero(SPECIES);
        DoubleVector s30 = DoubleVector.zero(SPECIES);
        DoubleVector s31 = DoubleVector.zero(SPECIES);
        DoubleVector s32 = DoubleVector.zero(SPECIES);
        for (int q = 0; q < columns; q += 8) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector x1 = DoubleVector.fromArray(SPECIES, a, aAt + aStride + q);
            DoubleVector x2 = DoubleVector.fromArray(SPECIES, a, aAt + 2 * aStride + q);
            DoubleVector x3 = DoubleVector.fromArray(SPECIES, a, aAt + 3 * aStride + q);
            DoubleVector y0 = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00 = x0.fma(y0, s00);
            s10 = x1.fma(y0, s10);
            s20 = x2.fma(y0, s20);
            s30 = x3.fma(y0, s30);
            DoubleVector y1 = DoubleVector.fromArray(SPECIES, b, b1 + q);
            s01 = x0.fma(y1, s01);
            s11 = x1.fma(y1, s11);
            s21 = x2.fma(y1, s21);
            s31 = x3.fma(y1, s31);
            DoubleVector y2 = DoubleVector.fromArray(SPECIES, b, b2 + q);
            s02 = x0.fma(y2, s02);
            s12 = x1.fma(y2, s12);
            s22 = x2.fma(y2, s22);
            s32 = x3.fma(y2, s32);
        }
        s00.intoArray(parts, 0);
        s01.intoArray(parts, 8);
        s02.intoArray(parts, 16);
        s10.intoArray(parts, 24);
        s11.intoArray(parts, 32);
        s12.intoArray(parts, 40);
        s20.intoArray(parts, 48);
        s21.intoArray(parts, 56);
        s22.intoArray(parts, 64);
        s30.intoArray(parts, 72);
        s31.intoArray(parts, 80);
        s32.intoArray(parts, 88);
    }

    private static void tile4x1(
            double[] a,
            int aAt,
            int aStride,
            double[] b,
            int bFrom,
            int[] offsets,
            int k,
            int columns,
            double[] parts) {
        int b0 = bFrom + offsets[k];
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s10 = DoubleVector.zero(SPECIES);
        DoubleVector s20 = DoubleVector.zero(SPECIES);
        DoubleVector s30 = DoubleVector.zero(SPECIES);
        for (int q = 0; q < columns; q += 8) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector x1 = DoubleVector.fromArray(SPECIES, a, aAt + aStride + q);
            DoubleVector x2 = DoubleVector.fromArray(SPECIES, a, aAt + 2 * aStride + q);
            DoubleVector x3 = DoubleVector.fromArray(SPECIES, a, aAt + 3 * aStride + q);
            DoubleVector y0 = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00 = x0.fma(y0, s00);
            s10 = x1.fma(y0, s10);
            s20 = x2.fma(y0, s20);
            s30 = x3.fma(y0, s30);
        }
        s00.intoArray(parts, 0);
        s10.intoArray(parts, 8);
        s20.intoArray(parts, 16);
        s30.intoArray(parts, 24);
    }

    private static void tile1x6(
            double[] a,
            int aAt,
            int aStride,
            double[] b,
            int bFrom,
            int[] offsets,
            int k,
            int columns,
            double[] parts) {
        int b0 = bFrom + offsets[k];
        int b1 = bFrom + offsets[k + 1];
        int b2 = bFrom + offsets[k + 2];
        int b3 = bFrom + offsets[k + 3];
        int b4 = bFrom + offsets[k + 4];
        int b5 = bFrom + offsets[k + 5];
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s01 = DoubleVector.zero(SPECIES);
        DoubleVector s02 = DoubleVector.zero(SPECIES);
        DoubleVector s03 = DoubleVector.zero(SPECIES);
        DoubleVector s04 = DoubleVector.zero(SPECIES);
        DoubleVector s05 = DoubleVector.zero(SPECIES);
        for (int q = 0; q < columns; q += 8) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector y0 = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00 = x0.fma(y0, s00);
            DoubleVector y1 = DoubleVector.fromArray(SPECIES, b, b1 + q);
            s01 = x0.fma(y1, s01);
            DoubleVector y2 = DoubleVector.fromArray(SPECIES, b, b2 + q);
            s02 = x0.fma(y2, s02);
            DoubleVector y3 = DoubleVector.fromArray(SPECIES, b, b3 + q);
            s03 = x0.fma(y3, s03);
            DoubleVector y4 = DoubleVector.fromArray(SPECIES, b, b4 + q);
            s04 = x0.fma(y4, s04);
            DoubleVector y5 = DoubleVector.fromArray(SPECIES, b, b5 + q);
            s05 = x0.fma(y5, s05);
        }
        s00.intoArray(parts, 0);
        s01.intoArray(parts, 8);
        s02.intoArray(parts, 16);
        s03.intoArray(parts, 24);
        s04.intoArray(parts, 32);
        s05.intoArray(parts, 40);
    }

    private static void tile1x3(
            double[] a,
            int aAt,
            int aStride,
            double[] b,
            int bFrom,
            int[] offsets,
            int k,
            int columns,
            double[] parts) {
        int b0 = bFrom + offsets[k];
        int b1 = bFrom + offsets[k + 1];
        int b2 = bFrom + offsets[k + 2];
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s01 = DoubleVector.zero(SPECIES);
        DoubleVector s02 = DoubleVector.zero(SPECIES);
        for (int q = 0; q < columns; q += 8) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector y0 = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00 = x0.fma(y0, s00);
            DoubleVector y1 = DoubleVector.fromArray(SPECIES, b, b1 + q);
            s01 = x0.fma(y1, s01);
            DoubleVector y2 = DoubleVector.fromArray(SPECIES, b, b2 + q);
            s02 = x0.fma(y2, s02);
        }
        s00.intoArray(parts, 0);
        s01.intoArray(parts, 8);
        s02.intoArray(parts, 16);
    }

    private static void tile1x1(
            double[] a,
            int aAt,
            int aStride,
            double[] b,
            int bFrom,
            int[] offsets,
            int k,
            int columns,
            double[] parts) {
        int b0 = bFrom + offsets[k];
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        for (int q = 0; q < columns; q += 8) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector y0 = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00 = x0.fma(y0, s00);
        }
        s00.intoArray(parts, 0);
    }
}
