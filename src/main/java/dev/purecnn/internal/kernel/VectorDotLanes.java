package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Kernels#dot} for many rows of A, which lie side by side as lanes: so fewer numbers are loaded for each that is multiplied. Each of a
 * sum's eight parts takes its terms, every eighth column, in a pass of its own. Almost twice as fast as {@link VectorDot}.
 */
final class VectorDotLanes {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** Rows of A that are worked on at once, with eight lanes also twice as many. */
    private static final int ROWS = Math.max(8, 2 * LANES);

    private static final int FEWEST_OFFSETS = 32; // with fewer, turning the rows costs more than it saves

    private static final int PARTS = 8;
    /**
     * Rows of B in a tile. Registers would hold two more, but C2 would put the vectors of so long a method on the heap after some programs,
     * five times slower. With these, the loop keeps its vectors in registers even if C2 may set no trap.
     */
    private static final int HEIGHT = LANES == 8 ? 10 : LANES == 4 ? 6 : 4;
    /** The same for twice as many rows of A. */
    private static final int WIDE_HEIGHT = 4;
    /** From one part's sums of a tile to the next one's. */
    private static final int SUMS = HEIGHT * ROWS;

    private final ThreadLocal<Room> room = ThreadLocal.withInitial(Room::new);

    /** What a thread works in. */
    private static final class Room {
        /** Rows of A side by side. */
        double[] rows = {};
        /** The parts of a tile's sums. */
        final double[] parts = new double[PARTS * SUMS];
    }

    /** How many of the rows that are left to take at once; 0 if there are too few of A or of B to gain by it. */
    static int rows(int left, int offsets) {
        if (left <= ROWS / 2 || offsets < FEWEST_OFFSETS) {
            return 0;
        }
        return Math.min(left, LANES == 8 && left > ROWS + ROWS / 2 ? 2 * ROWS : ROWS);
    }

