package dev.purecnn.layer;

import dev.purecnn.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * The largest value of each window, plane by plane.
 *
 * <p>{@code outputHeight = (height - poolSize) / stride + 1}, rounded down, the width likewise: rows and columns at the edge
 * that fill no window are dropped. Of equal values the first in the window, in row order, gets the whole gradient. NaN counts
 * as largest. Where windows overlap, the gradients of a cell add up.
 *
 * <pre>{@code
 * new MaxPoolingLayer(2);     // 28 x 28 becomes 14 x 14
 * new MaxPoolingLayer(3, 2);  // 28 x 28 becomes 13 x 13, windows overlap
 * }</pre>
 */
public final class MaxPoolingLayer extends PoolingLayer {

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

    /** Whether this is the usual 2 x 2 pooling, for which there is a kernel. */
    private boolean isPairs() {
        return poolSize == 2 && stride == 2;
    }

    private int planes(int n) {
        return n * input().channels();
    }

    @Override
    void forward(double[] images, Buffers buffers) {
        double[] output = buffers.output;
        if (isPairs()) {
            Kernels.active().maxPool2x2(planes(buffers.n), input().height(), input().width(), images, output);
            return;
        }
        int out = 0;
        for (int outputRow = 0; outputRow < outputRows(buffers.n); outputRow++) {
            int corner = corner(outputRow);
            for (int col = 0; col < output().width(); col++) {
                output[out++] = images[winner(images, corner + col * stride)];
            }
        }
    }

    /** Finds winners a second time: remembering them would take memory that predictions have no use for. */
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
        for (int outputRow = 0; outputRow < outputRows(buffers.n); outputRow++) {
            int corner = corner(outputRow);
            for (int col = 0; col < output().width(); col++) {
                inputGradient[winner(images, corner + col * stride)] += lossGradient[out++];
            }
        }
    }

    /** The index of the largest value in the window that starts there. */
    private int winner(double[] images, int corner) {
        int width = input().width();
        int best = corner;
        for (int row = 0; row < poolSize; row++) {
            for (int i = corner + row * width; i < corner + row * width + poolSize; i++) {
                // the first NaN stays: nothing compares greater
                if (images[i] > images[best] || (Double.isNaN(images[i]) && !Double.isNaN(images[best]))) {
                    best = i;
                }
            }
        }
        return best;
    }

    @Override
    MaxPoolingLayer unfittedReplica() {
        return new MaxPoolingLayer(poolSize, stride);
    }
}
