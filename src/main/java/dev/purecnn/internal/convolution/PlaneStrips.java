package dev.purecnn.internal.convolution;

import static dev.purecnn.internal.convolution.Lanes.LANES;

import java.util.Arrays;

/** Strips of outputs, or of their gradients, in planes. */
final class PlaneStrips implements Strips {
    private static final int TILE = WinogradLayout.TILE;

    private final int filters;
    private final int rows;
    private final int cols;
    private double[] planes;

    /** Without groups, a part is an image. */
    PlaneStrips(int filters, int rows, int cols) {
        this.filters = filters;
        this.rows = rows;
        this.cols = cols;
    }

    /** From now on, strips of these planes. */
    PlaneStrips of(double[] some) {
        planes = some;
        return this;
    }

    @Override
    public void take(double[] strip, int from, int part, int cell, int tileRow, int tileCol, int tiles) {
        int count = Math.min(TILE, rows - TILE * tileRow);
        take(strip, from, TILE * tiles, part, cell, TILE * tileRow, TILE * tileCol, count);
    }

    /** Takes some rows of cells; {@code width} is that of the strip, in cells. */
    void take(double[] strip, int from, int width, int part, int cell, int row, int col, int count) {
        Lanes.toPlanes(
                strip,
                from,
                width * LANES,
                planes,
                first(part, cell, row, col),
                rows * cols,
                cols,
                filters - cell * LANES,
                count,
                Math.min(width, cols - col));
    }

    @Override
    public void fill(double[] strip, int to, int part, int cell, int tileRow, int tileCol, int tiles) {
        fill(strip, to, TILE * tiles, part, cell, TILE * tileRow, TILE * tileCol, TILE);
    }

    /** Fills some rows of cells, with zeros over the edge. */
    void fill(double[] strip, int to, int width, int part, int cell, int row, int col, int count) {
        int someRows = Math.min(count, rows - row);
        int someCols = Math.min(width, cols - col);
        if (someRows < count || someCols < width) {
            Arrays.fill(strip, to, to + count * width * LANES, 0.0);
        }
        Lanes.fromPlanes(
                planes,
                first(part, cell, row, col),
                rows * cols,
                cols,
                filters - cell * LANES,
                strip,
                to,
                width * LANES,
                someRows,
                someCols);
    }

    private int first(int part, int cell, int row, int col) {
        return (part * filters + cell * LANES) * rows * cols + row * cols + col;
    }
}
