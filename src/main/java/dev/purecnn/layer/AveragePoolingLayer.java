package dev.purecnn.layer;

import java.util.Arrays;

/**
 * The mean of each window, plane by plane.
 *
 * <p>{@code outputHeight = (height - poolSize) / stride + 1}, rounded down, the width alike: rows and columns at the edge
 * that fill no window are dropped. Windows may overlap; then the gradients of a cell add up.
 *
 * <pre>{@code
 * new AveragePoolingLayer(2);     // 28 x 28 becomes 14 x 14
 * new AveragePoolingLayer(3, 2);  // 28 x 28 becomes 13 x 13, windows overlap
 * }</pre>
 *
 * @see <a href="https://doi.org/10.1109/5.726791">LeCun et al. 1998, who call it subsampling</a>
 */
public final class AveragePoolingLayer extends AbstractLayer<AveragePoolingLayer.Memory> {
    private final int poolSize;
    private final int stride;

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
     * Windows with a step of their own.
     *
     * @param poolSize edge of a window, in cells
     * @param stride step from one window to the next, in cells
     * @throws IllegalArgumentException if one of them is below 1
     */
    public AveragePoolingLayer(int poolSize, int stride) {
        if (poolSize < 1 || stride < 1) {
            throw new IllegalArgumentException(
                    "AveragePoolingLayer: expected poolSize and stride of at least 1, got poolSize " + poolSize
                            + " and stride " + stride + ". Use 2 for windows of 2 x 2.");
        }
        this.poolSize = poolSize;
        this.stride = stride;
    }

    record Memory(double[] output, double[] inputGradient) {}

    @Override
    Memory remember(int images) {
        return new Memory(new double[images * output().size()], new double[images * input().size()]);
    }

    @Override
    Shape fit(Shape images) {
        if (images.height() < poolSize || images.width() < poolSize) {
            throw new IllegalArgumentException("AveragePoolingLayer: expected images of at least " + poolSize + " x "
                    + poolSize + " cells, got " + images + ". Use a smaller poolSize or fewer pooling layers.");
        }
        return Shape.of(
                images.channels(), (images.height() - poolSize) / stride + 1, (images.width() - poolSize) / stride + 1);
    }

    @Override
    public double[] forward(double[] images) {
        double[] output = begin(images).output;
        int cells = poolSize * poolSize;
        for (int outputRow = 0; outputRow < outputRows(); outputRow++) {
            int corner = corner(outputRow);
            int out = outputRow * output().width();
            for (int col = 0; col < output().width(); col++) {
                output[out + col] = sum(images, corner + col * stride) / cells;
            }
        }
        return output;
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
    public double[] backprop(double[] lossGradient) {
        double[] inputGradient = resume(lossGradient).inputGradient;
        Arrays.fill(inputGradient, 0.0);
        int cells = poolSize * poolSize;
        for (int outputRow = 0; outputRow < outputRows(); outputRow++) {
            int corner = corner(outputRow);
            int out = outputRow * output().width();
            for (int col = 0; col < output().width(); col++) {
                add(lossGradient[out + col] / cells, inputGradient, corner + col * stride);
            }
        }
        return inputGradient;
    }

    private void add(double share, double[] inputGradient, int corner) {
        for (int row = 0; row < poolSize; row++) {
            int from = corner + row * input().width();
            for (int i = from; i < from + poolSize; i++) {
                inputGradient[i] += share;
            }
        }
    }

    /** The rows of all output planes of all images. */
    private int outputRows() {
        return images() * output().channels() * output().height();
    }

    /** The first cell of the first window of an output row. */
    private int corner(int outputRow) {
        int plane = outputRow / output().height();
        int row = outputRow % output().height();
        return (plane * input().height() + row * stride) * input().width();
    }

    @Override
    public LayerDescription description() {
        return LayerDescription.of("AveragePoolingLayer")
                .with("poolSize", poolSize)
                .with("stride", stride);
    }

    @Override
    AveragePoolingLayer unfittedReplica() {
        return new AveragePoolingLayer(poolSize, stride);
    }

    /** The form of the notebook's layers: {@code <AveragePoolingLayer: 2>}. */
    @Override
    public String toString() {
        return "<AveragePoolingLayer: " + poolSize + (stride == poolSize ? "" : ", stride=" + stride) + ">";
    }
}
