package dev.purecnn.layer;

import java.util.Arrays;

/**
 * The largest value of each plane: {@code output[c] = max over row, col of input[c][row][col]}. Of several equal ones the first gets
 * the gradient. It turns an image of any size into a vector, one value per channel, that says whether a feature is anywhere in it.
 *
 * <pre>{@code
 * new LayerChain(new ConvolutionalLayer(1, 64, 3), new GlobalMaxPoolingLayer(), new DenseSoftmaxLayer(64, 10));
 * }</pre>
 */
public final class GlobalMaxPoolingLayer extends BasicLayer {

    /** A maximum over the planes of images of any shape. */
    public GlobalMaxPoolingLayer() {}

    @Override
    Shape fit(Shape images) {
        return Shape.vector(images.channels());
    }

    @Override
    void forward(double[] images, Buffers buffers) {
        for (int plane = 0; plane < buffers.output.length; plane++) {
            buffers.output[plane] = images[winner(images, plane)];
        }
    }

    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        Arrays.fill(inputGradient, 0.0);
        for (int plane = 0; plane < lossGradient.length; plane++) {
            inputGradient[winner(buffers.images, plane)] = lossGradient[plane];
        }
    }

    /** The index of the largest value of a plane, or of its first NaN. */
    private int winner(double[] images, int plane) {
        int cells = input().height() * input().width();
        int best = plane * cells;
        for (int i = best + 1; i < (plane + 1) * cells && !Double.isNaN(images[best]); i++) {
            if (!(images[i] <= images[best])) {
                best = i;
            }
        }
        return best;
    }

    @Override
    GlobalMaxPoolingLayer unfittedReplica() {
        return new GlobalMaxPoolingLayer();
    }
}
