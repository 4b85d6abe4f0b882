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

/**
 * A 3 x 3 convolution of stride 1 with 36 multiplications per 16 outputs where the definition has 144: Winograd's F(4 x 4, 3 x 3), see {@link
 * WinogradKernels}.
 *
 * <p>Windows and filters are transformed to 36 numbers each; for each number, a product over the channels gives that number of all tiles; and
 * these are transformed to outputs. Gradients go the same way in reverse. The terms of a sum come in an order that does not depend on blocks,
 * and so an image's result does not depend on its batch.
 *
 * <p>Numbers mix the cells of a window, and would spread NaN and infinity over a tile; an image with such an output is done again by
 * definition.
 */
final class WinogradConvolution implements Convolution {
    private static final int FEWEST_CHANNELS = 16; // with fewer, the transforms cost more than they save
    private static final int ROWS_AT_ONCE = 2; // of 32 filters, which read windows from the first-level cache
    private static final int MOST_WEIGHT_PLANES = 1 << 18; // of all filters: each becomes 36 numbers instead of 9

    final WinogradLayout layout;
    /** Of the weights that came last. */
    WinogradFilters filters;

    private double[] lastWeights;
    final Scratch scratch = new Scratch();
    final Scratch filterScratch = WinogradFilters.scratch();
    private final Room room;
    /** Where they begin in the room. */
    final int windows;

    final int strip;
    private final int products;
    private final int half;
    private final ConvolutionShape shape;
    /** Of the images that are worked on. */
    final int cells;

    private final double[] starts;
    private final double[] sums;
    private final PlaneStrips planes;
    /** Null before the first backprop. */
    private WinogradGradients gradients;

    /** One that works by itself, in the room that its thread has. */
    WinogradConvolution(ConvolutionShape shape) {
        this(shape, new Room());
    }

    /** One that works in a room, which is made later, and where cells stay what they are. */
    WinogradConvolution(ConvolutionShape shape, Room room) {
        this.shape = shape;
        this.room = room;
        layout = new WinogradLayout(shape);
        cells = room.take(layout.imagesAtOnce * layout.imageCells);
        windows = room.take(layout.windowsLength());
        products = room.take(layout.numbers(Math.min(ROWS_AT_ONCE, layout.filterRows)));
        strip = room.take(layout.blockCols * 16 * LANES);
        half = room.take(WinogradKernels.halfLength(layout.blockCols));
        starts = new double[layout.filterCells * LANES];
        sums = new double[layout.imagesAtOnce * LANES];
        planes = new PlaneStrips(
                layout.filters, shape.rows().output(), shape.cols().output());
    }

    /** Whether a convolution is of this kind, and of a size to gain by it. */
    static boolean suits(ConvolutionShape shape) {
        int channels = shape.groupChannels();
        int filters = shape.groupFilters();
        return shape.rows().isPlain(3)
                && shape.cols().isPlain(3)
                && Math.min(channels, filters) >= FEWEST_CHANNELS
                && (long) shape.groups() * channels * filters <= MOST_WEIGHT_PLANES
                && suits(shape.rows(), shape.cols());
    }

    /** Tiles that reach far over the edge waste what the others save. */
    private static boolean suits(Axis rows, Axis cols) {
        long tiles = (long) WinogradLayout.tiles(rows) * WinogradLayout.tiles(cols);
        return tiles * NUMBERS * 2 <= (long) rows.output() * cols.output() * 9;
    }

    @Override
    public void forward(double[] images, int n, double[] weights, double[] biases, double[] outputs) {
        enterSharedRoom();
        PlaneStrips strips = planes.of(outputs);
        for (int group = 0; group < shape.groups(); group++) {
            use(weights, biases, group);
            for (int image = 0; image < n; image += layout.imagesAtOnce) {
                int count = Math.min(layout.imagesAtOnce, n - image);
                int part = image * shape.groups() + group;
                layout.layOut(images, part, count, room(), cells);
                forward(room(), cells, group, part, count, strips);
            }
        }
    }

