package dev.purecnn.layer;

import java.util.Arrays;

/**
 * The mean of each window, plane by plane.
 *
 * <p>{@code outputHeight = (height + above + below - dilation * (poolHeight - 1) - 1) / stride + 1}, the width likewise. Unless the
 * builder says otherwise, there is no padding above or below, the dilation is 1, and the size is rounded down: rows and columns at the
 * edge that fill no window are dropped. Each window must meet the image. Where windows overlap, the gradients of a cell add up.
 *
 * <pre>{@code
 * new AveragePoolingLayer(2);     // 28 x 28 becomes 14 x 14
 * new AveragePoolingLayer(3, 2);  // 28 x 28 becomes 13 x 13, windows overlap
 * AveragePoolingLayer.builder(3).stride(1).samePadding().build(); // 28 x 28 stays 28 x 28
 * }</pre>
 *
 * @see <a href="https://doi.org/10.1109/5.726791">LeCun et al. 1998, who call it subsampling</a>
 */
public final class AveragePoolingLayer extends PoolingLayer {
    private static final String COUNTED = "counted"; // in model files

    private final boolean paddingCounts;

    /**
     * Windows side by side.
     *
     * @param poolSize edge of a window, and the step from one to the next, in cells
     * @throws IllegalArgumentException if it is below 1
     */
    public AveragePoolingLayer(int poolSize) {
        this(poolSize, poolSize);
    }

    /**
     * Windows with their own stride.
     *
     * @param poolSize edge of a window, in cells
     * @param stride step from one window to the next, in cells
     * @throws IllegalArgumentException if one of them is below 1
     */
    public AveragePoolingLayer(int poolSize, int stride) {
        super(poolSize, stride);
        paddingCounts = false;
    }

    private AveragePoolingLayer(Builder builder) {
        super(builder);
        paddingCounts = builder.paddingCounts;
    }

    AveragePoolingLayer(LayerDescription description) {
        super(description);
        paddingCounts = COUNTED.equals(description.options().get("zeros"));
    }

    private AveragePoolingLayer(AveragePoolingLayer other) {
        super(other);
        paddingCounts = other.paddingCounts;
    }

    /**
     * Starts a pool with options.
     *
     * @param poolSize edge of a window, in cells
     * @return the builder
     * @throws IllegalArgumentException if it is below 1
     */
    public static Builder builder(int poolSize) {
        return builder(poolSize, poolSize);
    }

    /**
     * Starts a pool of windows that need not be square.
     *
     * @param height rows of a window
     * @param width columns of a window
     * @return the builder
     * @throws IllegalArgumentException if one is below 1
     */
    public static Builder builder(int height, int width) {
        return new Builder(height, width);
    }

    @Override
    void forward(double[] images, Buffers buffers) {
        int out = 0;
        for (int plane = 0; plane < planes(buffers.n); plane++) {
            for (int row = 0; row < output().height(); row++) {
                for (int col = 0; col < output().width(); col++) {
                    buffers.output[out++] = sum(images, plane, row, col) / count(row, col);
                }
            }
        }
    }

    private int count(int row, int col) {
        return paddingCounts
                ? rows().withPadding[row] * cols().withPadding[col]
                : rows().cells[row] * cols().cells[col];
    }

    private int first(int plane, int row, int col) {
        return (plane * input().height() + rows().first[row]) * input().width() + cols().first[col];
    }

    private double sum(double[] images, int plane, int row, int col) {
        double sum = 0;
        int first = first(plane, row, col);
        for (int i = 0; i < rows().cells[row]; i++) {
            for (int j = 0; j < cols().cells[col]; j++) {
                sum += images[first + j * cols().step];
            }
            first += rows().step * input().width();
        }
        return sum;
    }

    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        Arrays.fill(inputGradient, 0.0);
        int out = 0;
        for (int plane = 0; plane < planes(buffers.n); plane++) {
            for (int row = 0; row < output().height(); row++) {
                for (int col = 0; col < output().width(); col++) {
                    add(lossGradient[out++] / count(row, col), inputGradient, plane, row, col);
                }
            }
        }
    }

    private void add(double share, double[] inputGradient, int plane, int row, int col) {
        int first = first(plane, row, col);
        for (int i = 0; i < rows().cells[row]; i++) {
            for (int j = 0; j < cols().cells[col]; j++) {
                inputGradient[first + j * cols().step] += share;
            }
            first += rows().step * input().width();
        }
    }

    @Override
    public LayerDescription description() {
        return paddingCounts ? super.description().with("zeros", COUNTED) : super.description();
    }

    @Override
    String ending() {
        return paddingCounts ? ", countPadding" : "";
    }

    @Override
    AveragePoolingLayer unfittedReplica() {
        return new AveragePoolingLayer(this);
    }

    /**
     * Gathers the options of an {@link AveragePoolingLayer}. The mean is that of the cells within the image, as in TensorFlow and ONNX, unless
     * {@link #countPadding} says otherwise.
     *
     * <pre>{@code
     * AveragePoolingLayer.builder(3).stride(1).samePadding().build();
     * }</pre>
     */
    public static final class Builder extends PoolingLayer.Builder<Builder> {
        private boolean paddingCounts;

        private Builder(int height, int width) {
            super(height, width);
        }

        @Override
        Builder self() {
            return this;
        }

        @Override
        String layer() {
            return "AveragePoolingLayer";
        }

        /**
         * Counts the padding as zeros, as PyTorch does unless told otherwise; but never what a last window has beyond it, see {@link #roundUp}.
         *
         * @return this builder
         */
        public Builder countPadding() {
            paddingCounts = true;
            return this;
        }

        /**
         * Makes the layer. The builder may be used again.
         *
         * @return a new layer, not connected yet
         */
        public AveragePoolingLayer build() {
            return new AveragePoolingLayer(this);
        }
    }
}
