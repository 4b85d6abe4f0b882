package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of Winograd's convolution with vectors: the same bits, sooner. With some profiles, JDK 17 makes objects of vectors that a loop
 * carries from one tile to the next and calls: they are arguments here, or stay in memory.
 */
final class VectorWinograd extends WinogradKernels {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int WIDTH = SPECIES.length(); // 2, 4 or 8: part of a cell, or all of it

    @Override
    void output(double[] m, int from, double[] half, int to, int tiles) {
        for (int part = 0; part < LANES; part += WIDTH) {
            outputPart(m, from + part, half, to + part, tiles);
        }
    }

    private static void outputPart(double[] m, int from, double[] half, int to, int tiles) {
        DoubleVector two = DoubleVector.broadcast(SPECIES, 2);
        DoubleVector four = DoubleVector.broadcast(SPECIES, 4);
        DoubleVector eight = DoubleVector.broadcast(SPECIES, 8);
        for (int tile = 0; tile < tiles; tile++) {
            int p = from + tile * ROW;
            int q = to + tile * TILE_NUMBERS;
            DoubleVector m0 = DoubleVector.fromArray(SPECIES, m, p);
            DoubleVector m1 = DoubleVector.fromArray(SPECIES, m, p + WINDOW * STEP);
            DoubleVector m2 = DoubleVector.fromArray(SPECIES, m, p + 2 * WINDOW * STEP);
            DoubleVector m3 = DoubleVector.fromArray(SPECIES, m, p + 3 * WINDOW * STEP);
            DoubleVector m4 = DoubleVector.fromArray(SPECIES, m, p + 4 * WINDOW * STEP);
            DoubleVector m5 = DoubleVector.fromArray(SPECIES, m, p + 5 * WINDOW * STEP);
            DoubleVector even1 = m1.add(m2);
            DoubleVector odd1 = m1.sub(m2);
            DoubleVector even2 = m3.add(m4);
            DoubleVector odd2 = m3.sub(m4);
            m0.add(even1).add(even2).intoArray(half, q);
            odd2.fma(two, odd1).intoArray(half, q + COLUMN);
            even2.fma(four, even1).intoArray(half, q + 2 * COLUMN);
            odd2.fma(eight, odd1).add(m5).intoArray(half, q + 3 * COLUMN);
        }
    }

    @Override
    void outputRow(
            double[] m,
            int from,
            double[] biases,
            int bias,
            double[] cells,
            int to,
            int tiles,
            double[] sums,
            int sum) {
        for (int part = 0; part < LANES; part += WIDTH) {
            outputRowPart(m, from + part, biases, bias + part, cells, to + part, tiles, sums, sum + part);
        }
    }

    private static void outputRowPart(
            double[] m,
            int from,
            double[] biases,
            int bias,
            double[] cells,
            int to,
            int tiles,
            double[] sums,
            int sum) {
        DoubleVector two = DoubleVector.broadcast(SPECIES, 2);
        DoubleVector four = DoubleVector.broadcast(SPECIES, 4);
        DoubleVector eight = DoubleVector.broadcast(SPECIES, 8);
        DoubleVector start = DoubleVector.fromArray(SPECIES, biases, bias);
        DoubleVector total = DoubleVector.fromArray(SPECIES, sums, sum);
        for (int tile = 0; tile < tiles; tile++) {
            int p = from + tile * TILE_NUMBERS;
            int q = to + tile * 4 * LANES;
            DoubleVector m0 = DoubleVector.fromArray(SPECIES, m, p);
            DoubleVector m1 = DoubleVector.fromArray(SPECIES, m, p + LANES);
            DoubleVector m2 = DoubleVector.fromArray(SPECIES, m, p + 2 * LANES);
            DoubleVector m3 = DoubleVector.fromArray(SPECIES, m, p + 3 * LANES);
            DoubleVector m4 = DoubleVector.fromArray(SPECIES, m, p + 4 * LANES);
            DoubleVector m5 = DoubleVector.fromArray(SPECIES, m, p + 5 * LANES);
            DoubleVector even1 = m1.add(m2);
            DoubleVector odd1 = m1.sub(m2);
            DoubleVector even2 = m3.add(m4);
            DoubleVector odd2 = m3.sub(m4);
            DoubleVector y0 = m0.add(even1).add(even2).add(start);
            DoubleVector y1 = odd2.fma(two, odd1).add(start);
            DoubleVector y2 = even2.fma(four, even1).add(start);
            DoubleVector y3 = odd2.fma(eight, odd1).add(m5).add(start);
            y0.intoArray(cells, q);
            y1.intoArray(cells, q + LANES);
            y2.intoArray(cells, q + 2 * LANES);
            y3.intoArray(cells, q + 3 * LANES);
            total = y0.add(y1).add(y2.add(y3)).add(total);
        }
        DoubleVector.zero(SPECIES).add(total).intoArray(sums, sum);
    }