    /** There, others have left numbers where the padding is. */
    private void enterSharedRoom() {
        room.share();
        scratch.use(room(), half);
        Arrays.fill(room(), cells, cells + layout.imagesAtOnce * layout.imageCells, 0.0);
    }

    double[] room() {
        return room.numbers();
    }

    /** Takes over the weights, and a group's biases. */
    void use(double[] weights, double[] biases, int group) {
        use(weights);
        DirectConvolution.takeBiases(biases, group, starts, layout.filters);
    }

    private void use(double[] weights) {
        if (weights != lastWeights) {
            filters = WinogradFilters.of(weights, layout);
            lastWeights = weights;
        }
        filters.use(weights);
    }

    /** Takes at most {@code imagesAtOnce} images from their cells, which begin at {@code from}, to strips. */
    void forward(double[] input, int from, int group, int part, int count, Strips strips) {
        Arrays.fill(sums, 0.0);
        scratch.use(room(), half);
        for (int row = 0; row < count * layout.tileRows; row += layout.blockRows) {
            int rows = Math.min(layout.blockRows, count * layout.tileRows - row);
            for (int col = 0; col < layout.tileCols; col += layout.blockCols) {
                int cols = Math.min(layout.blockCols, layout.tileCols - col);
                takeWindows(input, from, row, rows, col, cols);
                for (int filterRow = 0; filterRow < layout.filterRows; filterRow += ROWS_AT_ONCE) {
                    multiply(group, filterRow, rows * cols);
                    giveOutputs(filterRow, row, rows, col, cols, part, strips);
                }
            }
        }
        for (int i = 0; i < count; i++) {
            if (!isFinite(i)) {
                forwardByDefinition(input, from + i * layout.imageCells, group, part + i * shape.groups(), strips);
            }
        }
    }

    /** Transforms the windows of a block. */
    void takeWindows(double[] input, int from, int row, int rows, int col, int cols) {
        WinogradKernels kernels = Kernels.active().winograd();
        for (int r = 0; r < rows; r++) {
            for (int cell = 0; cell < layout.channelCells; cell++) {
                kernels.windows(
                        input,
                        layout.window(from, row + r, col, cell),
                        layout.cellRow,
                        room(),
                        windows + layout.numbers(cell / 4) + r * cols * ROW + cell % 4 * LANES,
                        cols,
                        scratch);
            }
        }
    }

    private void multiply(int group, int filterRow, int tiles) {
        double[] numbers = filters.forward(filterScratch);
        int end = Math.min(filterRow + ROWS_AT_ONCE, layout.filterRows);
        for (int number = 0; number < NUMBERS; number++) {
            int filter = (group * NUMBERS + number) * layout.forwardStep;
            for (int row = filterRow; row < end; row++) {
                int to = products + layout.numbers(row - filterRow) + number * STEP;
                int width = Math.min(ROW, layout.filterCells * LANES - row * ROW);
                multiply(number, numbers, filter + row * layout.channels * ROW, to, tiles, width);
            }
        }
    }

    private void multiply(int number, double[] numbers, int filter, int to, int tiles, int width) {
        TileProducts kernels = Kernels.active().products();
        int from = windows + number * STEP;
        int terms = Math.min(ROW, layout.channels);
        kernels.multiply(room(), from, numbers, filter, terms, room(), to, tiles, width, scratch);
        for (int channel = ROW; channel < layout.channels; channel += ROW) {
            int more = from + layout.numbers(channel / ROW);
            terms = Math.min(ROW, layout.channels - channel);
            kernels.multiplyAdd(
                    room(), more, numbers, filter + channel * ROW, terms, room(), to, tiles, width, scratch);
        }
    }

