package dev.purecnn.layer;

/**
 * Keeps values within bounds: {@code output = min(max(input, lowest), highest)}, value by value. The gradient passes where the input
 * is between the bounds. NaN stays NaN.
 *
 * <pre>{@code
 * new LayerChain(new ConvolutionalLayer(1, 8, 3), ClipLayer.relu6());
 * new LayerChain(new DenseLayer(784, 64), new ClipLayer(-1, 1)); // a hard hyperbolic tangent
 * }</pre>
 *
 * @see <a href="https://www.cs.toronto.edu/~kriz/conv-cifar10-aug2010.pdf">Krizhevsky 2010, on ReLU6</a>
 */
public final class ClipLayer extends ActivationLayer {
    private static final double SIX = 6; // Krizhevsky 2010

    private final double lowest;
    private final double highest;

    /**
     * Bounds for images of any shape. One of them may be infinite.
     *
     * @param lowest the least output
     * @param highest the largest output
     * @throws IllegalArgumentException if the lowest is not below the highest, or both are infinite
     */
    public ClipLayer(double lowest, double highest) {
        if (!(lowest < highest && (Double.isFinite(lowest) || Double.isFinite(highest)))) {
            throw new IllegalArgumentException("ClipLayer: expected a lower bound below the upper one, and one of them"
                    + " finite, got " + lowest + " and " + highest + ". Use bounds such as 0 and 6.");
        }
        this.lowest = lowest;
        this.highest = highest;
    }

    /**
     * The rectifier that is at most 6: bounds 0 and 6.
     *
     * @return a new layer
     */
    public static ClipLayer relu6() {
        return new ClipLayer(0, SIX);
    }

    /** The layer that a {@link #description} is of: it leaves an infinite bound out. */
    static ClipLayer of(LayerDescription description) {
        return new ClipLayer(
                description.options().containsKey("lowest") ? description.number("lowest") : Double.NEGATIVE_INFINITY,
                description.options().containsKey("highest")
                        ? description.number("highest")
                        : Double.POSITIVE_INFINITY);
    }

    @Override
    void forward(double[] images, Buffers buffers) {
        for (int i = 0; i < images.length; i++) {
            buffers.output[i] = Math.min(Math.max(images[i], lowest), highest);
        }
    }

    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        for (int i = 0; i < lossGradient.length; i++) {
            double x = buffers.images[i];
            inputGradient[i] = lossGradient[i] * (x > lowest && x < highest ? 1.0 : 0.0);
        }
    }

    @Override
    public LayerDescription description() {
        LayerDescription below = super.description();
        LayerDescription above = Double.isFinite(lowest) ? below.with("lowest", lowest) : below;
        return Double.isFinite(highest) ? above.with("highest", highest) : above;
    }

    @Override
    ClipLayer unfittedReplica() {
        return new ClipLayer(lowest, highest);
    }

    /** The notebook's form, such as {@code <ClipLayer: (0.0, 6.0)>}. */
    @Override
    public String toString() {
        return "<ClipLayer: (" + lowest + ", " + highest + ")>";
    }
}
