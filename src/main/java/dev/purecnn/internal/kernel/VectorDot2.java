package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** Sums of eight parts in four vectors of two lanes (NEON): tiles of 2 x 3 sums, 24 registers of 32. */
final class VectorDot2 extends VectorDot {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_128;

    @Override
    int tileRows(int left) {
        return left >= 2 ? 2 : 1;
    }

    @Override
    int tileColumns(int height, int left) {
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
        if (rows == 2 && count == 3) {
            tile2x3(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
        } else if (rows == 2 && count == 1) {
            tile2x1(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
        } else if (rows == 1 && count == 3) {
            tile1x3(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
        } else {
            tile1x1(a, aAt, aStride, b, bFrom, offsets, k, columns, parts);
        }
    }

    static void tile2x3(double[] a, int aAt, int aStep, double[] b, int bAt, int[] rows, int k, int n, double[] sums) {
        int b0 = bAt + rows[k];
        int b1 = bAt + rows[k + 1];
        int b2 = bAt + rows[k + 2];
        DoubleVector s00a = DoubleVector.zero(SPECIES);
        DoubleVector s00b = DoubleVector.zero(SPECIES);
        DoubleVector s00c = DoubleVector.zero(SPECIES);
        DoubleVector s00d = DoubleVector.zero(SPECIES);
        DoubleVector s01a = DoubleVector.zero(SPECIES);
        DoubleVector s01b = DoubleVector.zero(SPECIES);
        DoubleVector s01c = DoubleVector.zero(SPECIES);
        DoubleVector s01d = DoubleVector.zero(SPECIES);
        DoubleVector s02a = DoubleVector.zero(SPECIES);
        DoubleVector s02b = DoubleVector.zero(SPECIES);
        DoubleVector s02c = DoubleVector.zero(SPECIES);
        DoubleVector s02d = DoubleVector.zero(SPECIES);
        DoubleVector s10a = DoubleVector.zero(SPECIES);
        DoubleVector s10b = DoubleVector.zero(SPECIES);
        DoubleVector s10c = DoubleVector.zero(SPECIES);
        DoubleVector s10d = DoubleVector.zero(SPECIES);
        DoubleVector s11a = DoubleVector.zero(SPECIES);
        DoubleVector s11b = DoubleVector.zero(SPECIES);
        DoubleVector s11c = DoubleVector.zero(SPECIES);
        DoubleVector s11d = DoubleVector.zero(SPECIES);
        DoubleVector s12a = DoubleVector.zero(SPECIES);
        DoubleVector s12b = DoubleVector.zero(SPECIES);
        DoubleVector s12c = DoubleVector.zero(SPECIES);
        DoubleVector s12d = DoubleVector.zero(SPECIES);
        for (int q = 0; q < n; q += 8) {
            DoubleVector x0a = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector x1a = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q);
            DoubleVector y0a = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00a = x0a.fma(y0a, s00a);
            s10a = x1a.fma(y0a, s10a);
            DoubleVector y1a = DoubleVector.fromArray(SPECIES, b, b1 + q);
            s01a = x0a.fma(y1a, s01a);
            s11a = x1a.fma(y1a, s11a);
            DoubleVector y2a = DoubleVector.fromArray(SPECIES, b, b2 + q);
            s02a = x0a.fma(y2a, s02a);
            s12a = x1a.fma(y2a, s12a);
            DoubleVector x0b = DoubleVector.fromArray(SPECIES, a, aAt + q + 2);
            DoubleVector x1b = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q + 2);
            DoubleVector y0b = DoubleVector.fromArray(SPECIES, b, b0 + q + 2);
            s00b = x0b.fma(y0b, s00b);
            s10b = x1b.fma(y0b, s10b);
            DoubleVector y1b = DoubleVector.fromArray(SPECIES, b, b1 + q + 2);
            s01b = x0b.fma(y1b, s01b);
            s11b = x1b.fma(y1b, s11b);
            DoubleVector y2b = DoubleVector.fromArray(SPECIES, b, b2 + q + 2);
            s02b = x0b.fma(y2b, s02b);
            s12b = x1b.fma(y2b, s12b);
            DoubleVector x0c = DoubleVector.fromArray(SPECIES, a, aAt + q + 4);
            DoubleVector x1c = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q + 4);
            DoubleVector y0c = DoubleVector.fromArray(SPECIES, b, b0 + q + 4);
            s00c = x0c.fma(y0c, s00c);
            s10c = x1c.fma(y0c, s10c);
            DoubleVector y1c = DoubleVector.fromArray(SPECIES, b, b1 + q + 4);
            s01c = x0c.fma(y1c, s01c);
            s11c = x1c.fma(y1c, s11c);
            DoubleVector y2c = DoubleVector.fromArray(SPECIES, b, b2 + q + 4);
            s02c = x0c.fma(y2c, s02c);
            s12c = x1c.fma(y2c, s12c);
            DoubleVector x0d = DoubleVector.fromArray(SPECIES, a, aAt + q + 6);
            DoubleVector x1d = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q + 6);
            DoubleVector y0d = DoubleVector.fromArray(SPECIES, b, b0 + q + 6);
            s00d = x0d.fma(y0d, s00d);
            s10d = x1d.fma(y0d, s10d);
            DoubleVector y1d = DoubleVector.fromArray(SPECIES, b, b1 + q + 6);
            s01d = x0d.fma(y1d, s01d);
            s11d = x1d.fma(y1d, s11d);
            DoubleVector y2d = DoubleVector.fromArray(SPECIES, b, b2 + q + 6);
            s02d = x0d.fma(y2d, s02d);
            s12d = x1d.fma(y2d, s12d);
        }
        s00a.intoArray(sums, 0);
        s00b.intoArray(sums, 2);
        s00c.intoArray(sums, 4);
        s00d.intoArray(sums, 6);
        s01a.intoArray(sums, 8);
        s01b.intoArray(sums, 10);
        s01c.intoArray(sums, 12);
        s01d.intoArray(sums, 14);
        s02a.intoArray(sums, 16);
        s02b.intoArray(sums, 18);
        s02c.intoArray(sums, 20);
        s02d.intoArray(sums, 22);
        s10a.intoArray(sums, 24);
        s10b.intoArray(sums, 26);
        s10c.intoArray(sums, 28);
        s10d.intoArray(sums, 30);
        s11a.intoArray(sums, 32);
        s11b.intoArray(sums, 34);
        s11c.intoArray(sums, 36);
        s11d.intoArray(sums, 38);
        s12a.intoArray(sums, 40);
        s12b.intoArray(sums, 42);
        s12c.intoArray(sums, 44);
        s12d.intoArray(sums, 46);
    }

    static void tile2x1(double[] a, int aAt, int aStep, double[] b, int bAt, int[] rows, int k, int n, double[] sums) {
        int b0 = bAt + rows[k];
        DoubleVector s00a = DoubleVector.zero(SPECIES);
        DoubleVector s00b = DoubleVector.zero(SPECIES);
        DoubleVector s00c = DoubleVector.zero(SPECIES);
        DoubleVector s00d = DoubleVector.zero(SPECIES);
        DoubleVector s10a = DoubleVector.zero(SPECIES);
        DoubleVector s10b = DoubleVector.zero(SPECIES);
        DoubleVector s10c = DoubleVector.zero(SPECIES);
        DoubleVector s10d = DoubleVector.zero(SPECIES);
        for (int q = 0; q < n; q += 8) {
            DoubleVector x0a = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector x1a = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q);
            DoubleVector y0a = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00a = x0a.fma(y0a, s00a);
            s10a = x1a.fma(y0a, s10a);
            DoubleVector x0b = DoubleVector.fromArray(SPECIES, a, aAt + q + 2);
            DoubleVector x1b = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q + 2);
            DoubleVector y0b = DoubleVector.fromArray(SPECIES, b, b0 + q + 2);
            s00b = x0b.fma(y0b, s00b);
            s10b = x1b.fma(y0b, s10b);
            DoubleVector x0c = DoubleVector.fromArray(SPECIES, a, aAt + q + 4);
            DoubleVector x1c = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q + 4);
            DoubleVector y0c = DoubleVector.fromArray(SPECIES, b, b0 + q + 4);
            s00c = x0c.fma(y0c, s00c);
            s10c = x1c.fma(y0c, s10c);
            DoubleVector x0d = DoubleVector.fromArray(SPECIES, a, aAt + q + 6);
            DoubleVector x1d = DoubleVector.fromArray(SPECIES, a, aAt + aStep + q + 6);
            DoubleVector y0d = DoubleVector.fromArray(SPECIES, b, b0 + q + 6);
            s00d = x0d.fma(y0d, s00d);
            s10d = x1d.fma(y0d, s10d);
        }
        s00a.intoArray(sums, 0);
        s00b.intoArray(sums, 2);
        s00c.intoArray(sums, 4);
        s00d.intoArray(sums, 6);
        s10a.intoArray(sums, 8);
        s10b.intoArray(sums, 10);
        s10c.intoArray(sums, 12);
        s10d.intoArray(sums, 14);
    }

    static void tile1x3(double[] a, int aAt, int aStep, double[] b, int bAt, int[] rows, int k, int n, double[] sums) {
        int b0 = bAt + rows[k];
        int b1 = bAt + rows[k + 1];
        int b2 = bAt + rows[k + 2];
        DoubleVector s00a = DoubleVector.zero(SPECIES);
        DoubleVector s00b = DoubleVector.zero(SPECIES);
        DoubleVector s00c = DoubleVector.zero(SPECIES);
        DoubleVector s00d = DoubleVector.zero(SPECIES);
        DoubleVector s01a = DoubleVector.zero(SPECIES);
        DoubleVector s01b = DoubleVector.zero(SPECIES);
        DoubleVector s01c = DoubleVector.zero(SPECIES);
        DoubleVector s01d = DoubleVector.zero(SPECIES);
        DoubleVector s02a = DoubleVector.zero(SPECIES);
        DoubleVector s02b = DoubleVector.zero(SPECIES);
        DoubleVector s02c = DoubleVector.zero(SPECIES);
        DoubleVector s02d = DoubleVector.zero(SPECIES);
        for (int q = 0; q < n; q += 8) {
            DoubleVector x0a = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector y0a = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00a = x0a.fma(y0a, s00a);
            DoubleVector y1a = DoubleVector.fromArray(SPECIES, b, b1 + q);
            s01a = x0a.fma(y1a, s01a);
            DoubleVector y2a = DoubleVector.fromArray(SPECIES, b, b2 + q);
            s02a = x0a.fma(y2a, s02a);
            DoubleVector x0b = DoubleVector.fromArray(SPECIES, a, aAt + q + 2);
            DoubleVector y0b = DoubleVector.fromArray(SPECIES, b, b0 + q + 2);
            s00b = x0b.fma(y0b, s00b);
            DoubleVector y1b = DoubleVector.fromArray(SPECIES, b, b1 + q + 2);
            s01b = x0b.fma(y1b, s01b);
            DoubleVector y2b = DoubleVector.fromArray(SPECIES, b, b2 + q + 2);
            s02b = x0b.fma(y2b, s02b);
            DoubleVector x0c = DoubleVector.fromArray(SPECIES, a, aAt + q + 4);
            DoubleVector y0c = DoubleVector.fromArray(SPECIES, b, b0 + q + 4);
            s00c = x0c.fma(y0c, s00c);
            DoubleVector y1c = DoubleVector.fromArray(SPECIES, b, b1 + q + 4);
            s01c = x0c.fma(y1c, s01c);
            DoubleVector y2c = DoubleVector.fromArray(SPECIES, b, b2 + q + 4);
            s02c = x0c.fma(y2c, s02c);
            DoubleVector x0d = DoubleVector.fromArray(SPECIES, a, aAt + q + 6);
            DoubleVector y0d = DoubleVector.fromArray(SPECIES, b, b0 + q + 6);
            s00d = x0d.fma(y0d, s00d);
            DoubleVector y1d = DoubleVector.fromArray(SPECIES, b, b1 + q + 6);
            s01d = x0d.fma(y1d, s01d);
            DoubleVector y2d = DoubleVector.fromArray(SPECIES, b, b2 + q + 6);
            s02d = x0d.fma(y2d, s02d);
        }
        s00a.intoArray(sums, 0);
        s00b.intoArray(sums, 2);
        s00c.intoArray(sums, 4);
        s00d.intoArray(sums, 6);
        s01a.intoArray(sums, 8);
        s01b.intoArray(sums, 10);
        s01c.intoArray(sums, 12);
        s01d.intoArray(sums, 14);
        s02a.intoArray(sums, 16);
        s02b.intoArray(sums, 18);
        s02c.intoArray(sums, 20);
        s02d.intoArray(sums, 22);
    }

    static void tile1x1(double[] a, int aAt, int aStep, double[] b, int bAt, int[] rows, int k, int n, double[] sums) {
        int b0 = bAt + rows[k];
        DoubleVector s00a = DoubleVector.zero(SPECIES);
        DoubleVector s00b = DoubleVector.zero(SPECIES);
        DoubleVector s00c = DoubleVector.zero(SPECIES);
        DoubleVector s00d = DoubleVector.zero(SPECIES);
        for (int q = 0; q < n; q += 8) {
            DoubleVector x0a = DoubleVector.fromArray(SPECIES, a, aAt + q);
            DoubleVector y0a = DoubleVector.fromArray(SPECIES, b, b0 + q);
            s00a = x0a.fma(y0a, s00a);
            DoubleVector x0b = DoubleVector.fromArray(SPECIES, a, aAt + q + 2);
            DoubleVector y0b = DoubleVector.fromArray(SPECIES, b, b0 + q + 2);
            s00b = x0b.fma(y0b, s00b);
            DoubleVector x0c = DoubleVector.fromArray(SPECIES, a, aAt + q + 4);
            DoubleVector y0c = DoubleVector.fromArray(SPECIES, b, b0 + q + 4);
            s00c = x0c.fma(y0c, s00c);
            DoubleVector x0d = DoubleVector.fromArray(SPECIES, a, aAt + q + 6);
            DoubleVector y0d = DoubleVector.fromArray(SPECIES, b, b0 + q + 6);
            s00d = x0d.fma(y0d, s00d);
        }
        s00a.intoArray(sums, 0);
        s00b.intoArray(sums, 2);
        s00c.intoArray(sums, 4);
        s00d.intoArray(sums, 6);
    }
}
