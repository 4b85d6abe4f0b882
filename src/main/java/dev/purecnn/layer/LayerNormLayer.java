package dev.purecnn.layer;

/**
 * Brings all values of each image to mean 0 and variance 1, then each value to a scale and shift that it learns: {@code output =
 * scale[i] * (input - mean) / sqrt(variance + epsilon) + shift[i]}. It needs no batch, and does the same in training and prediction.
 *
 * <p>It takes images of any shape of the right size, and has a scale and a shift per value, as PyTorch's {@code LayerNorm} of that
 * shape. For a scale and shift per channel, use a {@link GroupNormLayer} with one group. Scales start at 1, shifts at 0.
 *
 * <pre>{@code
 * new LayerChain(new DenseLayer(784, 64), new LayerNormLayer(64), new ReLULayer());
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba et al. 2016</a>
 */
public final class LayerNormLayer extends ImageNorm {

    /**
     * A normalization with epsilon 0.00001.
     *
     * @param size values of an image, at least 2
     * @throws IllegalArgumentException if it is below 2
     */
    public LayerNormLayer(int size) {
        this(size, usualEpsilon());
    }

    /**
     * A normalization.
     *
     * @param size values of an image, at least 2
     * @param epsilon what is added to the variance before its root is taken; above 0
     * @throws IllegalArgumentException if a number is too small
     */
    public LayerNormLayer(int size, double epsilon) {
        super(checkedSize(size), 1, epsilon);
    }

    private LayerNormLayer(LayerNormLayer original) {
        super(original);
    }

    private static int checkedSize(int size) {
        if (size < 2) {
            throw new IllegalArgumentException(
                    "LayerNormLayer: expected a size of at least 2, got " + size + ". Use the number of values.");
        }
        return size;
    }

    @Override
    Shape fit(Shape images) {
        if (images.size() != channels) {
            throw new IllegalArgumentException("LayerNormLayer: expected " + channels + " values, got " + images.size()
                    + " (" + images + "). Build the layer with size " + images.size() + ".");
        }
        return fit(images, 1);
    }

    @Override
    public LayerDescription description() {
        return super.description().with("size", channels).with("epsilon", epsilon);
    }

    @Override
    LayerNormLayer unfittedReplica() {
        return new LayerNormLayer(this);
    }

    /** The notebook's form, such as {@code <LayerNormLayer: 64>}. */
    @Override
    public String toString() {
        return "<LayerNormLayer: " + channels + (epsilon == usualEpsilon() ? ">" : ", epsilon=" + epsilon + ">");
    }
}
