package dev.purecnn.layer;

import java.util.Arrays;

/**
 * The mean of each window, plane by plane.
 *
 * <p>{@code outputHeight = (height - poolSize) / stride + 1}, rounded down, the width likewise: rows and columns at the edge
 * that fill no window are dropped. Where windows overlap, the gradients of a cell add up.
 *
 * <pre>{@code
 * new AveragePoolingLayer(2);     // 28 x 28 becomes 14 x 14
 * new AveragePoolingLayer(3, 2);  // 28 x 28 becomes 13 x 13, windows overlap
 * }</pre>
 *
 * @see <a href="https://doi.org/10.1109/5.726791">LeCun et al. 1998, who call it subsampling</a>
 */
public final class AveragePoolingLayer extends PoolingLayer {

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
    }

    @Override
    void forward(double[] images, Buffers buffers) {
        int out = 0;
        for (int outputRow = 0; outputRow < outputRows(buffers.n); outputRow++) {
            int corner = corner(outputRow);
            for (int col = 0; col < output().width(); col++) {
                buffers.output[out++] = sum(images, corner + col * stride) / (poolSize * poolSize);
            }
        }
    }

    private double sum(double[] images, int corner) {
        double sum = 0;
        for (int row = 0; row < poolSize; row++) {
            int from = corner + row * input().width();
            for (int i = from; i < from + poolSize; i++) {
                sum += images[i];
            }
        }
        return sum;
    }

    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        Arrays.fill(inputGradient, 0.0);
        int out = 0;
        for (int outputRow = 0; outputRow < outputRows(buffers.n); outputRow++) {
            int corner = corner(outputRow);
            for (int col = 0; col < output().width(); col++) {
                add(lossGradient[out++] / (poolSize * poolSize), inputGradient, corner + col * stride);
            }
        }
    }

    private void add(double share, double[] inputGradient, int corner) {
        for (int row = 0; row < poolSize; row++) {
            int from = corner + row * input().width();
            for (int i = from; i < from + poolSize; i++) {
                inputGradient[i] += share;
            }
        }
    }

    @Override
    AveragePoolingLayer unfittedReplica() {
        return new AveragePoolingLayer(poolSize, stride);
    }
}
