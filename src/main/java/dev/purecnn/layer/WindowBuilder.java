package dev.purecnn.layer;

/** The options that convolutions and pools have in common. */
abstract class WindowBuilder<B extends WindowBuilder<B>> {
    int height;
    int width;
    private int strideHeight;
    private int strideWidth;
    private int dilationHeight = 1;
    private int dilationWidth = 1;
    private Padding padding;

    /** A stride of 0: as the window. */
    WindowBuilder(int height, int width, int stride, Padding padding) {
        this.height = height;
        this.width = width;
        this.padding = padding;
        strideHeight = stride;
        strideWidth = stride;
    }

    abstract B self();

    /** The layer's name, for messages. */
    abstract String layer();

    Window window() {
        return new Window(
                height,
                width,
                strideHeight == 0 ? height : strideHeight,
                strideWidth == 0 ? width : strideWidth,
                dilationHeight,
                dilationWidth,
                padding);
    }

    /**
     * The step of the window, down and across.
     *
     * @param cells the step, in cells
     * @return this builder
     * @throws IllegalArgumentException if it is below 1
     */
    public B stride(int cells) {
        return stride(cells, cells);
    }

    /**
     * The steps of the window.
     *
     * @param down the step from row to row, in cells
     * @param across the step from column to column, in cells
     * @return this builder
     * @throws IllegalArgumentException if one is below 1
     */
    public B stride(int down, int across) {
        checkPositive(Math.min(down, across), "stride");
        strideHeight = down;
        strideWidth = across;
        return self();
    }

    /**
     * The distance between the cells that neighbouring cells of the window meet (Yu and Koltun 2016, arXiv 1511.07122).
     *
     * @param cells 1 for a window without holes
     * @return this builder
     * @throws IllegalArgumentException if it is below 1
     */
    public B dilation(int cells) {
        return dilation(cells, cells);
    }

    /**
     * The distances between the cells that neighbouring cells of the window meet.
     *
     * @param down between rows, 1 for none left out
     * @param across between columns, 1 for none left out
     * @return this builder
     * @throws IllegalArgumentException if one is below 1
     */
    public B dilation(int down, int across) {
        checkPositive(Math.min(down, across), "dilation");
        dilationHeight = down;
        dilationWidth = across;
        return self();
    }

    /**
     * Cells around the image.
     *
     * @param cells how many on each side; 0 keeps the window within the image
     * @return this builder
     * @throws IllegalArgumentException if it is below 0
     */
    public B padding(int cells) {
        return padding(cells, cells, cells, cells);
    }

    /**
     * Cells around the image, side by side.
     *
     * @param above rows before the first
     * @param left columns before the first
     * @param below rows after the last
     * @param right columns after the last
     * @return this builder
     * @throws IllegalArgumentException if one is below 0
     */
    public B padding(int above, int left, int below, int right) {
        Padding.check(Math.min(Math.min(above, left), Math.min(below, right)), layer());
        padding = Padding.of(above, left, below, right);
        return self();
    }

    /**
     * As many cells around the image as keep its size with stride 1: {@code dilation * (size - 1)} rows and columns, half of them on each
     * side, the odd one below and to the right. So PyTorch does it.
     *
     * @return this builder
     */
    public B samePadding() {
        padding = Padding.SAME;
        return self();
    }

    /**
     * As many cells around the image as give {@code size / stride} outputs, rounded up: half of them on each side, the odd one below and to
     * the right. So TensorFlow and Keras do it; ONNX calls it {@code SAME_UPPER}. With larger strides that is not {@link #samePadding}: there
     * may be fewer cells above and to the left.
     *
     * @return this builder
     */
    public B sameUpperPadding() {
        padding = Padding.SAME_UPPER;
        return self();
    }

    /**
     * As {@link #sameUpperPadding}, with the odd one above and to the left; ONNX calls it {@code SAME_LOWER}.
     *
     * @return this builder
     */
    public B sameLowerPadding() {
        padding = Padding.SAME_LOWER;
        return self();
    }

    private void checkPositive(int size, String name) {
        checkPositive(size, name, layer());
    }

    static void checkPositive(int size, String name, String layer) {
        if (size < 1) {
            throw new IllegalArgumentException(
                    layer + ": expected " + name + " of at least 1, got " + size + ". Use a positive number.");
        }
    }
}
