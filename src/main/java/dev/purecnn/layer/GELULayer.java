package dev.purecnn.layer;

/**
 * The Gaussian error linear unit in its tanh form: {@code output = 0.5 * input * (1 + tanh(u))} with {@code u = sqrt(2 / pi)
 * * (input + 0.044715 * input^3)}, value by value.
 *
 * <p>The form with the error function, {@code input * P(X <= input)} for a standard normal X, differs from it by less than
 * 0.0005. Java has no error function of the same bits everywhere, so the tanh form is the one here. It is worked out as
 * {@code input / (1 + exp(-2u))}, which is the same, and exact for negative inputs too. NaN stays NaN.
 *
 * <pre>{@code
 * new LayerChain(new DenseLayer(784, 64), new GELULayer());
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel 2016</a>
 */
public final class GELULayer extends ActivationLayer {
    private static final double SCALE = Math.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715; // Hendrycks and Gimpel 2016
    /** Beyond it the function is 0 or its input, to the last bit, and no power of it overflows. */
    private static final double FAR = 30.0;

    /** A Gaussian error linear unit for images of any shape. */
    public GELULayer() {}

    @Override
    void apply(double[] images, double[] output, double[] slopes) {
        for (int i = 0; i < images.length; i++) {
            double x = Math.max(images[i], -FAR);
            double near = Math.min(x, FAR);
            double square = near * near;
            double share = SigmoidLayer.sigmoid(2 * SCALE * near * (1 + CUBIC * square));
            output[i] = x * share;
            slopes[i] = share + near * share * (1 - share) * 2 * SCALE * (1 + 3 * CUBIC * square);
        }
    }

    @Override
    public LayerDescription description() {
        return LayerDescription.of("GELULayer");
    }

    @Override
    GELULayer unfittedReplica() {
        return new GELULayer();
    }

    /** The form of the notebook's layers: {@code <GELULayer>}. */
    @Override
    public String toString() {
        return "<GELULayer>";
    }
}
