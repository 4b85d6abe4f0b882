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
public final class SigmoidLayer extends ActivationLayer {

    /** A logistic function for images of any shape. */
    public SigmoidLayer() {}

    @Override
    void forward(double[] images, Buffers buffers) {
        for (int i = 0; i < images.length; i++) {
            buffers.output[i] = sigmoid(images[i]);
        }
    }

    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        for (int i = 0; i < lossGradient.length; i++) {
            double value = buffers.output[i];
            inputGradient[i] = lossGradient[i] * (value * (1 - value));
        }
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
