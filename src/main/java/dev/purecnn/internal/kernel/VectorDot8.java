package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of eight parts in one vector of eight lanes (AVX-512). Tiles of 4 x 3 sums are no slower than 4 x 6, whose registers are more than
 * C2 schedules well; a single row gains by 6.
 */
final class VectorDot8 extends VectorDot {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_512;

    @Override
    int tileRows(int left) {
        return left >= 4 ? 4 : 1;
    }

    @Override
    int tileColumns(int height, int left) {
        if (height == 1 && left >= 6) {
            return 6;
        }
        if (height == 4 && left >= 5 && left != 7 && (left % 3 > 0 || left > 12)) {
            return 5; // unless it leaves single columns over
        }
        return left >= 3 ? 3 : 1;
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
        if (rows == 4 && count == 5) {
            tile4x5(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
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

    static void tile4x5(double[] a, int aAt, int aStep, double[] b, int bAt, int[] rows, int k, int n, double[] sums) {
        int b0 = bAt + rows[k];
        int b1 = bAt + rows[k + 1];
        int b2 = bAt + rows[k + 2];
        int b3 = bAt + rows[k + 3];
        int b4 = bAt + rows[k + 4];
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s01 = DoubleVector.zero(SPECIES);
        DoubleVector s02 = DoubleVector.zero(SPECIES);
        DoubleVector s03 = DoubleVector.zero(SPECIES);
        DoubleVector s04 = DoubleVector.zero(SPECIES);
        DoubleVector s10 = DoubleVector.zero(SPECIES);
        DoubleVector s11 = DoubleVector.zero(SPECIES);
        DoubleVector s12 = DoubleVector.zero(SPECIES);
        DoubleVector s13 = DoubleVector.zero(SPECIES);
        DoubleVector s14 = DoubleVector.zero(SPECIES);
        DoubleVector s20 = DoubleVector.zero(SPECIES);
        DoubleVector s21 = DoubleVector.zero(SPECIES);
        DoubleVector s22 = DoubleVector.zero(SPECIES);
        DoubleVector s23 = DoubleVector.zero(SPECIES);
        DoubleVector s24 = DoubleVector.zero(SPECIES);
        DoubleVector s30 = DoubleVector.zero(SPECIES);
        DoubleVector s31 = DoubleVector.zero(SPECIES);
        DoubleVector s32 = DoubleVector.zero(SPECIES);
        DoubleVector s33 = DoubleVector.zero(SPECIES);
        DoubleVector s34 = DoubleVector.zero(SPECIES);
        for (int q = 0; q < n; q += 8) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector x1 = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q);
            DoubleVector x2 = DoubleVector.fromArray(SPECIES, a, aAt + 2 * aStep + q);
            DoubleVector x3 = DoubleVector.fromArray(SPECIES, a, aAt + 3 * aStep + q);
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
        }
        s00.intoArray(sums, 0);
        s01.intoArray(sums, 8);
        s02.intoArray(sums, 16);
        s03.intoArray(sums, 24);
        s04.intoArray(sums, 32);
        s10.intoArray(sums, 40);
        s11.intoArray(sums, 48);
        s12.intoArray(sums, 56);
        s13.intoArray(sums, 64);
        s14.intoArray(sums, 72);
        s20.intoArray(sums, 80);
        s21.intoArray(sums, 88);
        s22.intoArray(sums, 96);
        s23.intoArray(sums, 104);
        s24.intoArray(sums, 112);
        s30.intoArray(sums, 120);
        s31.intoArray(sums, 128);
        s32.intoArray(sums, 136);
        s33.intoArray(sums, 144);
        s34.intoArray(sums, 152);
    }

    static void tile4x3(double[] a, int aAt, int aStep, double[] b, int bAt, int[] rows, int k, int n, double[] sums) {
        int b0 = bAt + rows[k];
        int b1 = bAt + rows[k + 1];
        int b2 = bAt + rows[k + 2];
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
        for (int q = 0; q < n; q += 8) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector x1 = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q);
            DoubleVector x2 = DoubleVector.fromArray(SPECIES, a, aAt + 2 * aStep + q);
            DoubleVector x3 = DoubleVector.fromArray(SPECIES, a, aAt + 3 * aStep + q);
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
        s00.intoArray(sums, 0);
        s01.intoArray(sums, 8);
        s02.intoArray(sums, 16);
        s10.intoArray(sums, 24);
        s11.intoArray(sums, 32);
        s12.intoArray(sums, 40);
        s20.intoArray(sums, 48);
        s21.intoArray(sums, 56);
        s22.intoArray(sums, 64);
        s30.intoArray(sums, 72);
        s31.intoArray(sums, 80);
        s32.intoArray(sums, 88);
    }

