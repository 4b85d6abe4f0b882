package dev.purecnn.layer;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.PlaneKernels;
import java.util.Arrays;

/**
 * The mean of each plane: {@code output[c] = sum over row, col of input[c][row][col] / (height * width)}. It turns an
 * image of any size into a vector, one value per channel, so that the layers after it need few weights.
 *
 * <pre>{@code
 * new LayerChain(new ConvolutionalLayer(1, 64, 3), new GlobalAveragePoolingLayer(), new DenseSoftmaxLayer(64, 10));
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1312.4400">Lin et al. 2014</a>
 */
public final class GlobalAveragePoolingLayer extends BasicLayer {

    /** A mean over the planes of images of any shape. */
    public GlobalAveragePoolingLayer() {}

    @Override
    Shape fit(Shape images) {
        return Shape.vector(images.channels());
    }

    private int cells() {
        return input().height() * input().width();
    }

    @Override
    void forward(double[] images, Buffers buffers) {
        PlaneKernels planes = Kernels.active().planes();
        int cells = cells();
        for (int plane = 0; plane < buffers.output.length; plane++) {
            buffers.output[plane] = planes.sum(images, plane * cells, cells) / cells;
        }
    }

    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        int cells = cells();
        for (int plane = 0; plane < lossGradient.length; plane++) {
            Arrays.fill(inputGradient, plane * cells, (plane + 1) * cells, lossGradient[plane] / cells);
        }
    }

    @Override
    GlobalAveragePoolingLayer unfittedReplica() {
        return new GlobalAveragePoolingLayer();
    }
}
