package dev.purecnn.layer;

/**
 * The rectifier that lets a little through below 0: {@code output = input} above 0, else {@code slope * input}, value by
 * value. Thus no cell is ever without a gradient. At 0 itself the gradient is the slope's; NaN stays NaN.
 *
 * <pre>{@code
 * new LayerChain(new ConvolutionalLayer(1, 8, 3), new LeakyReLULayer(0.01));
 * }</pre>
 *
 * @see <a href="https://ai.stanford.edu/~amaas/papers/relu_hybrid_icml2013_final.pdf">Maas et al. 2013</a>
 */
public final class LeakyReLULayer extends ActivationLayer {
    private static final double USUAL_SLOPE = 0.01; // Maas et al. 2013

    private final double slope;

    /** A leaky rectifier with the usual slope, 0.01, for images of any shape. */
    public LeakyReLULayer() {
        this(USUAL_SLOPE);
    }

    /**
     * A leaky rectifier for images of any shape.
     *
     * @param slope the slope below 0, between 0 and 1
     * @throws IllegalArgumentException if it is not between 0 and 1
     */
    public LeakyReLULayer(double slope) {
        if (!(slope > 0 && slope < 1)) {
            throw new IllegalArgumentException("LeakyReLULayer: expected a slope between 0 and 1, got " + slope
                    + ". Use a value such as 0.01, or a ReLULayer for 0.");
        }
        this.slope = slope;
    }

    @Override
    boolean join(Fusion fusion) {
        return fusion.addActivation(slope);
    }

    @Override
    void forward(double[] images, Buffers buffers) {
        for (int i = 0; i < images.length; i++) {
            buffers.output[i] = images[i] > 0 ? images[i] : slope * images[i];
        }
    }

    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        for (int i = 0; i < lossGradient.length; i++) {
            inputGradient[i] = buffers.images[i] > 0 ? lossGradient[i] : slope * lossGradient[i];
        }
    }

    @Override
    public LayerDescription description() {
        return super.description().with("slope", slope);
    }

    @Override
    LeakyReLULayer unfittedReplica() {
        return new LeakyReLULayer(slope);
    }

    /** The form of the notebook's layers: {@code <LeakyReLULayer: 0.01>}. */
    @Override
    public String toString() {
        return "<LeakyReLULayer: " + slope + ">";
    }
}
