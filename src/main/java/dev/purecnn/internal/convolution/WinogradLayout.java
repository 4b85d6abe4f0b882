package dev.purecnn.internal.convolution;

import static dev.purecnn.internal.kernel.WinogradKernels.BLOCK_TILES;
import static dev.purecnn.internal.kernel.WinogradKernels.LANES;
import static dev.purecnn.internal.kernel.WinogradKernels.NUMBERS;
import static dev.purecnn.internal.kernel.WinogradKernels.ROW;
import static dev.purecnn.internal.kernel.WinogradKernels.STEP;

/**
 * The sizes of one group of a Winograd convolution: its tiles of 4 x 4 outputs, and the blocks of tiles that are worked on at once, small
 * enough for the cache. Tiles at the right and lower edge may reach over it.
 */
final class WinogradLayout {
    static final int TILE = 4;
    private static final int WINDOW = 6;

    final ConvolutionShape shape;
    final int channels;
    final int filters;
    /** Cells of 8 channels or filters. */
    final int channelCells;

    final int filterCells;
    /** Rows of 32. */
    final int channelRows;

    final int filterRows;
    final int tileRows;
    final int tileCols;
    /** A block is that many rows of tiles, of one image or more, and as many columns. */
    final int blockRows;

    final int blockCols;
    final int imagesAtOnce;
    /** From one number of filters to the next, with lanes for filters and for channels. */
    final int forwardStep;

    final int backwardStep;
    /** Of an image in lanes, with padding, and as many cells after it as windows read. */
    final int cellRow;

    final int cellPlane;
    final int imageCells;

    WinogradLayout(ConvolutionShape shape) {
        this.shape = shape;
        channels = shape.groupChannels();
        filters = shape.groupFilters();
        channelCells = Lanes.blocks(channels);
        filterCells = Lanes.blocks(filters);
        channelRows = (channels + ROW - 1) / ROW;
        filterRows = (filters + ROW - 1) / ROW;
        tileRows = tiles(shape.rows());
        tileCols = tiles(shape.cols());
        int blocksAcross = (tileCols + BLOCK_TILES - 1) / BLOCK_TILES;
        blockCols = (tileCols + blocksAcross - 1) / blocksAcross;
        imagesAtOnce = Math.max(1, BLOCK_TILES / Math.multiplyExact(tileRows, tileCols));
        int rows = imagesAtOnce * tileRows;
        int blocksDown = (rows + Math.max(1, BLOCK_TILES / blockCols) - 1) / Math.max(1, BLOCK_TILES / blockCols);
        blockRows = (rows + blocksDown - 1) / blocksDown;
        forwardStep = filterRows * channels * ROW + LANES;
        backwardStep = channelRows * filters * ROW + LANES;
        cellRow = (TILE * tileCols + WINDOW - TILE) * LANES;
        cellPlane = (TILE * tileRows + WINDOW - TILE) * cellRow;
        imageCells = channelCells * cellPlane;
    }

    /** Tiles of 4 outputs along a direction. */
    static int tiles(Axis axis) {
        return (axis.output() + TILE - 1) / TILE;
    }

    int windowsLength() {
        return channelRows * NUMBERS * STEP;
    }

    /** Where the numbers of 32 channels start, or those of as many filters. */
    int numbers(int row32) {
        return row32 * NUMBERS * STEP;
    }

    /** Lays {@code count} images out, of which one group is taken; {@code part} is that of the first. */
    void layOut(double[] images, int part, int count, double[] cells, int to) {
        for (int i = 0; i < count; i++) {
            for (int cell = 0; cell < channelCells; cell++) {
                Lanes.fromPlanes(
                        images,
                        ((part + i * shape.groups()) * channels + cell * LANES) * shape.inputPlane(),
                        shape.inputPlane(),
                        shape.cols().input(),
                        channels - cell * LANES,
                        cells,
                        firstCell(to, i, cell),
                        cellRow,
                        shape.rows().input(),
                        shape.cols().input());
            }
        }
    }

    /** Takes images, or gradients of them, out of their lanes again. */
    void takeOut(double[] cells, int from, int count, double[] images, int part) {
        for (int i = 0; i < count; i++) {
            for (int cell = 0; cell < channelCells; cell++) {
                Lanes.toPlanes(
                        cells,
                        firstCell(from, i, cell),
                        cellRow,
                        images,
                        ((part + i * shape.groups()) * channels + cell * LANES) * shape.inputPlane(),
                        shape.inputPlane(),
                        shape.cols().input(),
                        channels - cell * LANES,
                        shape.rows().input(),
                        shape.cols().input());
            }
        }
    }

    /** Whether a cell of an image in lanes, counted with the padding, is one of the image. */
    boolean isInside(int row, int col) {
        return shape.rows().padding() <= row
                && row < shape.rows().padding() + shape.rows().input()
                && shape.cols().padding() <= col
                && col < shape.cols().padding() + shape.cols().input();
    }

    /** The first window of a row of tiles, counted through images whose cells begin at {@code from}. */
    int window(int from, int row, int tileCol, int cell) {
        return from
                + row / tileRows * imageCells
                + cell * cellPlane
                + row % tileRows * TILE * cellRow
                + tileCol * TILE * LANES;
    }

    /** The first cell of an image, behind the padding, of those that begin at {@code from}. */
    int firstCell(int from, int image, int cell) {
        return from
                + image * imageCells
                + cell * cellPlane
                + shape.rows().padding() * cellRow
                + shape.cols().padding() * LANES;
    }
}
