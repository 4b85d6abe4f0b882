package dev.purecnn.layer;

import dev.purecnn.internal.convolution.Axis;
import java.util.List;

/** Windows that slide over each plane: their sizes, and where they lie. */
abstract class PoolingLayer extends BasicLayer {
    private static final String UP = "up"; // in model files

    private final Window window;
    private final boolean roundedUp;
    private boolean pairs;
    private PoolingAxis rows;
    private PoolingAxis cols;

    PoolingLayer(int poolSize, int stride) {
        this(new Window(poolSize, poolSize, stride, stride, 1, 1, Padding.NONE), false);
    }

    PoolingLayer(Builder<?> builder) {
        this(builder.window(), builder.roundedUp);
    }

    PoolingLayer(LayerDescription description) {
        this(
                Window.of(
                        Window.size(description, "poolSize", "Height"),
                        Window.size(description, "poolSize", "Width"),
                        description),
                UP.equals(description.options().get("rounding")));
    }

    /** A copy, not fitted. */
    PoolingLayer(PoolingLayer other) {
        this(other.window, other.roundedUp);
    }

    private PoolingLayer(Window window, boolean roundedUp) {
        if (window.smallest() < 1) {
            throw new IllegalArgumentException(name() + ": expected poolSize and stride of at least 1, got poolSize "
                    + Window.text(window.height(), window.width()) + " and stride "
                    + Window.text(window.strideHeight(), window.strideWidth()) + ". Use 2 for windows of 2 x 2.");
        }
        this.window = window;
        this.roundedUp = roundedUp;
    }

    @Override
    final Shape fit(Shape images) {
        long leastHeight = window.leastHeight(roundedUp);
        long leastWidth = window.leastWidth(roundedUp);
        if (images.height() < leastHeight || images.width() < leastWidth) {
            throw new IllegalArgumentException(name() + ": expected images of at least " + leastHeight + " x "
                    + leastWidth + " cells, got " + images + ". Use a smaller poolSize or fewer pooling layers.");
        }
        try {
            Axis down = window.rows(images.height(), roundedUp);
            Axis across = window.cols(images.width(), roundedUp);
            if (!PoolingAxis.meets(down) || !PoolingAxis.meets(across)) {
                throw new IllegalArgumentException(name() + ": expected windows that meet the image, got one of "
                        + window.height() + " x " + window.width() + " within the padding of " + window.padding()
                        + ". Use less padding or smaller strides.");
            }
            pairs = down.isPairs() && across.isPairs();
            return Shape.of(images.channels(), down.output(), across.output());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(name() + ": expected padded images of at most " + Integer.MAX_VALUE
                    + " rows and columns, got more with a padding of " + window.padding() + ". Use less padding.");
        }
    }

    /**
     * The cells around each image, as many as were given, or as a rule such as 'same' makes of its size; rounded up, also those that its
     * last windows reach beyond.
     *
     * @return the rows above, the columns to the left, the rows below and the columns to the right
     * @throws IllegalStateException if the layer is not connected
     */
    public final List<Integer> padding() {
        checkConnected("padding");
        return window.sides(input(), roundedUp);
    }

    /** The windows down a plane; made when first used: a file may describe a layer that no computer has the memory for. */
    final PoolingAxis rows() {
        if (rows == null) {
            int length = input().height();
            rows = new PoolingAxis(window.rows(length, roundedUp), paddedLength(window.rows(length, false)));
        }
        return rows;
    }

    /** The windows across a plane. */
    final PoolingAxis cols() {
        if (cols == null) {
            int length = input().width();
            cols = new PoolingAxis(window.cols(length, roundedUp), paddedLength(window.cols(length, false)));
        }
        return cols;
    }

    private static int paddedLength(Axis axis) {
        return axis.padding() + axis.input() + axis.paddingAfter();
    }

    /** Whether these are the usual 2 x 2 windows side by side, each within the image. */
    final boolean isPairs() {
        return pairs;
    }

    /** The planes of {@code n} images. */
    final int planes(int n) {
        return n * input().channels();
    }

    @Override
    public LayerDescription description() {
        LayerDescription description =
                window.describeStride(Window.with(super.description(), "poolSize", window.height(), window.width()));
        if (window.isDilated()) {
            description = window.describeDilation(description);
        }
        if (!window.padding().equals(Padding.NONE)) {
            description = window.padding().describe(description);
        }
        return roundedUp ? description.with("rounding", UP) : description;
    }

    /** The notebook's form, such as {@code <MaxPoolingLayer: 2>}, with what differs from it named. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("<" + name() + ": " + Window.text(window.height(), window.width()));
        if (window.strideHeight() != window.height() || window.strideWidth() != window.width()) {
            text.append(", stride=").append(Window.text(window.strideHeight(), window.strideWidth()));
        }
        if (!window.padding().equals(Padding.NONE)) {
            text.append(", padding=").append(window.padding());
        }
        if (window.isDilated()) {
            text.append(", dilation=").append(Window.text(window.dilationHeight(), window.dilationWidth()));
        }
        return text.append(roundedUp ? ", roundUp" : "")
                .append(ending())
                .append('>')
                .toString();
    }

    /** What a layer's text has more than these options. */
    String ending() {
        return "";
    }

    /** The options of a pool. Without any: windows side by side, within the image. */
    abstract static class Builder<B extends Builder<B>> extends WindowBuilder<B> {
        private boolean roundedUp;

        Builder(int poolHeight, int poolWidth) {
            super(poolHeight, poolWidth, 0, Padding.NONE);
            checkPositive(Math.min(poolHeight, poolWidth), "poolSize", layer());
        }

        /**
         * Has a last window that reaches beyond the image, or its padding, count as well, so that the output's size is rounded up; the
         * window must start within the image or the padding before it. Other libraries call this ceil mode.
         *
         * @return this builder
         */
        public B roundUp() {
            roundedUp = true;
            return self();
        }
    }
}
