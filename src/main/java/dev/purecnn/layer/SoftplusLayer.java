package dev.purecnn.layer;

/**
 * The smooth rectifier: {@code output = log(1 + exp(input))}, value by value. Its slope is the logistic function. NaN stays NaN; no
 * input overflows.
 *
 * <pre>{@code
 * new LayerChain(new DenseLayer(784, 64), new SoftplusLayer());
 * }</pre>
 *
 * @see <a href="https://proceedings.mlr.press/v15/glorot11a.html">Glorot et al. 2011</a>
 */
public final class SoftplusLayer extends FormulaLayer {

    /** A smooth rectifier for images of any shape. */
    public SoftplusLayer() {}

    @Override
    double value(double input) {
        return Math.max(input, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(input)));
    }

    @Override
    double slope(double input, double output) {
        return SigmoidLayer.sigmoid(input);
    }

    @Override
    SoftplusLayer unfittedReplica() {
        return new SoftplusLayer();
    }
}