    @Override
    void outputGradient(
            double[] y, int from, int next, int step, double[] m, int to, int toNext, int toStep, int count) {
        for (int part = 0; part < LANES; part += WIDTH) {
            outputGradientPart(y, from + part, next, step, m, to + part, toNext, toStep, count);
        }
    }

    private static void outputGradientPart(
            double[] y, int from, int next, int step, double[] m, int to, int toNext, int toStep, int count) {
        DoubleVector two = DoubleVector.broadcast(SPECIES, 2);
        DoubleVector minus2 = DoubleVector.broadcast(SPECIES, -2);
        DoubleVector four = DoubleVector.broadcast(SPECIES, 4);
        for (int i = 0; i < count; i++) {
            int p = from + i * next;
            int q = to + i * toNext;
            DoubleVector y0 = DoubleVector.fromArray(SPECIES, y, p);
            DoubleVector y1 = DoubleVector.fromArray(SPECIES, y, p + step);
            DoubleVector y2 = DoubleVector.fromArray(SPECIES, y, p + 2 * step);
            DoubleVector y3 = DoubleVector.fromArray(SPECIES, y, p + 3 * step);
            DoubleVector even1 = y0.add(y2);
            DoubleVector odd1 = y1.add(y3);
            DoubleVector even2 = y2.fma(four, y0);
            DoubleVector odd2 = y3.fma(four, y1);
            y0.intoArray(m, q);
            even1.add(odd1).intoArray(m, q + toStep);
            even1.sub(odd1).intoArray(m, q + 2 * toStep);
            odd2.fma(two, even2).intoArray(m, q + 3 * toStep);
            odd2.fma(minus2, even2).intoArray(m, q + 4 * toStep);
            y3.intoArray(m, q + 5 * toStep);
        }
    }

    @Override
    void windowColumns(double[] cells, int from, int cellRow, double[] half, int to, int count) {
        for (int part = 0; part < LANES; part += WIDTH) {
            windowColumnsPart(cells, from + part, cellRow, half, to + part, count);
        }
    }

