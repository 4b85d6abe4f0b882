package dev.purecnn.internal.convolution;

import static dev.purecnn.internal.kernel.WinogradKernels.LANES;
import static dev.purecnn.internal.kernel.WinogradKernels.NUMBERS;
import static dev.purecnn.internal.kernel.WinogradKernels.ROW;
import static dev.purecnn.internal.kernel.WinogradKernels.STEP;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.Scratch;
import dev.purecnn.internal.kernel.TileProducts;
import dev.purecnn.internal.kernel.WinogradKernels;
import java.util.Arrays;

/** The way back through a {@link WinogradConvolution}, in whose buffers it works. */
final class WinogradGradients {
    /** That of row 1 and column 1 is the sum of a tile's 16 gradients. */
    private static final int SUM = 7;

    private final WinogradConvolution convolution;
    private final WinogradLayout layout;
    private final ConvolutionShape shape;
    private final Scratch scratch;
    /** Where numbers of windows, and then of their gradients, begin in the convolution's room. */
    private final int windows;

    private final Room room;
    /** Where they begin in this room, and so for filters and cells. */
    private final int products;

    private final int filterNumbers;
    /** Of the images, in lanes. */
    final int cells;

    private final double[] eightFilters = new double[9 * LANES];

    /** From one number to the next of {@code filterNumbers}, which are {@code [number][row of 32][channel][filter]}. */
    private final int filterStep;

    WinogradGradients(WinogradConvolution convolution, Room room) {
        this.convolution = convolution;
        this.room = room;
        layout = convolution.layout;
        shape = layout.shape;
        scratch = convolution.scratch;
        windows = convolution.windows;
        products = room.take(layout.numbers(layout.filterRows));
        filterStep = layout.filterRows * layout.channelCells * LANES * ROW + LANES;
        filterNumbers = room.take(NUMBERS * filterStep);
        cells = room.take(layout.imagesAtOnce * layout.imageCells);
    }

    double[] numbers() {
        return room.numbers();
    }

    /** Before the first image of a group. */
    void begin() {
        Arrays.fill(numbers(), filterNumbers, filterNumbers + NUMBERS * filterStep, 0.0);
    }

    /**
     * Takes at most {@code imagesAtOnce} images back.
     *
     * @param input the cells of the images, which begin at {@code from}; null if the weights' gradient is not wanted
     * @param biasGradient added to, or null
     * @param inputToo whether {@link #cells} shall get the gradient of the images
     */
    void backprop(
            double[] input,
            int from,
            int group,
            int part,
            int count,
            Strips strips,
            double[] biasGradient,
            boolean inputToo) {
        if (inputToo) {
            Arrays.fill(numbers(), cells, cells + count * layout.imageCells, 0.0);
        }
        for (int row = 0; row < count * layout.tileRows; row += layout.blockRows) {
            int rows = Math.min(layout.blockRows, count * layout.tileRows - row);
            for (int col = 0; col < layout.tileCols; col += layout.blockCols) {
                int cols = Math.min(layout.blockCols, layout.tileCols - col);
                takeGradients(strips, part, row, rows, col, cols);
                if (biasGradient != null) {
                    addBiasGradient(biasGradient, group, rows * cols);
                }
                if (input != null) {
                    convolution.takeWindows(input, from, row, rows, col, cols);
                    addFilterGradients(rows * cols);
                }
                if (inputToo) {
                    findWindowGradients(group, rows * cols);
                    addWindowGradients(row, rows, col, cols);
                }
            }
        }
    }

    private void takeGradients(Strips strips, int part, int row, int rows, int col, int cols) {
        WinogradKernels kernels = Kernels.active().winograd();
        for (int r = 0; r < rows; r++) {
            int image = (row + r) / layout.tileRows;
            int tileRow = (row + r) % layout.tileRows;
            for (int cell = 0; cell < layout.filterCells; cell++) {
                strips.fill(
                        convolution.room(), convolution.strip, part + image * shape.groups(), cell, tileRow, col, cols);
                int to = products + layout.numbers(cell / 4) + r * cols * ROW + cell % 4 * LANES;
                kernels.outputGradients(
                        convolution.room(), convolution.strip, cols * 4 * LANES, numbers(), to, STEP, cols, scratch);
            }
        }
    }