    private void giveOutputs(int filterRow, int row, int rows, int col, int cols, int part, Strips strips) {
        WinogradKernels kernels = Kernels.active().winograd();
        int end = Math.min((filterRow + ROWS_AT_ONCE) * 4, layout.filterCells);
        for (int r = 0; r < rows; r++) {
            int image = (row + r) / layout.tileRows;
            int tileRow = (row + r) % layout.tileRows;
            for (int cell = filterRow * 4; cell < end; cell++) {
                int row32 = cell / 4 - filterRow;
                kernels.outputs(
                        room(),
                        products + layout.numbers(row32) + r * cols * ROW + cell % 4 * LANES,
                        starts,
                        cell * LANES,
                        room(),
                        strip,
                        cols * 4 * LANES,
                        cols,
                        sums,
                        image * LANES,
                        scratch);
                strips.take(room(), strip, part + image * shape.groups(), cell, tileRow, col, cols);
            }
        }
    }

    /** As {@link ReferenceConvolution}, from cells in lanes. */
    private void forwardByDefinition(double[] input, int from, int group, int part, Strips strips) {
        for (int cell = 0; cell < layout.filterCells; cell++) {
            for (int tileRow = 0; tileRow < layout.tileRows; tileRow++) {
                for (int col = 0; col < layout.tileCols; col += layout.blockCols) {
                    int cols = Math.min(layout.blockCols, layout.tileCols - col);
                    for (int i = 0; i < 16 * cols; i++) {
                        int outputRow = 4 * tileRow + i / (4 * cols);
                        int outputCol = 4 * col + i % (4 * cols);
                        for (int lane = 0; lane < Math.min(LANES, layout.filters - cell * LANES); lane++) {
                            room()[strip + i * LANES + lane] =
                                    output(input, from, group, cell * LANES + lane, outputRow, outputCol);
                        }
                    }
                    strips.take(room(), strip, part, cell, tileRow, col, cols);
                }
            }
        }
    }

    private double output(double[] input, int from, int group, int filter, int outputRow, int outputCol) {
        double sum = starts[filter];
        for (int channel = 0; channel < layout.channels; channel++) {
            int weight = ((group * layout.filters + filter) * layout.channels + channel) * 9;
            int plane = from + channel / LANES * layout.cellPlane + channel % LANES;
            for (int row = 0; row < 3; row++) {
                for (int col = 0; col < 3; col++) {
                    if (layout.isInside(outputRow + row, outputCol + col)) {
                        int cell = plane + (outputRow + row) * layout.cellRow + (outputCol + col) * LANES;
                        sum += filters.weight(weight + row * 3 + col) * input[cell];
                    }
                }
            }
        }
        return sum;
    }

    private boolean isFinite(int image) {
        double sum = 0;
        for (int lane = 0; lane < LANES; lane++) {
            sum += sums[image * LANES + lane];
        }
        return Double.isFinite(sum);
    }

    @Override
    public void backprop(
            double[] images,
            int n,
            double[] lossGradient,
            double[] weights,
            double[] weightGradient,
            double[] biasGradient,
            double[] inputGradient) {
        WinogradGradients back = gradients == null ? gradients = new WinogradGradients(this, room) : gradients;
        enterSharedRoom();
        PlaneStrips strips = planes.of(lossGradient);
        use(weights);
        for (int group = 0; group < shape.groups(); group++) {
            back.begin();
            for (int image = 0; image < n; image += layout.imagesAtOnce) {
                int count = Math.min(layout.imagesAtOnce, n - image);
                int part = image * shape.groups() + group;
                if (weightGradient != null) {
                    layout.layOut(images, part, count, room(), cells);
                }
                back.backprop(
                        weightGradient == null ? null : room(),
                        cells,
                        group,
                        part,
                        count,
                        strips,
                        biasGradient,
                        inputGradient != null);
                if (inputGradient != null) {
                    layout.takeOut(room(), back.cells, count, inputGradient, part);
                }
            }
            if (weightGradient != null) {
                back.addWeightGradient(weightGradient, group);
            }
        }
    }

    /** The way back in a run, whose room is made when it is first needed. */
    WinogradGradients gradients() {
        if (gradients == null) {
            Room own = new Room();
            gradients = new WinogradGradients(this, own);
            own.make();
        }
        return gradients;
    }
}