    private static void windowColumnsPart(double[] cells, int from, int cellRow, double[] half, int to, int count) {
        DoubleVector four = DoubleVector.broadcast(SPECIES, 4);
        DoubleVector minus4 = DoubleVector.broadcast(SPECIES, -4);
        DoubleVector minus5 = DoubleVector.broadcast(SPECIES, -5);
        DoubleVector two = DoubleVector.broadcast(SPECIES, 2);
        DoubleVector minus2 = DoubleVector.broadcast(SPECIES, -2);
        for (int i = 0; i < count; i++) {
            int p = from + i * LANES;
            int q = to + i * COLUMN;
            DoubleVector d0 = DoubleVector.fromArray(SPECIES, cells, p);
            DoubleVector d1 = DoubleVector.fromArray(SPECIES, cells, p + cellRow);
            DoubleVector d2 = DoubleVector.fromArray(SPECIES, cells, p + 2 * cellRow);
            DoubleVector d3 = DoubleVector.fromArray(SPECIES, cells, p + 3 * cellRow);
            DoubleVector d4 = DoubleVector.fromArray(SPECIES, cells, p + 4 * cellRow);
            DoubleVector d5 = DoubleVector.fromArray(SPECIES, cells, p + 5 * cellRow);
            DoubleVector even1 = d2.fma(minus4, d4);
            DoubleVector odd1 = d1.fma(minus4, d3);
            DoubleVector even2 = d4.sub(d2);
            DoubleVector odd2 = d3.sub(d1);
            d0.fma(four, d2.fma(minus5, d4)).intoArray(half, q);
            even1.add(odd1).intoArray(half, q + LANES);
            even1.sub(odd1).intoArray(half, q + 2 * LANES);
            odd2.fma(two, even2).intoArray(half, q + 3 * LANES);
            odd2.fma(minus2, even2).intoArray(half, q + 4 * LANES);
            d1.fma(four, d3.fma(minus5, d5)).intoArray(half, q + 5 * LANES);
        }
    }

    @Override
    void windowRow(double[] half, int from, double[] v, int to, int tiles) {
        for (int part = 0; part < LANES; part += WIDTH) {
            windowRowPart(half, from + part, v, to + part, tiles);
        }
    }

    private static void windowRowPart(double[] half, int from, double[] v, int to, int tiles) {
        DoubleVector four = DoubleVector.broadcast(SPECIES, 4);
        DoubleVector minus4 = DoubleVector.broadcast(SPECIES, -4);
        DoubleVector minus5 = DoubleVector.broadcast(SPECIES, -5);
        DoubleVector two = DoubleVector.broadcast(SPECIES, 2);
        DoubleVector minus2 = DoubleVector.broadcast(SPECIES, -2);
        for (int i = 0; i < tiles; i++) {
            int p = from + i * TILE * COLUMN;
            int q = to + i * ROW;
            DoubleVector d0 = DoubleVector.fromArray(SPECIES, half, p);
            DoubleVector d1 = DoubleVector.fromArray(SPECIES, half, p + COLUMN);
            DoubleVector d2 = DoubleVector.fromArray(SPECIES, half, p + 2 * COLUMN);
            DoubleVector d3 = DoubleVector.fromArray(SPECIES, half, p + 3 * COLUMN);
            DoubleVector d4 = DoubleVector.fromArray(SPECIES, half, p + 4 * COLUMN);
            DoubleVector d5 = DoubleVector.fromArray(SPECIES, half, p + 5 * COLUMN);
            DoubleVector even1 = d2.fma(minus4, d4);
            DoubleVector odd1 = d1.fma(minus4, d3);
            DoubleVector even2 = d4.sub(d2);
            DoubleVector odd2 = d3.sub(d1);
            d0.fma(four, d2.fma(minus5, d4)).intoArray(v, q);
            even1.add(odd1).intoArray(v, q + STEP);
            even1.sub(odd1).intoArray(v, q + 2 * STEP);
            odd2.fma(two, even2).intoArray(v, q + 3 * STEP);
            odd2.fma(minus2, even2).intoArray(v, q + 4 * STEP);
            d1.fma(four, d3.fma(minus5, d5)).intoArray(v, q + 5 * STEP);
        }
    }

    @Override
    void windowGradientRow(double[] v, int from, int step, double[] d, int to, int tiles) {
        for (int part = 0; part < LANES; part += WIDTH) {
            windowGradientRowPart(v, from + part, step, d, to + part, tiles);
        }
    }

