package dev.purecnn.layer;

import java.util.Arrays;

/**
 * The mean of each plane: {@code output[c] = sum over row, col of input[c][row][col] / (height * width)}. It makes a vector
 * of any image, one value a channel, and leaves a network's end with few weights.
 *
 * <pre>{@code
 * new LayerChain(new ConvolutionalLayer(1, 64, 3), new GlobalAveragePoolingLayer(), new DenseSoftmaxLayer(64, 10));
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1312.4400">Lin et al. 2014</a>
 */
public final class GlobalAveragePoolingLayer extends AbstractLayer<GlobalAveragePoolingLayer.Memory> {

    /** A mean over the planes of images of any shape. */
    public GlobalAveragePoolingLayer() {}

    record Memory(double[] output, double[] inputGradient) {}

    @Override
    Memory remember(int images) {
        return new Memory(new double[images * output().size()], new double[images * input().size()]);
    }

    @Override
    Shape fit(Shape images) {
        return Shape.vector(images.channels());
    }

    @Override
    public double[] forward(double[] images) {
        double[] output = begin(images).output;
        int cells = cells();
        for (int plane = 0; plane < output.length; plane++) {
            output[plane] = PlaneSums.sum(images, plane * cells, cells) / cells;
        }
        return output;
    }

    @Override
    public double[] backprop(double[] lossGradient) {
        double[] inputGradient = resume(lossGradient).inputGradient;
        int cells = cells();
        for (int plane = 0; plane < lossGradient.length; plane++) {
            Arrays.fill(inputGradient, plane * cells, (plane + 1) * cells, lossGradient[plane] / cells);
        }
        return inputGradient;
    }

    private int cells() {
        return input().height() * input().width();
    }

    @Override
    public LayerDescription description() {
        return LayerDescription.of("GlobalAveragePoolingLayer");
    }

    @Override
    GlobalAveragePoolingLayer unfittedReplica() {
        return new GlobalAveragePoolingLayer();
    }

    /** The form of the notebook's layers: {@code <GlobalAveragePoolingLayer>}. */
    @Override
    public String toString() {
        return "<GlobalAveragePoolingLayer>";
    }
}
