package dev.purecnn.layer;

/**
 * The Gaussian error linear unit: {@code output = input * P(X <= input)} for a standard normal X, value by value.
 *
 * <p>A new one has the tanh form, in which {@code P(X <= input)} is {@code 0.5 * (1 + tanh(u))} with {@code u = sqrt(2 / pi) *
 * (input + 0.044715 * input^3)}, worked out as {@code 1 / (1 + exp(-2u))}; it differs by less than 0.0005. {@link #exact} has {@code
 * 0.5 * (1 + erf(input / sqrt(2)))}, which is the default in PyTorch and Keras. NaN stays NaN; negative infinity gives 0.
 *
 * <pre>{@code
 * new LayerChain(new DenseLayer(784, 64), GELULayer.exact());
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel 2016</a>
 */
public final class GELULayer extends FormulaLayer {
    private static final double SCALE = Math.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715; // Hendrycks and Gimpel 2016
    /** Beyond it the function is 0 or its input, to the last bit, and no power of it overflows. */
    private static final double FAR = 40.0;

    private final boolean exact;

    /** A Gaussian error linear unit in the tanh form, for images of any shape. */
    public GELULayer() {
        this(false);
    }

    private GELULayer(boolean exact) {
        this.exact = exact;
    }

    /**
     * A Gaussian error linear unit in the form with the error function, for images of any shape.
     *
     * @return a new layer
     */
    public static GELULayer exact() {
        return new GELULayer(true);
    }

    /** The layer that a {@link #description} is of. */
    static GELULayer of(LayerDescription description) {
        return new GELULayer(description.options().containsKey("form"));
    }

    @Override
    double value(double input) {
        double x = Math.max(input, -FAR);
        return x * share(Math.min(x, FAR));
    }

    @Override
    double slope(double input, double output) {
        double x = Math.min(Math.max(input, -FAR), FAR);
        double share = share(x);
        return exact
                ? share + x * (SCALE / 2 * StrictMath.exp(-x * x / 2))
                : share + x * share * (1 - share) * 2 * SCALE * (1 + 3 * CUBIC * (x * x));
    }

    private double share(double x) {
        return exact
                ? 0.5 * (1 + ErrorFunction.erf(x / Math.sqrt(2)))
                : SigmoidLayer.sigmoid(2 * SCALE * x * (1 + CUBIC * (x * x)));
    }

    @Override
    public LayerDescription description() {
        return exact ? super.description().with("form", "exact") : super.description();
    }

    @Override
    GELULayer unfittedReplica() {
        return new GELULayer(exact);
    }

    /** The notebook's form: {@code <GELULayer>} or {@code <GELULayer: exact>}. */
    @Override
    public String toString() {
        return exact ? "<GELULayer: exact>" : "<GELULayer>";
    }
}