    private static void windowGradientRowPart(double[] v, int from, int step, double[] d, int to, int tiles) {
        DoubleVector four = DoubleVector.broadcast(SPECIES, 4);
        DoubleVector minus4 = DoubleVector.broadcast(SPECIES, -4);
        DoubleVector minus5 = DoubleVector.broadcast(SPECIES, -5);
        DoubleVector two = DoubleVector.broadcast(SPECIES, 2);
        DoubleVector minus2 = DoubleVector.broadcast(SPECIES, -2);
        DoubleVector.zero(SPECIES).intoArray(d, to);
        DoubleVector.zero(SPECIES).intoArray(d, to + LANES);
        for (int tile = 0; tile < tiles; tile++) {
            int p = from + tile * ROW;
            int q = to + tile * 4 * LANES;
            DoubleVector left0 = DoubleVector.fromArray(SPECIES, d, q);
            DoubleVector left1 = DoubleVector.fromArray(SPECIES, d, q + LANES);
            DoubleVector v0 = DoubleVector.fromArray(SPECIES, v, p);
            DoubleVector v1 = DoubleVector.fromArray(SPECIES, v, p + step);
            DoubleVector v2 = DoubleVector.fromArray(SPECIES, v, p + 2 * step);
            DoubleVector v3 = DoubleVector.fromArray(SPECIES, v, p + 3 * step);
            DoubleVector v4 = DoubleVector.fromArray(SPECIES, v, p + 4 * step);
            DoubleVector v5 = DoubleVector.fromArray(SPECIES, v, p + 5 * step);
            DoubleVector even1 = v1.add(v2);
            DoubleVector odd1 = v1.sub(v2);
            DoubleVector even2 = v3.add(v4);
            DoubleVector odd2 = v3.sub(v4);
            v0.fma(four, left0).intoArray(d, q);
            v5.fma(four, odd1.fma(minus4, odd2.fma(minus2, left1))).intoArray(d, q + LANES);
            v0.fma(minus5, even1.fma(minus4, even2.neg())).intoArray(d, q + 2 * LANES);
            v5.fma(minus5, odd2.fma(two, odd1)).intoArray(d, q + 3 * LANES);
            v0.add(even1).add(even2).intoArray(d, q + 4 * LANES);
            v5.intoArray(d, q + 5 * LANES);
        }
    }

    @Override
    void windowGradientColumns(double[] v, int from, int step, double[] cells, int to, int cellRow, int count) {
        DoubleVector four = DoubleVector.broadcast(SPECIES, 4);
        DoubleVector minus4 = DoubleVector.broadcast(SPECIES, -4);
        DoubleVector minus5 = DoubleVector.broadcast(SPECIES, -5);
        DoubleVector two = DoubleVector.broadcast(SPECIES, 2);
        DoubleVector minus2 = DoubleVector.broadcast(SPECIES, -2);
        for (int i = 0; i < count * LANES; i += WIDTH) {
            int p = from + i;
            int q = to + i;
            DoubleVector v0 = DoubleVector.fromArray(SPECIES, v, p);
            DoubleVector v1 = DoubleVector.fromArray(SPECIES, v, p + step);
            DoubleVector v2 = DoubleVector.fromArray(SPECIES, v, p + 2 * step);
            DoubleVector v3 = DoubleVector.fromArray(SPECIES, v, p + 3 * step);
            DoubleVector v4 = DoubleVector.fromArray(SPECIES, v, p + 4 * step);
            DoubleVector v5 = DoubleVector.fromArray(SPECIES, v, p + 5 * step);
            DoubleVector even1 = v1.add(v2);
            DoubleVector odd1 = v1.sub(v2);
            DoubleVector even2 = v3.add(v4);
            DoubleVector odd2 = v3.sub(v4);
            DoubleVector c0 = DoubleVector.fromArray(SPECIES, cells, q);
            DoubleVector c1 = DoubleVector.fromArray(SPECIES, cells, q + cellRow);
            DoubleVector c2 = DoubleVector.fromArray(SPECIES, cells, q + 2 * cellRow);
            DoubleVector c3 = DoubleVector.fromArray(SPECIES, cells, q + 3 * cellRow);
            DoubleVector c4 = DoubleVector.fromArray(SPECIES, cells, q + 4 * cellRow);
            DoubleVector c5 = DoubleVector.fromArray(SPECIES, cells, q + 5 * cellRow);
            v0.fma(four, c0).intoArray(cells, q);
            v5.fma(four, odd1.fma(minus4, odd2.fma(minus2, c1))).intoArray(cells, q + cellRow);
            c2.add(v0.fma(minus5, even1.fma(minus4, even2.neg()))).intoArray(cells, q + 2 * cellRow);
            c3.add(v5.fma(minus5, odd2.fma(two, odd1))).intoArray(cells, q + 3 * cellRow);
            c4.add(v0.add(even1).add(even2)).intoArray(cells, q + 4 * cellRow);
            c5.add(v5).intoArray(cells, q + 5 * cellRow);
        }
    }