    private void addBiasGradient(double[] biasGradient, int group, int tiles) {
        for (int filter = 0; filter < layout.filters; filter++) {
            int from = products + layout.numbers(filter / ROW) + SUM * STEP + filter % ROW;
            for (int tile = 0; tile < tiles; tile++) {
                biasGradient[group * layout.filters + filter] += numbers()[from + tile * ROW];
            }
        }
    }

    /** Each number of a filter met the windows' number, for all tiles. */
    private void addFilterGradients(int tiles) {
        TileProducts kernels = Kernels.active().products();
        int channels = layout.channelCells * LANES;
        for (int number = 0; number < NUMBERS; number++) {
            for (int filter = 0; filter < layout.filters; filter += ROW) {
                int from = products + layout.numbers(filter / ROW) + number * STEP;
                for (int channel = 0; channel < channels; channel += ROW) {
                    kernels.multiplyTransposed(
                            convolution.room(),
                            windows + layout.numbers(channel / ROW) + number * STEP,
                            numbers(),
                            from,
                            tiles,
                            numbers(),
                            filterNumbers + number * filterStep + (filter / ROW * channels + channel) * ROW,
                            Math.min(ROW, channels - channel),
                            Math.min(ROW, layout.filterCells * LANES - filter),
                            scratch);
                }
            }
        }
    }

    private void findWindowGradients(int group, int tiles) {
        TileProducts kernels = Kernels.active().products();
        double[] filters = convolution.filters.backward(convolution.filterScratch);
        double[] windowNumbers = convolution.room();
        for (int number = 0; number < NUMBERS; number++) {
            int from = products + number * STEP;
            for (int channel = 0; channel < layout.channels; channel += ROW) {
                int first = (group * NUMBERS + number) * layout.backwardStep + channel * layout.filters;
                int to = windows + layout.numbers(channel / ROW) + number * STEP;
                int width = Math.min(ROW, layout.channelCells * LANES - channel);
                int terms = Math.min(ROW, layout.filters);
                kernels.multiply(numbers(), from, filters, first, terms, windowNumbers, to, tiles, width, scratch);
                for (int filter = ROW; filter < layout.filters; filter += ROW) {
                    int more = layout.numbers(filter / ROW) + from;
                    terms = Math.min(ROW, layout.filters - filter);
                    kernels.multiplyAdd(
                            numbers(),
                            more,
                            filters,
                            first + filter * ROW,
                            terms,
                            windowNumbers,
                            to,
                            tiles,
                            width,
                            scratch);
                }
            }
        }
    }

    private void addWindowGradients(int row, int rows, int col, int cols) {
        WinogradKernels kernels = Kernels.active().winograd();
        for (int r = 0; r < rows; r++) {
            for (int cell = 0; cell < layout.channelCells; cell++) {
                kernels.windowGradients(
                        convolution.room(),
                        windows + layout.numbers(cell / 4) + r * cols * ROW + cell % 4 * LANES,
                        STEP,
                        numbers(),
                        layout.window(cells, row + r, col, cell),
                        layout.cellRow,
                        cols,
                        scratch);
            }
        }
    }

    /** After the last image of a group. */
    void addWeightGradient(double[] weightGradient, int group) {
        WinogradKernels kernels = Kernels.active().winograd();
        int channels = layout.channelCells * LANES;
        for (int filter = 0; filter < layout.filters; filter += LANES) {
            for (int channel = 0; channel < layout.channels; channel++) {
                int from = filterNumbers + (filter / ROW * channels + channel) * ROW + filter % ROW;
                kernels.filterGradients(numbers(), from, filterStep, eightFilters, scratch);
                for (int lane = 0; lane < Math.min(LANES, layout.filters - filter); lane++) {
                    int plane = (group * layout.filters + filter + lane) * layout.channels + channel;
                    for (int tap = 0; tap < 9; tap++) {
                        weightGradient[plane * 9 + tap] += eightFilters[tap * LANES + lane];
                    }
                }
            }
        }
    }
}
