package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums of eight parts in two vectors of four lanes (AVX2). There are 16 registers, but eight sums at once are all that C2 keeps
 * there: it loads what they are made of early, and with twelve puts some of them into memory at every step. So a tile of 4 x 2
 * sums goes over its columns twice, for each half of the parts once.
 */
final class VectorDot4 extends VectorDot {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_256;

    @Override
    int tileRows(int left) {
        return left >= 4 ? 4 : left >= 2 ? 2 : 1;
    }

    @Override
    int tileColumns(int height, int left) {
        if (height == 1) {
            return left >= 3 ? 3 : 1;
        }
        return left >= 2 ? 2 : 1;
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
        if (rows == 4 && count == 2) {
            half4x2(a, aAt, aStride, b, bFrom, offsets, k, columns, parts, 0);
            half4x2(a, aAt + 4, aStride, b, bFrom + 4, offsets, k, columns, parts, 4);
        } else if (rows == 4 && count == 1) {
            tile4x1(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
        } else if (rows == 2 && count == 2) {
            tile2x2(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
        } else if (rows == 2 && count == 1) {
            tile2x1(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
        } else if (rows == 1 && count == 3) {
            tile1x3(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
        } else {
            tile1x1(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
        }
    }

    /** Four of the eight parts: those of the first lanes if {@code part} is 0, and {@code a} and {@code b} start there. */
    private static void half4x2(
            double[] a,
            int aAt,
            int aStride,
            double[] b,
            int bFrom,
            int[] offsets,
            int k,
            int columns,
            double[] parts,
            int part) {
        int b0 = bFrom + offsets[k];
        int b1 = bFrom + offsets[k + 1];
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s01 = DoubleVector.zero(SPECIES);
        DoubleVector s10 = DoubleVector.zero(SPECIES);
        DoubleVector s11 = DoubleVector.zero(SPECIES);
        DoubleVector s20 = DoubleVector.zero(SPECIES);
        DoubleVector s21 = DoubleVector.zero(SPECIES);
        DoubleVector s30 = DoubleVector.zero(SPECIES);
        DoubleVector s31 = DoubleVector.zero(SPECIES);
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
        }
        s00.intoArray(parts, part);
        s01.intoArray(parts, part + 8);
        s10.intoArray(parts, part + 16);
        s11.intoArray(parts, part + 24);
        s20.intoArray(parts, part + 32);
        s21.intoArray(parts, part + 40);
        s30.intoArray(parts, part + 48);
        s31.intoArray(parts, part + 56);
    }

    static void tile4x1(double[] a, int aAt, int aStep, double[] b, int bAt, int[] rows, int k, int n, double[] sums) {
        int b0 = bAt + rows[k];
        DoubleVector s00a = DoubleVector.zero(SPECIES);
        DoubleVector s00b = DoubleVector.zero(SPECIES);
        DoubleVector s10a = DoubleVector.zero(SPECIES);
        DoubleVector s10b = DoubleVector.zero(SPECIES);
        DoubleVector s20a = DoubleVector.zero(SPECIES);
        DoubleVector s20b = DoubleVector.zero(SPECIES);
        DoubleVector s30a = DoubleVector.zero(SPECIES);
        DoubleVector s30b = DoubleVector.zero(SPECIES);
        for (int q = 0; q < n; q += 8) {
            DoubleVector x0a = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector x1a = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q);
            DoubleVector x2a = DoubleVector.fromArray(SPECIES, a, aAt + 2 * aStep + q);
            DoubleVector x3a = DoubleVector.fromArray(SPECIES, a, aAt + 3 * aStep + q);
            DoubleVector y0a = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00a = x0a.fma(y0a, s00a);
            s10a = x1a.fma(y0a, s10a);
            s20a = x2a.fma(y0a, s20a);
            s30a = x3a.fma(y0a, s30a);
            DoubleVector x0b = DoubleVector.fromArray(SPECIES, a, aAt + q + 4);
            DoubleVector x1b = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q + 4);
            DoubleVector x2b = DoubleVector.fromArray(SPECIES, a, aAt + 2 * aStep + q + 4);
            DoubleVector x3b = DoubleVector.fromArray(SPECIES, a, aAt + 3 * aStep + q + 4);
            DoubleVector y0b = DoubleVector.fromArray(SPECIES, b, b0 + q + 4);
            s00b = x0b.fma(y0b, s00b);
            s10b = x1b.fma(y0b, s10b);
            s20b = x2b.fma(y0b, s20b);
            s30b = x3b.fma(y0b, s30b);
        }
        s00a.intoArray(sums, 0);
        s00b.intoArray(sums, 4);
        s10a.intoArray(sums, 8);
        s10b.intoArray(sums, 12);
        s20a.intoArray(sums, 16);
        s20b.intoArray(sums, 20);
        s30a.intoArray(sums, 24);
        s30b.intoArray(sums, 28);
    }

    static void tile2x2(double[] a, int aAt, int aStep, double[] b, int bAt, int[] rows, int k, int n, double[] sums) {
        int b0 = bAt + rows[k];
        int b1 = bAt + rows[k + 1];
        DoubleVector s00a = DoubleVector.zero(SPECIES);
        DoubleVector s00b = DoubleVector.zero(SPECIES);
        DoubleVector s01a = DoubleVector.zero(SPECIES);
        DoubleVector s01b = DoubleVector.zero(SPECIES);
        DoubleVector s10a = DoubleVector.zero(SPECIES);
        DoubleVector s10b = DoubleVector.zero(SPECIES);
        DoubleVector s11a = DoubleVector.zero(SPECIES);
        DoubleVector s11b = DoubleVector.zero(SPECIES);
        for (int q = 0; q < n; q += 8) {
            DoubleVector x0a = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector x1a = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q);
            DoubleVector y0a = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00a = x0a.fma(y0a, s00a);
            s10a = x1a.fma(y0a, s10a);
            DoubleVector y1a = DoubleVector.fromArray(SPECIES, b, b1 + q);
            s01a = x0a.fma(y1a, s01a);
            s11a = x1a.fma(y1a, s11a);
            DoubleVector x0b = DoubleVector.fromArray(SPECIES, a, aAt + q + 4);
            DoubleVector x1b = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q + 4);
            DoubleVector y0b = DoubleVector.fromArray(SPECIES, b, b0 + q + 4);
            s00b = x0b.fma(y0b, s00b);
            s10b = x1b.fma(y0b, s10b);
            DoubleVector y1b = DoubleVector.fromArray(SPECIES, b, b1 + q + 4);
            s01b = x0b.fma(y1b, s01b);
            s11b = x1b.fma(y1b, s11b);
        }
        s00a.intoArray(sums, 0);
        s00b.intoArray(sums, 4);
        s01a.intoArray(sums, 8);
        s01b.intoArray(sums, 12);
        s10a.intoArray(sums, 16);
        s10b.intoArray(sums, 20);
        s11a.intoArray(sums, 24);
        s11b.intoArray(sums, 28);
    }