    /** As {@link Kernels#dot}, for as many rows as {@link #rows} said. The last tile overlaps the one before. */
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
        boolean wide = rows > ROWS;
        int lanes = wide ? 2 * ROWS : ROWS;
        int height = wide ? WIDE_HEIGHT : HEIGHT;
        int length = (columns + PARTS - 1) / PARTS * lanes; // of a part
        if (mine.rows.length < PARTS * length) {
            mine.rows = new double[PARTS * length];
        }
        turn(rows, columns, a, aFrom, aStride, mine.rows, lanes, length);
        for (int done = 0; done < offsets.length; done += height) {
            int k = Math.min(done, offsets.length - height);
            for (int part = 0; part < PARTS; part++) {
                int steps = (columns - part + PARTS - 1) / PARTS;
                tile(height, mine.rows, part * length, b, bFrom + part, offsets, k, steps, mine.parts, part * SUMS);
            }
            sum(mine.parts, height * lanes);
            for (int i = done; i < Math.min(done + height, offsets.length); i++) {
                for (int row = 0; row < rows; row++) {
                    d[dFrom + row * offsets.length + i] += mine.parts[(i - k) * lanes + row];
                }
            }
        }
    }

    private static void tile(
            int height,
            double[] x,
            int xAt,
            double[] b,
            int bAt,
            int[] offsets,
            int k,
            int steps,
            double[] parts,
            int at) {
        switch (height) {
            case 10 -> tile10x2(x, xAt, b, bAt, offsets, k, steps, parts, at);
            case 6 -> tile6x2(x, xAt, b, bAt, offsets, k, steps, parts, at);
            default -> tile4x4(x, xAt, b, bAt, offsets, k, steps, parts, at);
        }
    }

    /** Lays rows side by side: {@code [column mod 8][column / 8][row]}; the last one again for rows that are not there. */
    private static void turn(
            int rows, int columns, double[] a, int aFrom, int aStride, double[] turned, int lanes, int length) {
        for (int row = 0; row < lanes; row += 8) {
            int last = rows - 1 - row;
            int a0 = aFrom + (row + Math.min(0, last)) * aStride;
            int a1 = aFrom + (row + Math.min(1, last)) * aStride;
            int a2 = aFrom + (row + Math.min(2, last)) * aStride;
            int a3 = aFrom + (row + Math.min(3, last)) * aStride;
            int a4 = aFrom + (row + Math.min(4, last)) * aStride;
            int a5 = aFrom + (row + Math.min(5, last)) * aStride;
            int a6 = aFrom + (row + Math.min(6, last)) * aStride;
            int a7 = aFrom + (row + Math.min(7, last)) * aStride;
            for (int i = 0; i < columns; i++) {
                int to = i % PARTS * length + i / PARTS * lanes + row;
                turned[to] = a[a0 + i];
                turned[to + 1] = a[a1 + i];
                turned[to + 2] = a[a2 + i];
                turned[to + 3] = a[a3 + i];
                turned[to + 4] = a[a4 + i];
                turned[to + 5] = a[a5 + i];
                turned[to + 6] = a[a6 + i];
                turned[to + 7] = a[a7 + i];
            }
        }
    }

    /** Adds the parts of a tile's sums, in the order of {@link Kernels#sum}; the sums take the place of the first part. */
    private static void sum(double[] parts, int count) {
        for (int i = 0; i < count; i += LANES) {
            DoubleVector s0 = DoubleVector.fromArray(SPECIES, parts, i);
            DoubleVector s1 = DoubleVector.fromArray(SPECIES, parts, i + SUMS);
            DoubleVector s2 = DoubleVector.fromArray(SPECIES, parts, i + 2 * SUMS);
            DoubleVector s3 = DoubleVector.fromArray(SPECIES, parts, i + 3 * SUMS);
            DoubleVector s4 = DoubleVector.fromArray(SPECIES, parts, i + 4 * SUMS);
            DoubleVector s5 = DoubleVector.fromArray(SPECIES, parts, i + 5 * SUMS);
            DoubleVector s6 = DoubleVector.fromArray(SPECIES, parts, i + 6 * SUMS);
            DoubleVector s7 = DoubleVector.fromArray(SPECIES, parts, i + 7 * SUMS);
            s0.add(s1).add(s2.add(s3)).add(s4.add(s5).add(s6.add(s7))).intoArray(parts, i);
        }
    }

    private static void tile10x2(
            double[] x, int xAt, double[] b, int bAt, int[] offsets, int k, int steps, double[] parts, int at) {
        int o0 = bAt + offsets[k];
        int o1 = bAt + offsets[k + 1];
        int o2 = bAt + offsets[k + 2];
        int o3 = bAt + offsets[k + 3];
        int o4 = bAt + offsets[k + 4];
        int o5 = bAt + offsets[k + 5];
        int o6 = bAt + offsets[k + 6];
        int o7 = bAt + offsets[k + 7];
        int o8 = bAt + offsets[k + 8];
        int o9 = bAt + offsets[k + 9];
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s01 = DoubleVector.zero(SPECIES);
        DoubleVector s10 = DoubleVector.zero(SPECIES);
        DoubleVector s11 = DoubleVector.zero(SPECIES);
        DoubleVector s20 = DoubleVector.zero(SPECIES);
        DoubleVector s21 = DoubleVector.zero(SPECIES);
        DoubleVector s30 = DoubleVector.zero(SPECIES);
        DoubleVector s31 = DoubleVector.zero(SPECIES);
        DoubleVector s40 = DoubleVector.zero(SPECIES);
        DoubleVector s41 = DoubleVector.zero(SPECIES);
        DoubleVector s50 = DoubleVector.zero(SPECIES);
        DoubleVector s51 = DoubleVector.zero(SPECIES);
        DoubleVector s60 = DoubleVector.zero(SPECIES);
        DoubleVector s61 = DoubleVector.zero(SPECIES);
        DoubleVector s70 = DoubleVector.zero(SPECIES);
        DoubleVector s71 = DoubleVector.zero(SPECIES);
        DoubleVector s80 = DoubleVector.zero(SPECIES);
        DoubleVector s81 = DoubleVector.zero(SPECIES);
        DoubleVector s90 = DoubleVector.zero(SPECIES);
        DoubleVector s91 = DoubleVector.zero(SPECIES);
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
            DoubleVector y8 = DoubleVector.broadcast(SPECIES, b[o8 + q]);
            s80 = y8.fma(x0, s80);
            s81 = y8.fma(x1, s81);
            DoubleVector y9 = DoubleVector.broadcast(SPECIES, b[o9 + q]);
            s90 = y9.fma(x0, s90);
            s91 = y9.fma(x1, s91);
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
        s80.intoArray(parts, at + 16 * LANES);
        s81.intoArray(parts, at + 17 * LANES);
        s90.intoArray(parts, at + 18 * LANES);
        s91.intoArray(parts, at + 19 * LANES);
    }

    private static void tile6x2(
            double[] x, int xAt, double[] b, int bAt, int[] offsets, int k, int steps, double[] parts, int at) {
        int o0 = bAt + offsets[k];
        int o1 = bAt + offsets[k + 1];
        int o2 = bAt + offsets[k + 2];
        int o3 = bAt + offsets[k + 3];
        int o4 = bAt + offsets[k + 4];
        int o5 = bAt + offsets[k + 5];
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s01 = DoubleVector.zero(SPECIES);
        DoubleVector s10 = DoubleVector.zero(SPECIES);
        DoubleVector s11 = DoubleVector.zero(SPECIES);
        DoubleVector s20 = DoubleVector.zero(SPECIES);
        DoubleVector s21 = DoubleVector.zero(SPECIES);
        DoubleVector s30 = DoubleVector.zero(SPECIES);
        DoubleVector s31 = DoubleVector.zero(SPECIES);
        DoubleVector s40 = DoubleVector.zero(SPECIES);
        DoubleVector s41 = DoubleVector.zero(SPECIES);
        DoubleVector s50 = DoubleVector.zero(SPECIES);
        DoubleVector s51 = DoubleVector.zero(SPECIES);
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

    private static void tile4x4(
            double[] x, int xAt, double[] b, int bAt, int[] offsets, int k, int steps, double[] parts, int at) {
        int o0 = bAt + offsets[k];
        int o1 = bAt + offsets[k + 1];
        int o2 = bAt + offsets[k + 2];
        int o3 = bAt + offsets[k + 3];
        DoubleVector s00 = DoubleVector.zero(SPECIES);
        DoubleVector s01 = DoubleVector.zero(SPECIES);
        DoubleVector s02 = DoubleVector.zero(SPECIES);
        DoubleVector s03 = DoubleVector.zero(SPECIES);
        DoubleVector s10 = DoubleVector.zero(SPECIES);
        DoubleVector s11 = DoubleVector.zero(SPECIES);
        DoubleVector s12 = DoubleVector.zero(SPECIES);
        DoubleVector s13 = DoubleVector.zero(SPECIES);
        DoubleVector s20 = DoubleVector.zero(SPECIES);
        DoubleVector s21 = DoubleVector.zero(SPECIES);
        DoubleVector s22 = DoubleVector.zero(SPECIES);
        DoubleVector s23 = DoubleVector.zero(SPECIES);
        DoubleVector s30 = DoubleVector.zero(SPECIES);
        DoubleVector s31 = DoubleVector.zero(SPECIES);
        DoubleVector s32 = DoubleVector.zero(SPECIES);
        DoubleVector s33 = DoubleVector.zero(SPECIES);
        int p = xAt;
        int q = 0;
        for (int n = steps; n > 0; n--) {
            DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, p);
            DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, p + LANES);
            DoubleVector x2 = DoubleVector.fromArray(SPECIES, x, p + 2 * LANES);
            DoubleVector x3 = DoubleVector.fromArray(SPECIES, x, p + 3 * LANES);
            DoubleVector y0 = DoubleVector.broadcast(SPECIES, b[o0 + q]);
            s00 = y0.fma(x0, s00);
            s01 = y0.fma(x1, s01);
            s02 = y0.fma(x2, s02);
            s03 = y0.fma(x3, s03);
            DoubleVector y1 = DoubleVector.broadcast(SPECIES, b[o1 + q]);
            s10 = y1.fma(x0, s10);
            s11 = y1.fma(x1, s11);
            s12 = y1.fma(x2, s12);
            s13 = y1.fma(x3, s13);
            DoubleVector y2 = DoubleVector.broadcast(SPECIES, b[o2 + q]);
            s20 = y2.fma(x0, s20);
            s21 = y2.fma(x1, s21);
            s22 = y2.fma(x2, s22);
            s23 = y2.fma(x3, s23);
            DoubleVector y3 = DoubleVector.broadcast(SPECIES, b[o3 + q]);
            s30 = y3.fma(x0, s30);
            s31 = y3.fma(x1, s31);
            s32 = y3.fma(x2, s32);
            s33 = y3.fma(x3, s33);
            p += 4 * LANES;
            q += PARTS;
        }
        s00.intoArray(parts, at);
        s01.intoArray(parts, at + LANES);
        s02.intoArray(parts, at + 2 * LANES);
        s03.intoArray(parts, at + 3 * LANES);
        s10.intoArray(parts, at + 4 * LANES);
        s11.intoArray(parts, at + 5 * LANES);
        s12.intoArray(parts, at + 6 * LANES);
        s13.intoArray(parts, at + 7 * LANES);
        s20.intoArray(parts, at + 8 * LANES);
        s21.intoArray(parts, at + 9 * LANES);
        s22.intoArray(parts, at + 10 * LANES);
        s23.intoArray(parts, at + 11 * LANES);
        s30.intoArray(parts, at + 12 * LANES);
        s31.intoArray(parts, at + 13 * LANES);
        s32.intoArray(parts, at + 14 * LANES);
        s33.intoArray(parts, at + 15 * LANES);
    }
}
