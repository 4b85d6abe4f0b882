package dev.purecnn.layer;

import dev.purecnn.internal.kernel.Kernels;
import java.util.Arrays;

/**
 * The largest value of each window, plane by plane.
 *
 * <p>{@code outputHeight = (height - poolSize) / stride + 1}, rounded down: rows and columns at the edge that fill no
 * window are dropped. Of equal values the first in the window wins, in row order, and gets the whole gradient. NaN counts
 * as largest. Windows may overlap; then the gradients of a cell add up.
 *
 * <pre>{@code
 * new MaxPoolingLayer(2);     // 28 x 28 becomes 14 x 14
 * new MaxPoolingLayer(3, 2);  // 28 x 28 becomes 13 x 13, windows overlap
 * }</pre>
 */
public final class MaxPoolingLayer extends AbstractLayer<MaxPoolingLayer.Memory> {
    private final int poolSize;
    private final int stride;

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
     * Windows with a step of their own.
     *
     * @param poolSize edge of a window, in cells
     * @param stride step from one window to the next, in cells
     * @throws IllegalArgumentException if one of them is below 1
     */
    public MaxPoolingLayer(int poolSize, int stride) {
        if (poolSize < 1 || stride < 1) {
            throw new IllegalArgumentException(
                    "MaxPoolingLayer: expected poolSize and stride of at least 1, got poolSize " + poolSize
                            + " and stride " + stride + ". Use 2 for windows of 2 x 2.");
        }
        this.poolSize = poolSize;
        this.stride = stride;
    }

    /** {@code winners} holds the input index of each output; pairs are found again from the values, without it. */
    static final class Memory {
        private final double[] output;
        private final double[] inputGradient;
        private final int[] winners;
        private double[] images;

        private Memory(int outputs, int inputs, boolean pairs) {
            output = new double[outputs];
            inputGradient = new double[inputs];
            winners = pairs ? null : new int[outputs];
        }
    }

    @Override
    Memory remember(int images) {
        return new Memory(images * output().size(), images * input().size(), pairs());
    }

    /** Whether this is the usual 2 x 2 pooling, for which there is a kernel. */
    private boolean pairs() {
        return poolSize == 2 && stride == 2;
    }

    @Override
    Shape fit(Shape images) {
        if (images.height() < poolSize || images.width() < poolSize) {
            throw new IllegalArgumentException("MaxPoolingLayer: expected images of at least " + poolSize + " x "
                    + poolSize + " cells, got " + images + ". Use a smaller poolSize or fewer pooling layers.");
        }
        return Shape.of(
                images.channels(), (images.height() - poolSize) / stride + 1, (images.width() - poolSize) / stride + 1);
    }

    @Override
    public double[] forward(double[] images) {
        Memory memory = begin(images);
        memory.images = images;
        if (pairs()) {
            Kernels.active().maxPool2x2(planes(), input().height(), input().width(), images, memory.output);
        } else {
            findWinners(images, memory);
        }
        return memory.output;
    }

    private void findWinners(double[] images, Memory memory) {
        int width = input().width();
        int out = 0;
        for (int plane = 0; plane < planes(); plane++) {
            int planeStart = plane * input().height() * width;
            for (int row = 0; row < output().height(); row++) {
                for (int col = 0; col < output().width(); col++, out++) {
                    int corner = planeStart + (row * width + col) * stride;
                    memory.winners[out] = winner(images, corner, width);
                    memory.output[out] = images[memory.winners[out]];
                }
            }
        }
    }

    private int winner(double[] images, int corner, int width) {
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
    public double[] backprop(double[] lossGradient) {
        Memory memory = resume(lossGradient);
        if (pairs()) {
            Kernels.active()
                    .maxPool2x2Gradient(
                            planes(),
                            input().height(),
                            input().width(),
                            memory.images,
                            memory.output,
                            lossGradient,
                            memory.inputGradient);
        } else {
            Arrays.fill(memory.inputGradient, 0.0);
            for (int i = 0; i < lossGradient.length; i++) {
                memory.inputGradient[memory.winners[i]] += lossGradient[i];
            }
        }
        return memory.inputGradient;
    }

    private int planes() {
        return images() * input().channels();
    }

    @Override
    public LayerDescription description() {
        return LayerDescription.of("MaxPoolingLayer").with("poolSize", poolSize).with("stride", stride);
    }

    @Override
    MaxPoolingLayer unfittedReplica() {
        return new MaxPoolingLayer(poolSize, stride);
    }

    /** The notebook's form: {@code <MaxPoolingLayer: 2>}. */
    @Override
    public String toString() {
        return "<MaxPoolingLayer: " + poolSize + (stride == poolSize ? "" : ", stride=" + stride) + ">";
    }
}
