package dev.purecnn.internal.kernel;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#dot} for many rows of A, which lie side by side as lanes: so fewer numbers are loaded for each that is multiplied. Each of a
 * sum's eight parts takes its terms, every eighth column, in a pass of its own. A half faster than {@link VectorDot} on AVX2, a fifth
 * to a half on AVX-512.
 */
final class VectorDotLanes {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** Rows that are worked on at once. */
    static final int ROWS = 2 * LANES;

    private static final int FEWEST_OFFSETS = 32; // with fewer, turning the rows costs more than it saves

    private static final int PARTS = 8;
    /** Of A and B, that stay in the cache while all passes go over them. */
    private static final int COLUMNS = 256;

    private final ThreadLocal<Room> room = ThreadLocal.withInitial(Room::new);

    /** What a thread works in. */
    private static final class Room {
        /** Columns of A, those of each part one after another. */
        final double[] columns = new double[COLUMNS * ROWS];
        /** The sums of a part, for each row of B; then the next part. */
        double[] parts = {};
    }

    /** Whether there are enough rows of A and of B to gain by it. */
    static boolean suits(int rows, int offsets) {
        return rows > ROWS / 2 && offsets >= FEWEST_OFFSETS;
    }

    /** As {@link Kernels#dot}, for at most {@link #ROWS} rows. */
    void dot(
            int rows,
            int columns,
            int[] offsets,
            double[] a,
            int aFrom,
            int aStride,
            double[] b,
            int bFrom,
            double[] d,
            int dFrom) {
        Room mine = room.get();
        int partLength = offsets.length * ROWS;
        if (mine.parts.length < PARTS * partLength) {
            mine.parts = new double[PARTS * partLength];
        }
        Arrays.fill(mine.parts, 0, PARTS * partLength, 0.0);
        for (int from = 0; from < columns; from += COLUMNS) {
            int length = Math.min(COLUMNS, columns - from);
            turn(rows, length, a, aFrom + from, aStride, mine.columns);
            for (int k = 0, count; k < offsets.length; k += count) {
                count = count(offsets.length - k);
                for (int part = 0; part < Math.min(PARTS, length); part++) {
                    int at = part * partLength + k * ROWS;
                    int steps = (length - part + PARTS - 1) / PARTS;
                    tile(
                            count,
                            mine.columns,
                            part * COLUMNS / PARTS * ROWS,
                            b,
                            bFrom + from + part,
                            offsets,
                            k,
                            steps,
                            mine.parts,
                            at);
                }
            }
        }
        for (int k = 0; k < offsets.length; k++) {
            for (int row = 0; row < rows; row++) {
                d[dFrom + row * offsets.length + k] += Kernels.sum(mine.parts, k * ROWS + row, partLength);
            }
        }
    }

    /** Lays rows side by side: {@code [part][column / 8][row]}, with zeros for rows that are not there. */
    private static void turn(int rows, int length, double[] a, int aFrom, int aStride, double[] columns) {
        if (rows < ROWS) {
            Arrays.fill(columns, 0.0);
        }
        for (int row = 0; row < rows; row++) {
            for (int part = 0; part < Math.min(PARTS, length); part++) {
                int from = aFrom + row * aStride + part;
                int to = part * (COLUMNS / PARTS) * ROWS + row;
                for (int i = part; i < length; i += PARTS) {
                    columns[to] = a[from];
                    from += PARTS;
                    to += ROWS;
                }
            }
        }
    }

    /**
     * Rows of B in the next tile: as many as the registers hold, but few alone, whose sums would wait for each other, if it can be helped. With
     * eight lanes, tiles of twelve are a fifteenth faster, but after some programs C2 puts their vectors on the heap, five times slower.
     */
    private static int count(int left) {
        if (LANES == 8 && left >= 8) {
            return 8;
        }
        if (LANES < 8 && left >= 6 && left != 8) {
            return 6;
        }
        return left >= 4 ? 4 : 1;
    }

