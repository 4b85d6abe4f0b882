package dev.purecnn.layer;

import dev.purecnn.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * The largest value of each window, plane by plane.
 *
 * <p>{@code outputHeight = (height + above + below - dilation * (poolHeight - 1) - 1) / stride + 1}, the width likewise. Unless the
 * builder says otherwise, there is no padding above or below, the dilation is 1, and the size is rounded down: rows and columns at the
 * edge that fill no window are dropped. Each window must meet the image. Of equal values the first in the window, in row order, gets the
 * whole gradient. NaN counts as largest. Where windows overlap, the gradients of a cell add up.
 *
 * <pre>{@code
 * new MaxPoolingLayer(2);     // 28 x 28 becomes 14 x 14
 * new MaxPoolingLayer(3, 2);  // 28 x 28 becomes 13 x 13, windows overlap
 * MaxPoolingLayer.builder(3).stride(2).padding(1).build(); // 28 x 28 becomes 14 x 14
 * }</pre>
 */
public final class MaxPoolingLayer extends PoolingLayer {
    /** Of each column, in the rows that a row of windows meets. */
    private double[] largest = {};

    /**
     * Windows side by side.
     *
     * @param poolSize edge of a window, and the step from one to the next, in cells
     * @throws IllegalArgumentException if it is below 1
     */
    public MaxPoolingLayer(int poolSize) {
        this(poolSize, poolSize);
    }

    /**
     * Windows with their own stride.
     *
     * @param poolSize edge of a window, in cells
     * @param stride step from one window to the next, in cells
     * @throws IllegalArgumentException if one of them is below 1
     */
    public MaxPoolingLayer(int poolSize, int stride) {
        super(poolSize, stride);
    }

    private MaxPoolingLayer(Builder builder) {
        super(builder);
    }

    MaxPoolingLayer(LayerDescription description) {
        super(description);
    }

    private MaxPoolingLayer(MaxPoolingLayer other) {
        super(other);
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
    boolean join(Fusion fusion) {
        return isPairs() && fusion.addMaxPooling();
    }

    @Override
    void forward(double[] images, Buffers buffers) {
        double[] output = buffers.output;
        if (isPairs()) {
            Kernels.active().maxPool2x2(planes(buffers.n), input().height(), input().width(), images, output);
            return;
        }
        largest = largest.length == 0 ? new double[input().width()] : largest;
        int out = 0;
        for (int plane = 0; plane < planes(buffers.n); plane++) {
            for (int row = 0; row < output().height(); row++) {
                findLargestOfColumns(images, plane, row);
                for (int col = 0; col < output().width(); col++) {
                    output[out++] = largestOfWindow(col);
                }
            }
        }
    }

    /** In a row of windows: no choice and no other order than that of the cells, so that the compiler can take vectors. */
    private void findLargestOfColumns(double[] images, int plane, int row) {
        double[] columns = largest;
        int from = firstCell(plane, row);
        System.arraycopy(images, from, columns, 0, columns.length);
        for (int i = 1; i < rows().cells[row]; i++) {
            from += rows().step * columns.length;
            for (int col = 0; col < columns.length; col++) {
                columns[col] = Math.max(columns[col], images[from + col]);
            }
        }
    }

    private double largestOfWindow(int col) {
        int cell = cols().first[col];
        double value = largest[cell];
        for (int i = 1; i < cols().cells[col]; i++) {
            cell += cols().step;
            value = Math.max(value, largest[cell]);
        }
        return value;
    }

    /** Finds winners by their values: remembering where they are would take memory that predictions have no use for. */
    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        double[] images = buffers.images;
        if (isPairs()) {
            Kernels.active()
                    .maxPool2x2Gradient(
                            planes(buffers.n),
                            input().height(),
                            input().width(),
                            images,
                            buffers.output,
                            lossGradient,
                            inputGradient);
            return;
        }
        Arrays.fill(inputGradient, 0.0);
        int out = 0;
        for (int plane = 0; plane < planes(buffers.n); plane++) {
            for (int row = 0; row < output().height(); row++) {
                for (int col = 0; col < output().width(); col++) {
                    inputGradient[winner(images, buffers.output[out], plane, row, col)] += lossGradient[out++];
                }
            }
        }
    }

    /** The first cell in the window of that output that has its value; or the first NaN. */
    private int winner(double[] images, double value, int plane, int row, int col) {
        int first = firstCell(plane, row) + cols().first[col];
        for (int i = 0; i < rows().cells[row]; i++) {
            int cell = first;
            for (int j = 0; j < cols().cells[col]; j++) {
                if (images[cell] == value || Double.isNaN(images[cell])) {
                    return cell;
                }
                cell += cols().step;
            }
            first += rows().step * input().width();
        }
        throw new IllegalStateException("MaxPoolingLayer: expected the images of forward, got others in backprop."
                + " Keep the array as it is until then.");
    }

    /** Of a row of windows. */
    private int firstCell(int plane, int row) {
        return (plane * input().height() + rows().first[row]) * input().width();
    }

    @Override
    MaxPoolingLayer unfittedReplica() {
        return new MaxPoolingLayer(this);
    }

    /**
     * Gathers the options of a {@link MaxPoolingLayer}. What lies outside of the image never wins.
     *
     * <pre>{@code
     * MaxPoolingLayer.builder(3).stride(2).padding(1).build(); // the first pool of a ResNet
     * }</pre>
     */
    public static final class Builder extends PoolingLayer.Builder<Builder> {
        private Builder(int height, int width) {
            super(height, width);
        }

        @Override
        Builder self() {
            return this;
        }

        @Override
        String layer() {
            return "MaxPoolingLayer";
        }

        /**
         * Makes the layer. The builder may be used again.
         *
         * @return a new layer, not connected yet
         */
        public MaxPoolingLayer build() {
            return new MaxPoolingLayer(this);
        }
    }
}
