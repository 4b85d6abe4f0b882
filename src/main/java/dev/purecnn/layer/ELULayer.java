package dev.purecnn.layer;

/**
 * The exponential linear unit: {@code output = input} above 0, else {@code alpha * (exp(input) - 1)}, value by value. Negative
 * inputs saturate at {@code -alpha}, which brings the mean of the outputs closer to 0. The gradient below 0 is {@code alpha *
 * exp(input)}, and so at 0 itself {@code alpha}. NaN stays NaN.
 *
 * <pre>{@code
 * new LayerChain(new ConvolutionalLayer(1, 8, 3), new ELULayer());
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1511.07289">Clevert et al. 2016, equation 15</a>
 */
public final class ELULayer extends FormulaLayer {
    private static final double USUAL_ALPHA = 1.0; // Clevert et al. 2016

    private final double alpha;

    /** An exponential linear unit with alpha 1, for images of any shape. */
    public ELULayer() {
        this(USUAL_ALPHA);
    }

    /**
     * An exponential linear unit for images of any shape.
     *
     * @param alpha what outputs approach, with a minus, as inputs fall; above 0 and finite
     * @throws IllegalArgumentException if it is not above 0 and finite
     */
    public ELULayer(double alpha) {
        if (!(alpha > 0 && alpha < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "ELULayer: expected a finite alpha above 0, got " + alpha + ". Use 1, or a ReLULayer for 0.");
        }
        this.alpha = alpha;
    }

    @Override
    double value(double input) {
        return input > 0 ? input : alpha * StrictMath.expm1(input);
    }

    @Override
    double slope(double input, double output) {
        return input > 0 ? 1.0 : alpha * StrictMath.exp(input); // not alpha + output, which cancels far below 0
    }

    @Override
    public LayerDescription description() {
        return super.description().with("alpha", alpha);
    }

    @Override
    ELULayer unfittedReplica() {
        return new ELULayer(alpha);
    }

    /** The notebook's form, such as {@code <ELULayer: 1.0>}. */
    @Override
    public String toString() {
        return "<ELULayer: " + alpha + ">";
    }
}
