package dev.purecnn.internal.convolution;

import static dev.purecnn.internal.convolution.Lanes.LANES;
import static dev.purecnn.internal.convolution.WinogradLayout.TILE;
import static dev.purecnn.internal.kernel.WinogradKernels.ROW;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.LaneKernels;
import dev.purecnn.internal.kernel.Scratch;
import java.util.Arrays;

/**
 * A 3 x 3 convolution of few channels, always a run's first. Lanes run over filters, images stay planes; values and gradients have the bits
 * that {@link DirectConvolution} gives.
 */
final class ShallowStage extends Stage {
    private static final int MOST_CHANNELS = 4;

    private final ConvolutionShape shape;
    private final DirectLayout layout;
    private final DirectLayout.Phase image;
    private final int[] offsets;
    private final int filterCells;
    private final int tileRows;
    private final int tileCols;
    private final double[] laidOut;
    private final Room room;
    /** Where rows of 32 filters begin in the room: {@code [row of 32][weight][filter]}. */
    private final int packed;

    private final double[] starts;
    private final int strip;
    private final int stripLength;
    private final Scratch scratch = new Scratch();
    private double[] weights;
    private Back back;

    ShallowStage(StageShape stage, Room room) {
        super(stage);
        this.room = room;
        shape = stage.convolution();
        layout = new DirectLayout(shape);
        image = layout.phases()[0];
        offsets = layout.inputOffsets(1);
        filterCells = Lanes.blocks(shape.filters());
        tileRows = WinogradLayout.tiles(shape.rows());
        tileCols = WinogradLayout.tiles(shape.cols());
        laidOut = new double[layout.inputSize + DirectLayout.LANES + layout.overhang];
        packed = room.take((shape.filters() + ROW - 1) / ROW * offsets.length * ROW);
        starts = new double[filterCells * LANES];
        stripLength = tileCols * TILE * TILE * LANES;
        strip = room.take(Math.min(filterCells, ROW / LANES) * stripLength);
    }

    static boolean suits(ConvolutionShape shape) {
        return shape.channels() <= MOST_CHANNELS
                && shape.groups() == 1
                && shape.filters() >= LANES
                && shape.rows().isPlain(3)
                && shape.cols().isPlain(3);
    }

    @Override
    int imagesAtOnce() {
        return 1;
    }

    @Override
    void begin(double[] newWeights, double[] biases, int images) {
        weights = newWeights;
        for (int i = 0; i < shape.filters() * offsets.length; i++) {
            int filter = i / offsets.length;
            int to = (filter / ROW * offsets.length + i % offsets.length) * ROW + filter % ROW;
            room.numbers()[packed + to] = newWeights[i];
        }
        DirectConvolution.takeBiases(biases, 0, starts, shape.filters());
    }

    @Override
    void forward(double[] images, int first, int count) {
        for (int i = first; i < first + count; i++) {
            image.layOut(images, i, laidOut, 0, 1);
            for (int tileRow = 0; tileRow < tileRows; tileRow++) {
                for (int cell = 0; cell < filterCells; cell += ROW / LANES) {
                    forward(i, tileRow, cell, Math.min(ROW / LANES, filterCells - cell));
                }
            }
        }
    }

    /** A row of tiles of some cells of filters. */
    private void forward(int number, int tileRow, int cell, int cells) {
        WinogradStage next = tail.takesRows();
        boolean pools = tail.pools();
        double[] target = next == null ? room.numbers() : next.cells;
        int cellStep = next == null ? stripLength : next.cellPlane();
        int ratio = pools ? 2 : 1;
        for (int r = 0; r < stripRows(tileRow) / ratio; r++) {
            int row = TILE / ratio * tileRow + r;
            int stripRow = strip + r * tileCols * TILE / ratio * LANES;
            int to = next == null ? stripRow : next.cell(number, cell, row, 0);
            if (pools) {
                convolvePooled(2 * row, cell, cells, target, to, cellStep);
            } else {
                double floor = next == null ? Double.NEGATIVE_INFINITY : tail.floor();
                convolve(row, cell, cells, floor, target, to, cellStep);
            }
        }
        for (int c = 0; next == null && c < cells; c++) {
            int from = strip + c * stripLength;
            if (pools) {
                tail.takePooled(room.numbers(), from, number, cell + c, tileRow, tileCols);
            } else {
                tail.take(room.numbers(), from, number, cell + c, tileRow, 0, tileCols);
            }
        }
    }

    private int stripRows(int tileRow) {
        return Math.min(TILE, shape.rows().output() - TILE * tileRow);
    }