    static void tile2x1(double[] a, int aAt, int aStep, double[] b, int bAt, int[] rows, int k, int n, double[] sums) {
        int b0 = bAt + rows[k];
        DoubleVector s00a = DoubleVector.zero(SPECIES);
        DoubleVector s00b = DoubleVector.zero(SPECIES);
        DoubleVector s10a = DoubleVector.zero(SPECIES);
        DoubleVector s10b = DoubleVector.zero(SPECIES);
        for (int q = 0; q < n; q += 8) {
            DoubleVector x0a = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector x1a = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q);
            DoubleVector y0a = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00a = x0a.fma(y0a, s00a);
            s10a = x1a.fma(y0a, s10a);
            DoubleVector x0b = DoubleVector.fromArray(SPECIES, a, aAt + q + 4);
            DoubleVector x1b = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q + 4);
            DoubleVector y0b = DoubleVector.fromArray(SPECIES, b, b0 + q + 4);
            s00b = x0b.fma(y0b, s00b);
            s10b = x1b.fma(y0b, s10b);
        }
        s00a.intoArray(sums, 0);
        s00b.intoArray(sums, 4);
        s10a.intoArray(sums, 8);
        s10b.intoArray(sums, 12);
    }

    static void tile1x3(double[] a, int aAt, int aStep, double[] b, int bAt, int[] rows, int k, int n, double[] sums) {
        int b0 = bAt + rows[k];
        int b1 = bAt + rows[k + 1];
        int b2 = bAt + rows[k + 2];
        DoubleVector s00a = DoubleVector.zero(SPECIES);
        DoubleVector s00b = DoubleVector.zero(SPECIES);
        DoubleVector s01a = DoubleVector.zero(SPECIES);
        DoubleVector s01b = DoubleVector.zero(SPECIES);
        DoubleVector s02a = DoubleVector.zero(SPECIES);
        DoubleVector s02b = DoubleVector.zero(SPECIES);
        for (int q = 0; q < n; q += 8) {
            DoubleVector x0a = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector y0a = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00a = x0a.fma(y0a, s00a);
            DoubleVector y1a = DoubleVector.fromArray(SPECIES, b, b1 + q);
            s01a = x0a.fma(y1a, s01a);
            DoubleVector y2a = DoubleVector.fromArray(SPECIES, b, b2 + q);
            s02a = x0a.fma(y2a, s02a);
            DoubleVector x0b = DoubleVector.fromArray(SPECIES, a, aAt + q + 4);
            DoubleVector y0b = DoubleVector.fromArray(SPECIES, b, b0 + q + 4);
            s00b = x0b.fma(y0b, s00b);
            DoubleVector y1b = DoubleVector.fromArray(SPECIES, b, b1 + q + 4);
            s01b = x0b.fma(y1b, s01b);
            DoubleVector y2b = DoubleVector.fromArray(SPECIES, b, b2 + q + 4);
            s02b = x0b.fma(y2b, s02b);
        }
        s00a.intoArray(sums, 0);
        s00b.intoArray(sums, 4);
        s01a.intoArray(sums, 8);
        s01b.intoArray(sums, 12);
        s02a.intoArray(sums, 16);
        s02b.intoArray(sums, 20);
    }

    static void tile1x1(double[] a, int aAt, int aStep, double[] b, int bAt, int[] rows, int k, int n, double[] sums) {
        int b0 = bAt + rows[k];
        DoubleVector s00a = DoubleVector.zero(SPECIES);
        DoubleVector s00b = DoubleVector.zero(SPECIES);
        for (int q = 0; q < n; q += 8) {
            DoubleVector x0a = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector y0a = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00a = x0a.fma(y0a, s00a);
            DoubleVector x0b = DoubleVector.fromArray(SPECIES, a, aAt + q + 4);
            DoubleVector y0b = DoubleVector.fromArray(SPECIES, b, b0 + q + 4);
            s00b = x0b.fma(y0b, s00b);
        }
        s00a.intoArray(sums, 0);
        s00b.intoArray(sums, 4);
    }
}
