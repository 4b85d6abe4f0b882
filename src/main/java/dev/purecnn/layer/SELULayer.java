package dev.purecnn.layer;

/**
 * The scaled exponential linear unit: {@code output = 1.0507 * input} above 0, else {@code 1.0507 * 1.67326 * (exp(input) - 1)},
 * value by value. With these two numbers, in full, values keep mean 0 and variance 1 from layer to layer, as long as weights have
 * variance 1 / inputs. At 0 itself the slope is that below. NaN stays NaN.
 *
 * <pre>{@code
 * new LayerChain(new DenseLayer(784, 64), new SELULayer());
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1706.02515">Klambauer et al. 2017, equation 14</a>
 */
public final class SELULayer extends FormulaLayer {
    private static final double ALPHA = 1.6732632423543772; // Klambauer et al. 2017
    private static final double SCALE = 1.0507009873554805;

    /** A scaled exponential linear unit for images of any shape. */
    public SELULayer() {}

    @Override
    double value(double input) {
        return SCALE * (input > 0 ? input : ALPHA * StrictMath.expm1(input));
    }

    @Override
    double slope(double input, double output) {
        return SCALE * (input > 0 ? 1.0 : ALPHA * StrictMath.exp(input));
    }

    @Override
    SELULayer unfittedReplica() {
        return new SELULayer();
    }
}
