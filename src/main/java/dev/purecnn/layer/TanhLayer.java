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
    void apply(double[] images, double[] output, double[] slopes) {
        for (int i = 0; i < images.length; i++) {
            double value = StrictMath.tanh(images[i]);
            output[i] = value;
            slopes[i] = (1 - value) * (1 + value);
        }
    }

    @Override
    public LayerDescription description() {
        return LayerDescription.of("TanhLayer");
    }

    @Override
    TanhLayer unfittedReplica() {
        return new TanhLayer();
    }

    /** The form of the notebook's layers: {@code <TanhLayer>}. */
    @Override
    public String toString() {
        return "<TanhLayer>";
    }
}