    @Override
    void filter(double[] g, int from, int step, double[] u, int to, int toStep) {
        for (int part = 0; part < LANES; part += WIDTH) {
            int p = from + part;
            int q = to + part;
            DoubleVector g0 = DoubleVector.fromArray(SPECIES, g, p);
            DoubleVector g1 = DoubleVector.fromArray(SPECIES, g, p + step);
            DoubleVector g2 = DoubleVector.fromArray(SPECIES, g, p + 2 * step);
            DoubleVector outer1 = g0.add(g2).mul(-1 / 6.0);
            DoubleVector inner1 = g1.mul(1 / 6.0);
            DoubleVector outer2 = g2.fma(DoubleVector.broadcast(SPECIES, 4), g0).mul(1 / 24.0);
            DoubleVector inner2 = g1.mul(1 / 12.0);
            g0.mul(0.25).intoArray(u, q);
            outer1.sub(inner1).intoArray(u, q + toStep);
            outer1.add(inner1).intoArray(u, q + 2 * toStep);
            outer2.add(inner2).intoArray(u, q + 3 * toStep);
            outer2.sub(inner2).intoArray(u, q + 4 * toStep);
            g2.intoArray(u, q + 5 * toStep);
        }
    }

    @Override
    void filterGradient(double[] u, int from, int step, double[] g, int to, int toStep) {
        for (int part = 0; part < LANES; part += WIDTH) {
            int p = from + part;
            int q = to + part;
            DoubleVector u0 = DoubleVector.fromArray(SPECIES, u, p);
            DoubleVector u1 = DoubleVector.fromArray(SPECIES, u, p + step);
            DoubleVector u2 = DoubleVector.fromArray(SPECIES, u, p + 2 * step);
            DoubleVector u3 = DoubleVector.fromArray(SPECIES, u, p + 3 * step);
            DoubleVector u4 = DoubleVector.fromArray(SPECIES, u, p + 4 * step);
            DoubleVector u5 = DoubleVector.fromArray(SPECIES, u, p + 5 * step);
            DoubleVector even1 = u1.add(u2);
            DoubleVector even2 = u3.add(u4);
            DoubleVector sixth = DoubleVector.broadcast(SPECIES, 1 / 6.0);
            DoubleVector minusSixth = DoubleVector.broadcast(SPECIES, -1 / 6.0);
            DoubleVector twelfth = DoubleVector.broadcast(SPECIES, 1 / 12.0);
            DoubleVector twentyFourth = DoubleVector.broadcast(SPECIES, 1 / 24.0);
            even2.fma(twentyFourth, even1.fma(minusSixth, u0.mul(0.25))).intoArray(g, q);
            u3.sub(u4).fma(twelfth, u2.sub(u1).mul(sixth)).intoArray(g, q + toStep);
            even2.fma(sixth, even1.fma(minusSixth, u5)).intoArray(g, q + 2 * toStep);
        }
    }
}
