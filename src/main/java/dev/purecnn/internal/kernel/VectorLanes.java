package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link LaneKernels} with vectors: the same bits, sooner. */
final class VectorLanes extends LaneKernels {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int WIDTH = SPECIES.length(); // 2, 4 or 8: part of a cell, or all of it
    private static final int CELL = WinogradKernels.LANES;

    @Override
    public void convolve(
            double[] a,
            int from,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] start,
            int startFrom,
            double floor,
            double[] c,
            int cFrom,
            int cellStep,
            int cols,
            int filters,
            Scratch scratch) {
        int next = WIDTH == CELL ? cellStep : WIDTH;
        for (int f = 0, vectors; f < filters; f += vectors * WIDTH) {
            vectors = VectorTileProducts.vectors(filters - f);
            for (int col = 0, height; col < cols; col += height) {
                height = vectors == 4 ? Math.min(2, cols - col) : VectorTileProducts.height(cols - col, vectors);
                int to = cFrom + f / CELL * cellStep + col * CELL;
                int i = startFrom + f;
                columns(height * 10 + vectors, a, from + col, offsets, b, bFrom + f, start, i, floor, c, to, next);
            }
        }
    }

    private static void columns(
            int size,
            double[] a,
            int from,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] start,
            int i,
            double floor,
            double[] c,
            int at,
            int next) {
        switch (size) {
            case 24 -> VectorColumns.columns2x4(a, from, offsets, b, bFrom, start, i, floor, c, at, next);
            case 14 -> VectorColumns.columns1x4(a, from, offsets, b, bFrom, start, i, floor, c, at, next);
            case 62 -> VectorColumns.columns6x2(a, from, offsets, b, bFrom, start, i, floor, c, at, next);
            case 22 -> VectorColumns.columns2x2(a, from, offsets, b, bFrom, start, i, floor, c, at, next);
            case 12 -> VectorColumns.columns1x2(a, from, offsets, b, bFrom, start, i, floor, c, at, next);
            case 61 -> VectorColumns.columns6x1(a, from, offsets, b, bFrom, start, i, floor, c, at, next);
            case 21 -> VectorColumns.columns2x1(a, from, offsets, b, bFrom, start, i, floor, c, at, next);
            default -> VectorColumns.columns1x1(a, from, offsets, b, bFrom, start, i, floor, c, at, next);
        }
    }

    @Override
    public void convolvePooled(
            double[] a,
            int from,
            int row,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] start,
            int startFrom,
            double floor,
            double[] c,
            int cFrom,
            int cellStep,
            int cols,
            int filters,
            Scratch scratch) {
        int next = WIDTH == CELL ? cellStep : WIDTH;
        for (int f = 0, vectors; f < filters; f += vectors * WIDTH) {
            vectors = VectorTileProducts.vectors(filters - f);
            int most = vectors == 4 || VectorTileProducts.FEW_REGISTERS ? 1 : 2;
            for (int col = 0, width; col < cols; col += width) {
                width = Math.min(most, cols - col);
                int p = from + 2 * col;
                int i = startFrom + f;
                int at = cFrom + f / CELL * cellStep + col * CELL;
                pooledColumns(width * 20 + vectors, a, p, row, offsets, b, bFrom + f, start, i, floor, c, at, next);
            }
        }
    }

    private static void pooledColumns(
            int size,
            double[] a,
            int from,
            int row,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] start,
            int i,
            double floor,
            double[] c,
            int at,
            int next) {
        switch (size) {
            case 24 -> VectorPooledColumns.columns2x4(a, from, row, offsets, b, bFrom, start, i, floor, c, at, next);
            case 42 -> VectorPooledColumns.columns4x2(a, from, row, offsets, b, bFrom, start, i, floor, c, at, next);
            case 22 -> VectorPooledColumns.columns2x2(a, from, row, offsets, b, bFrom, start, i, floor, c, at, next);
            case 41 -> VectorPooledColumns.columns4x1(a, from, row, offsets, b, bFrom, start, i, floor, c, at, next);
            default -> VectorPooledColumns.columns2x1(a, from, row, offsets, b, bFrom, start, i, floor, c, at, next);
        }
    }

    @Override
    public void threeTaps(double[] a, int from, double[] g, int gFrom, int places, double[] sums, int to) {
        if (VectorTileProducts.FEW_REGISTERS) {
            super.threeTaps(a, from, g, gFrom, places, sums, to);
            return;
        }
        for (int part = 0; part < CELL; part += WIDTH) {
            VectorTaps.taps3(a, from, g, gFrom + part, places, sums, to + part);
        }
    }

    @Override
    public void oneTap(double[] a, int from, double[] g, int gFrom, int places, double[] sums, int to) {
        for (int part = 0; part < CELL; part += WIDTH) {
            VectorTaps.taps1(a, from, g, gFrom + part, places, sums, to + part);
        }
    }

    @Override
    public void activate(double[] cells, int from, int length, double slope) {
        if (slope == 0) {
            DoubleVector zero = DoubleVector.zero(SPECIES);
            for (int i = from; i < from + length; i += WIDTH) {
                DoubleVector.fromArray(SPECIES, cells, i).max(zero).intoArray(cells, i);
            }
        } else {
            leak(cells, from, length, slope);
        }
    }

    private static void leak(double[] cells, int from, int length, double slope) {
        DoubleVector slopes = DoubleVector.broadcast(SPECIES, slope);
        for (int i = from; i < from + length; i += WIDTH) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, cells, i);
            x.mul(slopes).blend(x, x.compare(VectorOperators.GT, 0.0)).intoArray(cells, i);
        }
    }

    @Override
    public void normalize(double[] cells, int from, int length, double[] norms, int norm) {
        for (int lane = 0; lane < CELL; lane += WIDTH) {
            normalizeLanes(cells, from + lane, from + length, norms, norm + lane);
        }
    }

    private static void normalizeLanes(double[] cells, int from, int end, double[] norms, int norm) {
        DoubleVector mean = DoubleVector.fromArray(SPECIES, norms, norm);
        DoubleVector inverse = DoubleVector.fromArray(SPECIES, norms, norm + CELL);
        DoubleVector scale = DoubleVector.fromArray(SPECIES, norms, norm + 2 * CELL);
        DoubleVector shift = DoubleVector.fromArray(SPECIES, norms, norm + 3 * CELL);
        for (int i = from; i < end; i += CELL) {
            DoubleVector x = DoubleVector.fromArray(SPECIES, cells, i);
            x.sub(mean).mul(inverse).mul(scale).add(shift).intoArray(cells, i);
        }
    }

    @Override
    public void activateGradient(
            double[] outputs, int from, double[] gradient, int gradientFrom, int length, double slope) {
        DoubleVector slopes = DoubleVector.broadcast(SPECIES, slope);
        DoubleVector addend = DoubleVector.broadcast(SPECIES, addend(slope));
        DoubleVector zero = DoubleVector.zero(SPECIES);
        for (int i = 0; i < length; i += WIDTH) {
            DoubleVector output = DoubleVector.fromArray(SPECIES, outputs, from + i);
            DoubleVector g = DoubleVector.fromArray(SPECIES, gradient, gradientFrom + i);
            g.mul(slopes)
                    .add(addend)
                    .blend(output, output.compare(VectorOperators.NE, output))
                    .blend(g, output.compare(VectorOperators.GT, zero))
                    .intoArray(gradient, gradientFrom + i);
        }
    }

    @Override
    public void pool(
            double[] cells,
            int from,
            int cellRow,
            double[] pooled,
            int to,
            int toRow,
            int rows,
            int cols,
            double floor) {
        for (int row = 0; row < rows; row++) {
            for (int part = 0; part < CELL; part += WIDTH) {
                int p = from + 2 * row * cellRow + part;
                int q = to + row * toRow + part;
                if (floor != 0 || !(poolBits(cells, p, cellRow, pooled, q, cols) == 0)) {
                    poolRow(cells, p, cellRow, pooled, q, cols, floor);
                }
            }
        }
    }

    /**
     * As {@link #poolRow} with a floor of 0, in fewer instructions: of two positive numbers, the larger has the larger bits. Returns NaN if
     * some numbers are not finite, which leaves wrong values, and otherwise 0.
     */
    private static double poolBits(double[] cells, int from, int cellRow, double[] pooled, int to, int cols) {
        DoubleVector sum = DoubleVector.zero(SPECIES);
        for (int col = 0; col < cols; col++) {
            int p = from + 2 * col * CELL;
            DoubleVector a = DoubleVector.fromArray(SPECIES, cells, p);
            DoubleVector b = DoubleVector.fromArray(SPECIES, cells, p + CELL);
            DoubleVector c = DoubleVector.fromArray(SPECIES, cells, p + cellRow);
            DoubleVector d = DoubleVector.fromArray(SPECIES, cells, p + cellRow + CELL);
            DoubleVector zero = DoubleVector.zero(SPECIES);
            sum = a.add(b).add(c.add(d)).fma(zero, sum);
            LongVector upper = a.reinterpretAsLongs().max(b.reinterpretAsLongs());
            LongVector lower = c.reinterpretAsLongs().max(d.reinterpretAsLongs());
            LongVector larger = upper.max(lower).max(zero.reinterpretAsLongs());
            larger.reinterpretAsDoubles().intoArray(pooled, to + col * CELL);
        }
        return DoubleVector.zero(SPECIES).add(sum).reduceLanes(VectorOperators.ADD);
    }

    private static void poolRow(
            double[] cells, int from, int cellRow, double[] pooled, int to, int cols, double floor) {
        DoubleVector least = DoubleVector.broadcast(SPECIES, floor);
        for (int col = 0; col < cols; col++) {
            int p = from + 2 * col * CELL;
            DoubleVector upper =
                    DoubleVector.fromArray(SPECIES, cells, p).max(DoubleVector.fromArray(SPECIES, cells, p + CELL));
            DoubleVector lower = DoubleVector.fromArray(SPECIES, cells, p + cellRow)
                    .max(DoubleVector.fromArray(SPECIES, cells, p + cellRow + CELL));
            upper.max(lower).max(least).intoArray(pooled, to + col * CELL);
        }
    }

    @Override
    public void winners(
            double[] cells,
            int from,
            int cellRow,
            double[] pooled,
            int pooledFrom,
            int pooledRow,
            double[] winners,
            int to,
            int toRow,
            int rows,
            int cols) {
        for (int row = 0; row < rows; row++) {
            for (int part = 0; part < CELL; part += WIDTH) {
                int p = from + 2 * row * cellRow + part;
                int q = pooledFrom + row * pooledRow + part;
                winnersRow(cells, p, cellRow, pooled, q, winners, to + row * toRow + part, cols);
            }
        }
    }

    private static void winnersRow(
            double[] cells,
            int from,
            int cellRow,
            double[] pooled,
            int pooledFrom,
            double[] winners,
            int to,
            int cols) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector one = DoubleVector.broadcast(SPECIES, 1);
        DoubleVector two = DoubleVector.broadcast(SPECIES, 2);
        DoubleVector three = DoubleVector.broadcast(SPECIES, 3);
        DoubleVector four = DoubleVector.broadcast(SPECIES, BLOCKED);
        for (int col = 0; col < cols; col++) {
            int p = from + 2 * col * CELL;
            DoubleVector value = DoubleVector.fromArray(SPECIES, pooled, pooledFrom + col * CELL);
            DoubleVector first = DoubleVector.fromArray(SPECIES, cells, p);
            DoubleVector second = DoubleVector.fromArray(SPECIES, cells, p + CELL);
            DoubleVector third = DoubleVector.fromArray(SPECIES, cells, p + cellRow);
            DoubleVector winner = three.blend(two, third.compare(VectorOperators.EQ, value))
                    .blend(one, second.compare(VectorOperators.EQ, value))
                    .blend(zero, first.compare(VectorOperators.EQ, value));
            winner.add(four)
                    .blend(winner, value.compare(VectorOperators.GT, zero))
                    .blend(value, value.compare(VectorOperators.NE, value))
                    .intoArray(winners, to + col * CELL);
        }
    }

    @Override
    public void unpool(
            double[] gradient,
            int from,
            int row,
            double[] winners,
            int winnersFrom,
            int winnersRow,
            double[] cells,
            int to,
            int cellRow,
            int rows,
            int cols,
            double slope) {
        for (int r = 0; r < rows; r++) {
            for (int part = 0; part < CELL; part += WIDTH) {
                int p = from + r * row + part;
                int w = winnersFrom + r * winnersRow + part;
                unpoolRow(gradient, p, winners, w, cells, to + 2 * r * cellRow + part, cellRow, cols, slope);
            }
        }
    }

    private static void unpoolRow(
            double[] gradient,
            int from,
            double[] winners,
            int winnersFrom,
            double[] cells,
            int to,
            int cellRow,
            int cols,
            double slope) {
        DoubleVector slopes = DoubleVector.broadcast(SPECIES, slope);
        DoubleVector addend = DoubleVector.broadcast(SPECIES, addend(slope));
        DoubleVector zero = DoubleVector.zero(SPECIES);
        for (int col = 0; col < cols; col++) {
            int q = to + 2 * col * CELL;
            DoubleVector g = DoubleVector.fromArray(SPECIES, gradient, from + col * CELL);
            DoubleVector winner = DoubleVector.fromArray(SPECIES, winners, winnersFrom + col * CELL);
            DoubleVector passed = g.mul(slopes).add(addend).blend(g, winner.compare(VectorOperators.LT, BLOCKED));
            DoubleVector cell = winner.sub(BLOCKED).blend(winner, winner.compare(VectorOperators.LT, BLOCKED));
            zero.blend(passed, cell.compare(VectorOperators.EQ, 0))
                    .blend(winner, winner.compare(VectorOperators.NE, winner))
                    .intoArray(cells, q);
            zero.blend(passed, cell.compare(VectorOperators.EQ, 1)).intoArray(cells, q + CELL);
            zero.blend(passed, cell.compare(VectorOperators.EQ, 2)).intoArray(cells, q + cellRow);
            zero.blend(passed, cell.compare(VectorOperators.EQ, 3)).intoArray(cells, q + cellRow + CELL);
        }
    }
}