    private static void tile(
            int count,
            double[] x,
            int xAt,
            double[] b,
            int bAt,
            int[] offsets,
            int k,
            int steps,
            double[] parts,
            int at) {
        switch (count) {
            case 8 -> tile8(x, xAt, b, bAt, offsets, k, steps, parts, at);
            case 6 -> tile6(x, xAt, b, bAt, offsets, k, steps, parts, at);
            case 4 -> tile4(x, xAt, b, bAt, offsets, k, steps, parts, at);
            default -> tile1(x, xAt, b, bAt, offsets, k, steps, parts, at);
        }
    }

    private static void tile8(
            double[] x, int xAt, double[] b, int bAt, int[] offsets, int k, int steps, double[] parts, int at) {
        int o0 = bAt + offsets[k];
        int o1 = bAt + offsets[k + 1];
        int o2 = bAt + offsets[k + 2];
        int o3 = bAt + offsets[k + 3];
        int o4 = bAt + offsets[k + 4];
        int o5 = bAt + offsets[k + 5];
        int o6 = bAt + offsets[k + 6];
        int o7 = bAt + offsets[k + 7];
        DoubleVector s00 = DoubleVector.fromArray(SPECIES, parts, at);
        DoubleVector s01 = DoubleVector.fromArray(SPECIES, parts, at + LANES);
        DoubleVector s10 = DoubleVector.fromArray(SPECIES, parts, at + 2 * LANES);
        DoubleVector s11 = DoubleVector.fromArray(SPECIES, parts, at + 3 * LANES);
        DoubleVector s20 = DoubleVector.fromArray(SPECIES, parts, at + 4 * LANES);
        DoubleVector s21 = DoubleVector.fromArray(SPECIES, parts, at + 5 * LANES);
        DoubleVector s30 = DoubleVector.fromArray(SPECIES, parts, at + 6 * LANES);
        DoubleVector s31 = DoubleVector.fromArray(SPECIES, parts, at + 7 * LANES);
        DoubleVector s40 = DoubleVector.fromArray(SPECIES, parts, at + 8 * LANES);
        DoubleVector s41 = DoubleVector.fromArray(SPECIES, parts, at + 9 * LANES);
        DoubleVector s50 = DoubleVector.fromArray(SPECIES, parts, at + 10 * LANES);
        DoubleVector s51 = DoubleVector.fromArray(SPECIES, parts, at + 11 * LANES);
        DoubleVector s60 = DoubleVector.fromArray(SPECIES, parts, at + 12 * LANES);
        DoubleVector s61 = DoubleVector.fromArray(SPECIES, parts, at + 13 * LANES);
        DoubleVector s70 = DoubleVector.fromArray(SPECIES, parts, at + 14 * LANES);
        DoubleVector s71 = DoubleVector.fromArray(SPECIES, parts, at + 15 * LANES);
        int p = xAt;
        int q = 0;
        for (int n = steps; n > 0; n--) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, p);
            DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, p + LANES);
            DoubleVector y0 = DoubleVector.broadcast(SPECIES, b[o0 + q]);
            s00 = y0.fma(x0, s00);
            s01 = y0.fma(x1, s01);
            DoubleVector y1 = DoubleVector.broadcast(SPECIES, b[o1 + q]);
            s10 = y1.fma(x0, s10);
            s11 = y1.fma(x1, s11);
            DoubleVector y2 = DoubleVector.broadcast(SPECIES, b[o2 + q]);
            s20 = y2.fma(x0, s20);
            s21 = y2.fma(x1, s21);
            DoubleVector y3 = DoubleVector.broadcast(SPECIES, b[o3 + q]);
            s30 = y3.fma(x0, s30);
            s31 = y3.fma(x1, s31);
            DoubleVector y4 = DoubleVector.broadcast(SPECIES, b[o4 + q]);
            s40 = y4.fma(x0, s40);
            s41 = y4.fma(x1, s41);
            DoubleVector y5 = DoubleVector.broadcast(SPECIES, b[o5 + q]);
            s50 = y5.fma(x0, s50);
            s51 = y5.fma(x1, s51);
            DoubleVector y6 = DoubleVector.broadcast(SPECIES, b[o6 + q]);
            s60 = y6.fma(x0, s60);
            s61 = y6.fma(x1, s61);
            DoubleVector y7 = DoubleVector.broadcast(SPECIES, b[o7 + q]);
            s70 = y7.fma(x0, s70);
            s71 = y7.fma(x1, s71);
            p += 2 * LANES;
            q += PARTS;
        }
        s00.intoArray(parts, at);
        s01.intoArray(parts, at + LANES);
        s10.intoArray(parts, at + 2 * LANES);
        s11.intoArray(parts, at + 3 * LANES);
        s20.intoArray(parts, at + 4 * LANES);
        s21.intoArray(parts, at + 5 * LANES);
        s30.intoArray(parts, at + 6 * LANES);
        s31.intoArray(parts, at + 7 * LANES);
        s40.intoArray(parts, at + 8 * LANES);
        s41.intoArray(parts, at + 9 * LANES);
        s50.intoArray(parts, at + 10 * LANES);
        s51.intoArray(parts, at + 11 * LANES);
        s60.intoArray(parts, at + 12 * LANES);
        s61.intoArray(parts, at + 13 * LANES);
        s70.intoArray(parts, at + 14 * LANES);
        s71.intoArray(parts, at + 15 * LANES);
    }

    private static void tile6(
            double[] x, int xAt, double[] b, int bAt, int[] offsets, int k, int steps, double[] parts, int at) {
        int o0 = bAt + offsets[k];
        int o1 = bAt + offsets[k + 1];
        int o2 = bAt + offsets[k + 2];
        int o3 = bAt + offsets[k + 3];
        int o4 = bAt + offsets[k + 4];
        int o5 = bAt + offsets[k + 5];
        DoubleVector s00 = DoubleVector.fromArray(SPECIES, parts, at);
        DoubleVector s01 = DoubleVector.fromArray(SPECIES, parts, at + LANES);
        DoubleVector s10 = DoubleVector.fromArray(SPECIES, parts, at + 2 * LANES);
        DoubleVector s11 = DoubleVector.fromArray(SPECIES, parts, at + 3 * LANES);
        DoubleVector s20 = DoubleVector.fromArray(SPECIES, parts, at + 4 * LANES);
        DoubleVector s21 = DoubleVector.fromArray(SPECIES, parts, at + 5 * LANES);
        DoubleVector s30 = DoubleVector.fromArray(SPECIES, parts, at + 6 * LANES);
        DoubleVector s31 = DoubleVector.fromArray(SPECIES, parts, at + 7 * LANES);
        DoubleVector s40 = DoubleVector.fromArray(SPECIES, parts, at + 8 * LANES);
        DoubleVector s41 = DoubleVector.fromArray(SPECIES, parts, at + 9 * LANES);
        DoubleVector s50 = DoubleVector.fromArray(SPECIES, parts, at + 10 * LANES);
        DoubleVector s51 = DoubleVector.fromArray(SPECIES, parts, at + 11 * LANES);
        int p = xAt;
        int q = 0;
        for (int n = steps; n > 0; n--) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, p);
            DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, p + LANES);
            DoubleVector y0 = DoubleVector.broadcast(SPECIES, b[o0 + q]);
            s00 = y0.fma(x0, s00);
            s01 = y0.fma(x1, s01);
            DoubleVector y1 = DoubleVector.broadcast(SPECIES, b[o1 + q]);
            s10 = y1.fma(x0, s10);
            s11 = y1.fma(x1, s11);
            DoubleVector y2 = DoubleVector.broadcast(SPECIES, b[o2 + q]);
            s20 = y2.fma(x0, s20);
            s21 = y2.fma(x1, s21);
            DoubleVector y3 = DoubleVector.broadcast(SPECIES, b[o3 + q]);
            s30 = y3.fma(x0, s30);
            s31 = y3.fma(x1, s31);
            DoubleVector y4 = DoubleVector.broadcast(SPECIES, b[o4 + q]);
            s40 = y4.fma(x0, s40);
            s41 = y4.fma(x1, s41);
            DoubleVector y5 = DoubleVector.broadcast(SPECIES, b[o5 + q]);
            s50 = y5.fma(x0, s50);
            s51 = y5.fma(x1, s51);
            p += 2 * LANES;
            q += PARTS;
        }
        s00.intoArray(parts, at);
        s01.intoArray(parts, at + LANES);
        s10.intoArray(parts, at + 2 * LANES);
        s11.intoArray(parts, at + 3 * LANES);
        s20.intoArray(parts, at + 4 * LANES);
        s21.intoArray(parts, at + 5 * LANES);
        s30.intoArray(parts, at + 6 * LANES);
        s31.intoArray(parts, at + 7 * LANES);
        s40.intoArray(parts, at + 8 * LANES);
        s41.intoArray(parts, at + 9 * LANES);
        s50.intoArray(parts, at + 10 * LANES);
        s51.intoArray(parts, at + 11 * LANES);
    }

    private static void tile4(
            double[] x, int xAt, double[] b, int bAt, int[] offsets, int k, int steps, double[] parts, int at) {
        int o0 = bAt + offsets[k];
        int o1 = bAt + offsets[k + 1];
        int o2 = bAt + offsets[k + 2];
        int o3 = bAt + offsets[k + 3];
        DoubleVector s00 = DoubleVector.fromArray(SPECIES, parts, at);
        DoubleVector s01 = DoubleVector.fromArray(SPECIES, parts, at + LANES);
        DoubleVector s10 = DoubleVector.fromArray(SPECIES, parts, at + 2 * LANES);
        DoubleVector s11 = DoubleVector.fromArray(SPECIES, parts, at + 3 * LANES);
        DoubleVector s20 = DoubleVector.fromArray(SPECIES, parts, at + 4 * LANES);
        DoubleVector s21 = DoubleVector.fromArray(SPECIES, parts, at + 5 * LANES);
        DoubleVector s30 = DoubleVector.fromArray(SPECIES, parts, at + 6 * LANES);
        DoubleVector s31 = DoubleVector.fromArray(SPECIES, parts, at + 7 * LANES);
        int p = xAt;
        int q = 0;
        for (int n = steps; n > 0; n--) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, p);
            DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, p + LANES);
            DoubleVector y0 = DoubleVector.broadcast(SPECIES, b[o0 + q]);
            s00 = y0.fma(x0, s00);
            s01 = y0.fma(x1, s01);
            DoubleVector y1 = DoubleVector.broadcast(SPECIES, b[o1 + q]);
            s10 = y1.fma(x0, s10);
            s11 = y1.fma(x1, s11);
            DoubleVector y2 = DoubleVector.broadcast(SPECIES, b[o2 + q]);
            s20 = y2.fma(x0, s20);
            s21 = y2.fma(x1, s21);
            DoubleVector y3 = DoubleVector.broadcast(SPECIES, b[o3 + q]);
            s30 = y3.fma(x0, s30);
            s31 = y3.fma(x1, s31);
            p += 2 * LANES;
            q += PARTS;
        }
        s00.intoArray(parts, at);
        s01.intoArray(parts, at + LANES);
        s10.intoArray(parts, at + 2 * LANES);
        s11.intoArray(parts, at + 3 * LANES);
        s20.intoArray(parts, at + 4 * LANES);
        s21.intoArray(parts, at + 5 * LANES);
        s30.intoArray(parts, at + 6 * LANES);
        s31.intoArray(parts, at + 7 * LANES);
    }

    private static void tile1(
            double[] x, int xAt, double[] b, int bAt, int[] offsets, int k, int steps, double[] parts, int at) {
        int o0 = bAt + offsets[k];
        DoubleVector s00 = DoubleVector.fromArray(SPECIES, parts, at);
        DoubleVector s01 = DoubleVector.fromArray(SPECIES, parts, at + LANES);
        int p = xAt;
        int q = 0;
        for (int n = steps; n > 0; n--) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, p);
            DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, p + LANES);
            DoubleVector y0 = DoubleVector.broadcast(SPECIES, b[o0 + q]);
            s00 = y0.fma(x0, s00);
            s01 = y0.fma(x1, s01);
            p += 2 * LANES;
            q += PARTS;
        }
        s00.intoArray(parts, at);
        s01.intoArray(parts, at + LANES);
    }
}