    /** One row of outputs. */
    private void convolve(int row, int cell, int cells, double floor, double[] target, int to, int cellStep) {
        LaneKernels kernels = Kernels.active().lanes();
        int width = shape.cols().output();
        for (int col = 0; col < width; col += ROW) {
            kernels.convolve(
                    laidOut,
                    row * layout.rowLength + col,
                    offsets,
                    room.numbers(),
                    packed + cell * LANES * offsets.length,
                    starts,
                    cell * LANES,
                    floor,
                    target,
                    to + col * LANES,
                    cellStep,
                    Math.min(ROW, width - col),
                    cells * LANES,
                    scratch);
        }
    }

    /** One row of pooled outputs. */
    private void convolvePooled(int row, int cell, int cells, double[] target, int to, int cellStep) {
        LaneKernels kernels = Kernels.active().lanes();
        int width = shape.cols().output() / 2;
        for (int col = 0; col < width; col += ROW / 2) {
            kernels.convolvePooled(
                    laidOut,
                    row * layout.rowLength + 2 * col,
                    layout.rowLength,
                    offsets,
                    room.numbers(),
                    packed + cell * LANES * offsets.length,
                    starts,
                    cell * LANES,
                    tail.floor(),
                    target,
                    to + col * LANES,
                    cellStep,
                    Math.min(ROW / 2, width - col),
                    cells * LANES,
                    scratch);
        }
    }

    /** What only the way back needs. */
    private final class Back {
        /** Of one image and 8 filters, laid out as the images are, with zeros between the rows. */
        private final double[] gradient = new double[layout.columns * LANES];

        private final double[] ones = new double[layout.columns];
        private final double[] sums = new double[3 * LANES];
        /** For gradients of images, which hardly anybody wants of a first layer. */
        private DirectConvolution convolution;

        private double[] input;
        private double[] inputGradient;
        private double[] planes;

        private Back() {
            Arrays.fill(ones, 1.0);
        }

        private void takeGradient(int number, int cell) {
            int width = tileCols * TILE * LANES;
            for (int tileRow = 0; tileRow < tileRows; tileRow++) {
                tail.fill(room.numbers(), strip, number, cell, tileRow, 0, tileCols);
                for (int row = 0; row < stripRows(tileRow); row++) {
                    int to = (TILE * tileRow + row) * layout.rowLength * LANES;
                    System.arraycopy(
                            room.numbers(),
                            strip + row * width,
                            gradient,
                            to,
                            shape.cols().output() * LANES);
                }
            }
        }

        private void addGradients(int cell, double[] weightGradient, double[] biasGradient) {
            LaneKernels kernels = Kernels.active().lanes();
            int lanes = Math.min(LANES, shape.filters() - cell * LANES);
            for (int k = 0; k < offsets.length; k += 3) {
                kernels.threeTaps(laidOut, offsets[k], gradient, 0, layout.columns, sums, 0);
                for (int i = 0; i < 3 * lanes; i++) {
                    int weight = (cell * LANES + i / 3) * offsets.length + k + i % 3;
                    weightGradient[weight] += sums[i % 3 * LANES + i / 3];
                }
            }
            if (biasGradient != null) {
                kernels.oneTap(ones, 0, gradient, 0, layout.columns, sums, 0);
                for (int lane = 0; lane < lanes; lane++) {
                    biasGradient[cell * LANES + lane] += sums[lane];
                }
            }
        }

        private void beginInputGradient() {
            if (convolution == null) {
                convolution = new DirectConvolution(shape);
                input = new double[shape.channels() * shape.inputPlane()];
                inputGradient = new double[input.length];
                planes = new double[shape.filters() * shape.outputPlane()];
            }
        }

        private void takePlanes(int cell) {
            Lanes.toPlanes(
                    gradient,
                    0,
                    layout.rowLength * LANES,
                    planes,
                    cell * LANES * shape.outputPlane(),
                    shape.outputPlane(),
                    shape.cols().output(),
                    shape.filters() - cell * LANES,
                    shape.rows().output(),
                    shape.cols().output());
        }
    }

    @Override
    void beginBackprop() {
        if (back == null) {
            back = new Back();
        }
    }

    @Override
    void backprop(
            double[] images, int first, int count, double[] weightGradient, double[] biasGradient, boolean inputToo) {
        if (inputToo) {
            back.beginInputGradient();
        }
        for (int i = first; i < first + count; i++) {
            image.layOut(images, i, laidOut, 0, 1);
            for (int cell = 0; cell < filterCells; cell++) {
                back.takeGradient(i, cell);
                back.addGradients(cell, weightGradient, biasGradient);
                if (inputToo) {
                    back.takePlanes(cell);
                }
            }
        }
        if (inputToo) {
            back.convolution.backprop(back.input, 1, back.planes, weights, null, null, back.inputGradient);
        }
    }

    @Override
    void takeInputGradient(double[] target, int number, int count) {
        System.arraycopy(back.inputGradient, 0, target, number * back.input.length, back.input.length);
    }

    @Override
    void endBackprop(double[] weightGradient) {
        // each image has added its own
    }
}
