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
    void forward(double[] images, Buffers buffers) {
        for (int i = 0; i < images.length; i++) {
            double x = Math.max(images[i], -FAR);
            buffers.output[i] = x * share(Math.min(x, FAR));
        }
    }

    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        for (int i = 0; i < lossGradient.length; i++) {
            double x = Math.min(Math.max(buffers.images[i], -FAR), FAR);
            double share = share(x);
            double slope = share + x * share * (1 - share) * 2 * SCALE * (1 + 3 * CUBIC * (x * x));
            inputGradient[i] = lossGradient[i] * slope;
        }
    }

    private static double share(double x) {
        return SigmoidLayer.sigmoid(2 * SCALE * x * (1 + CUBIC * (x * x)));
    }

    @Override
    GELULayer unfittedReplica() {
        return new GELULayer();
    }
}
