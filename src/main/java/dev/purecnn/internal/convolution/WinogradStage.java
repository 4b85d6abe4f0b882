package dev.purecnn.internal.convolution;

/** By Winograd's algorithm, in lanes throughout. */
final class WinogradStage extends Stage {
    private final WinogradConvolution convolution;
    private final WinogradLayout layout;
    private final boolean first;
    /** Of a pass that keeps them for the way back. */
    private double[] kept = {};
    /** Of the images from {@code cellsFrom} on, in lanes; they begin at {@code cellsAt}. */
    double[] cells;

    private int cellsAt;
    int cellsFrom;
    int gradientFrom;

    WinogradStage(StageShape shape, Room room, boolean first) {
        super(shape);
        this.first = first;
        convolution = new WinogradConvolution(shape.convolution(), room);
        layout = convolution.layout;
    }

    @Override
    int imagesAtOnce() {
        return layout.imagesAtOnce;
    }

    @Override
    void begin(double[] weights, double[] biases, int images) {
        convolution.use(weights, biases, 0);
        if (first || images == 0) {
            cells = convolution.room();
            cellsAt = convolution.cells;
            return;
        }
        int length = Math.max(images, layout.imagesAtOnce) * layout.imageCells;
        if (kept.length < length) {
            kept = new double[length];
        }
        cells = kept;
        cellsAt = 0;
    }

    /** Where the stage before puts its outputs. */
    int cell(int image, int cell, int row, int col) {
        return layout.firstCell(cellsAt, image - cellsFrom, cell) + row * layout.cellRow + col * Lanes.LANES;
    }

    int cellRow() {
        return layout.cellRow;
    }

    /** From the cells of 8 channels to those of the next. */
    int cellPlane() {
        return layout.cellPlane;
    }

    double[] gradientCells() {
        return convolution.gradients().numbers();
    }

    int gradientCell(int image, int cell, int row, int col) {
        return layout.firstCell(convolution.gradients().cells, image - gradientFrom, cell)
                + row * layout.cellRow
                + col * Lanes.LANES;
    }

    @Override
    void forward(double[] images, int image, int count) {
        layOut(images, image, count);
        convolution.forward(cells, cellsAt + (image - cellsFrom) * layout.imageCells, 0, image, count, tail);
    }

    private void layOut(double[] images, int image, int count) {
        if (first) {
            cellsFrom = image;
            layout.layOut(images, image, count, cells, cellsAt);
        }
    }

    @Override
    void beginBackprop() {
        convolution.gradients().begin();
    }

    @Override
    void backprop(
            double[] images, int image, int count, double[] weightGradient, double[] biasGradient, boolean inputToo) {
        layOut(images, image, count);
        gradientFrom = image;
        int from = cellsAt + (image - cellsFrom) * layout.imageCells;
        convolution.gradients().backprop(cells, from, 0, image, count, tail, biasGradient, inputToo);
    }

    @Override
    void takeInputGradient(double[] inputGradient, int image, int count) {
        WinogradGradients back = convolution.gradients();
        layout.takeOut(back.numbers(), back.cells, count, inputGradient, image);
    }

    @Override
    void endBackprop(double[] weightGradient) {
        convolution.gradients().addWeightGradient(weightGradient, 0);
    }
}
