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
public final class TanhLayer extends FormulaLayer {

    /** A hyperbolic tangent for images of any shape. */
    public TanhLayer() {}

    @Override
    double value(double input) {
        return StrictMath.tanh(input);
    }

    @Override
    double slope(double input, double output) {
        return (1 - output) * (1 + output);
    }

    @Override
    TanhLayer unfittedReplica() {
        return new TanhLayer();
    }
}
