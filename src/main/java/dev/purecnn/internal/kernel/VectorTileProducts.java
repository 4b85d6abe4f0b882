package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;

/**
 * {@link TileProducts} with vectors. Methods too long to write by hand come from {@code VectorGenerator}, among the tests; here they are
 * chosen by what is left to do, and by how many registers there are.
 */
final class VectorTileProducts extends TileProducts {
    private static final int ROW = WinogradKernels.ROW;
    private static final int WIDTH = DoubleVector.SPECIES_PREFERRED.length();
    private static final int NEW = 100; // sums
    static final boolean FEW_REGISTERS = WIDTH == 4; // AVX2 has 16, AVX-512 and NEON have 32

    @Override
    public void multiply(
            double[] a,
            int from,
            double[] b,
            int bFrom,
            int terms,
            double[] c,
            int cFrom,
            int rows,
            int width,
            Scratch scratch) {
        multiply(NEW, a, from, b, bFrom, terms, ZEROS, 0, 0, c, cFrom, rows, width);
    }

    @Override
    public void multiplyAdd(
            double[] a,
            int from,
            double[] b,
            int bFrom,
            int terms,
            double[] c,
            int cFrom,
            int rows,
            int width,
            Scratch scratch) {
        multiply(0, a, from, b, bFrom, terms, c, cFrom, ROW, c, cFrom, rows, width);
    }

    private static void multiply(
            int kind,
            double[] a,
            int from,
            double[] b,
            int bFrom,
            int terms,
            double[] start,
            int startFrom,
            int startRow,
            double[] c,
            int cFrom,
            int rows,
            int width) {
        for (int w = 0, vectors; w < width; w += vectors * WIDTH) {
            vectors = vectors(width - w);
            for (int r = 0, height; r < rows; r += height) {
                height = height(rows - r, vectors);
                int p = from + r * ROW;
                int i = startRow == 0 ? startFrom : startFrom + r * startRow + w;
                int at = cFrom + r * ROW + w;
                tile(kind + height * 10 + vectors, a, p, b, bFrom + w, terms, start, i, startRow, c, at);
            }
        }
    }

    /** How many vectors of what is left of a row. */
    static int vectors(int left) {
        return FEW_REGISTERS ? 2 : Math.min(4, Integer.highestOneBit(left / WIDTH));
    }

    /** How many of the rows that are left. */
    static int height(int left, int vectors) {
        int highest = vectors == 4 ? 4 : 6;
        return left >= highest ? highest : Math.min(2, left);
    }

    /** By height, the first digit, and vectors. The largest tiles of new sums load no starts. */
    private static void tile(
            int size,
            double[] a,
            int from,
            double[] b,
            int bFrom,
            int terms,
            double[] start,
            int i,
            int row,
            double[] c,
            int at) {
        switch (size) {
            case NEW + 44 -> VectorWinogradNewTiles.new4x4(a, from, b, bFrom, terms, c, at);
            case NEW + 62 -> VectorWinogradNewTiles.new6x2(a, from, b, bFrom, terms, c, at);
            case 44 -> VectorWinogradTiles.tile4x4(a, from, b, bFrom, terms, start, i, row, c, at);
            case 24, NEW + 24 -> VectorWinogradTiles.tile2x4(a, from, b, bFrom, terms, start, i, row, c, at);
            case 14, NEW + 14 -> VectorWinogradTiles.tile1x4(a, from, b, bFrom, terms, start, i, row, c, at);
            case 62 -> VectorWinogradTiles.tile6x2(a, from, b, bFrom, terms, start, i, row, c, at);
            case 22, NEW + 22 -> VectorWinogradTiles.tile2x2(a, from, b, bFrom, terms, start, i, row, c, at);
            case 12, NEW + 12 -> VectorWinogradTiles.tile1x2(a, from, b, bFrom, terms, start, i, row, c, at);
            case 61, NEW + 61 -> VectorWinogradTiles.tile6x1(a, from, b, bFrom, terms, start, i, row, c, at);
            case 21, NEW + 21 -> VectorWinogradTiles.tile2x1(a, from, b, bFrom, terms, start, i, row, c, at);
            default -> VectorWinogradTiles.tile1x1(a, from, b, bFrom, terms, start, i, row, c, at);
        }
    }

    @Override
    public void multiplyTransposed(
            double[] a,
            int from,
            double[] b,
            int bFrom,
            int terms,
            double[] c,
            int cFrom,
            int rows,
            int width,
            Scratch scratch) {
        for (int w = 0, vectors; w < width; w += vectors * WIDTH) {
            vectors = vectors(width - w);
            int height = vectors == 4 ? 4 : 8;
            for (int r = 0; r < rows; r += height) {
                int at = cFrom + r * ROW + w;
                switch (vectors) {
                    case 4 -> VectorWinogradTransposedTiles.tile4x4(a, from + r, b, bFrom + w, terms, c, at);
                    case 2 -> VectorWinogradTransposedTiles.tile8x2(a, from + r, b, bFrom + w, terms, c, at);
                    default -> VectorWinogradTransposedTiles.tile8x1(a, from + r, b, bFrom + w, terms, c, at);
                }
            }
        }
    }
}
