package dev.purecnn.layer;

/**
 * The hyperbolic tangent: {@code output = tanh(input)}, value by value. The gradient is {@code 1 - output^2} times the loss
 * gradient. NaN stays NaN.
 *
 * <pre>{@code
 * new LayerChain(new DenseLayer(784, 64), new TanhLayer());
 * }</pre>
 *
 * @see <a href="https://doi.org/10.1109/5.726791">LeCun et al. 1998</a>
 */
public final class TanhLayer extends ActivationLayer {

    /** A hyperbolic tangent for images of any shape. */
    public TanhLayer() {}

    @Override
    void forward(double[] images, Buffers buffers) {
        for (int i = 0; i < images.length; i++) {
            buffers.output[i] = StrictMath.tanh(images[i]);
        }
    }

    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        for (int i = 0; i < lossGradient.length; i++) {
            double value = buffers.output[i];
            inputGradient[i] = lossGradient[i] * ((1 - value) * (1 + value));
        }
    }

    @Override
    TanhLayer unfittedReplica() {
        return new TanhLayer();
    }
}