    static void tile4x1(double[] a, int aAt, int aStep, double[] b, int bAt, int[] rows, int k, int n, double[] sums) {
        int b0 = bAt + rows[k];
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s10 = DoubleVector.zero(SPECIES);
        DoubleVector s20 = DoubleVector.zero(SPECIES);
        DoubleVector s30 = DoubleVector.zero(SPECIES);
        for (int q = 0; q < n; q += 8) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector x1 = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q);
            DoubleVector x2 = DoubleVector.fromArray(SPECIES, a, aAt + 2 * aStep + q);
            DoubleVector x3 = DoubleVector.fromArray(SPECIES, a, aAt + 3 * aStep + q);
            DoubleVector y0 = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00 = x0.fma(y0, s00);
            s10 = x1.fma(y0, s10);
            s20 = x2.fma(y0, s20);
            s30 = x3.fma(y0, s30);
        }
        s00.intoArray(sums, 0);
        s10.intoArray(sums, 8);
        s20.intoArray(sums, 16);
        s30.intoArray(sums, 24);
    }

    static void tile1x6(double[] a, int aAt, int aStep, double[] b, int bAt, int[] rows, int k, int n, double[] sums) {
        int b0 = bAt + rows[k];
        int b1 = bAt + rows[k + 1];
        int b2 = bAt + rows[k + 2];
        int b3 = bAt + rows[k + 3];
        int b4 = bAt + rows[k + 4];
        int b5 = bAt + rows[k + 5];
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s01 = DoubleVector.zero(SPECIES);
        DoubleVector s02 = DoubleVector.zero(SPECIES);
        DoubleVector s03 = DoubleVector.zero(SPECIES);
        DoubleVector s04 = DoubleVector.zero(SPECIES);
        DoubleVector s05 = DoubleVector.zero(SPECIES);
        for (int q = 0; q < n; q += 8) {
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
        s00.intoArray(sums, 0);
        s01.intoArray(sums, 8);
        s02.intoArray(sums, 16);
        s03.intoArray(sums, 24);
        s04.intoArray(sums, 32);
        s05.intoArray(sums, 40);
    }

    static void tile1x3(double[] a, int aAt, int aStep, double[] b, int bAt, int[] rows, int k, int n, double[] sums) {
        int b0 = bAt + rows[k];
        int b1 = bAt + rows[k + 1];
        int b2 = bAt + rows[k + 2];
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s01 = DoubleVector.zero(SPECIES);
        DoubleVector s02 = DoubleVector.zero(SPECIES);
        for (int q = 0; q < n; q += 8) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector y0 = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00 = x0.fma(y0, s00);
            DoubleVector y1 = DoubleVector.fromArray(SPECIES, b, b1 + q);
            s01 = x0.fma(y1, s01);
            DoubleVector y2 = DoubleVector.fromArray(SPECIES, b, b2 + q);
            s02 = x0.fma(y2, s02);
        }
        s00.intoArray(sums, 0);
        s01.intoArray(sums, 8);
        s02.intoArray(sums, 16);
    }

    static void tile1x1(double[] a, int aAt, int aStep, double[] b, int bAt, int[] rows, int k, int n, double[] sums) {
        int b0 = bAt + rows[k];
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        for (int q = 0; q < n; q += 8) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector y0 = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00 = x0.fma(y0, s00);
        }
        s00.intoArray(sums, 0);
    }
}
