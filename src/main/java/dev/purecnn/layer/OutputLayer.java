package dev.purecnn.layer;

/**
 * The last layer of a classifier: its output is one probability a class, and it knows its own loss.
 *
 * <p>Loss and softmax stand together because their common gradient, {@code probability - oneHot}, is exact where
 * {@code -1 / probability} overflows. {@link DenseSoftmaxLayer} is the one that networks end with.
 *
 * <pre>{@code
 * double[] probabilities = output.forward(images);
 * double[] losses = output.losses(labels);          // one an image
 * double[] inputGradient = output.backpropLabels(labels);
 * }</pre>
 */
public interface OutputLayer extends Layer {

    /**
     * The loss of each image of the last {@link #forward}.
     *
     * @param labels the right class of each image, {@code n} of them
     * @return {@code n} losses, each at least 0 and finite where the logits are; the layer's own array, good until its
     *     next call
     * @throws IllegalArgumentException if there are not {@code n} labels or one is not a class
     * @throws IllegalStateException if {@code forward} has not been called
     */
    double[] losses(int[] labels);

    /**
     * Carries the gradient of the summed {@link #losses} back, and adds to the gradients of the parameters.
     *
     * @param labels the right class of each image, {@code n} of them
     * @return dLoss/dInput; the layer's own array, good until its next call
     * @throws IllegalArgumentException if there are not {@code n} labels or one is not a class
     * @throws IllegalStateException if {@code forward} has not been called
     */
    double[] backpropLabels(int[] labels);
}
