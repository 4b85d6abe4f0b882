package dev.purecnn.layer;

/**
 * A {@link SiLULayer} without an exponential: {@code output = input * min(max(input + 3, 0), 6) / 6}, value by value. The gradient is
 * {@code (2 * input + 3) / 6} between -3 and 3, 0 below, and 1 above. NaN stays NaN; negative infinity gives 0.
 *
 * <pre>{@code
 * new LayerChain(new ConvolutionalLayer(1, 8, 3), new HardSwishLayer());
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1905.02244">Howard et al. 2019, section 5.2</a>
 */
public final class HardSwishLayer extends ActivationLayer {
    private static final double EDGE = 3; // Howard et al. 2019

    /** A hard swish for images of any shape. */
    public HardSwishLayer() {}

    @Override
    void forward(double[] images, Buffers buffers) {
        for (int i = 0; i < images.length; i++) {
            double x = Math.max(images[i], -EDGE);
            buffers.output[i] = x * (Math.min(x + EDGE, 2 * EDGE) / (2 * EDGE));
        }
    }

    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        for (int i = 0; i < lossGradient.length; i++) {
            double x = buffers.images[i];
            double slope = x <= -EDGE ? 0 : x >= EDGE ? 1 : (2 * x + EDGE) / (2 * EDGE);
            inputGradient[i] = lossGradient[i] * slope;
        }
    }

    @Override
    HardSwishLayer unfittedReplica() {
        return new HardSwishLayer();
    }
}
