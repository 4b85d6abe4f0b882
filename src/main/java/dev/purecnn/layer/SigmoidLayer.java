package dev.purecnn.layer;

/**
 * The logistic function: {@code output = 1 / (1 + exp(-input))}, value by value. The gradient is {@code output * (1 -
 * output)} times the loss gradient. NaN stays NaN; no input overflows.
 *
 * <pre>{@code
 * new LayerChain(new DenseLayer(784, 64), new SigmoidLayer());
 * }</pre>
 *
 * @see <a href="https://doi.org/10.1109/5.726791">LeCun et al. 1998</a>
 */
public final class SigmoidLayer extends FormulaLayer {

    /** A logistic function for images of any shape. */
    public SigmoidLayer() {}

    @Override
    double value(double input) {
        return sigmoid(input);
    }

    @Override
    double slope(double input, double output) {
        return output * (1 - output);
    }

    /** {@code 1 / (1 + exp(-x))}, to the last digits on both sides of 0. */
    static double sigmoid(double x) {
        double small = StrictMath.exp(-Math.abs(x)); // at most 1, so that nothing overflows
        return (x < 0 ? small : 1.0) / (1.0 + small);
    }

    @Override
    SigmoidLayer unfittedReplica() {
        return new SigmoidLayer();
    }
}
