package dev.purecnn.layer;

/**
 * The last layer of a classifier: its output is one probability per class, and it knows its own loss.
 *
 * <p>Loss and softmax stand together because their common gradient, {@code probability - oneHot}, is exact where
 * {@code -1 / probability} overflows. {@link DenseSoftmaxLayer} is the one that networks end with.
 *
 * <pre>{@code
 * double[] probabilities = output.forward(images);
 * double[] losses = output.losses(labels);          // one per image
 * double[] inputGradient = output.backpropLabels(labels);
 * }</pre>
 */
public interface OutputLayer extends Layer {

    /**
     * The loss of each image of the last {@link #forward}; in training, as {@link #use} says.
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

    /**
     * Says how {@link #losses} and {@link #backpropLabels} count in training from now on, that is after {@link
     * #training}{@code (true)}. In prediction the loss is always the plain one. So it is in training, too, for a layer that
     * does not override this.
     *
     * @param loss how to count; {@link CrossEntropy#plain} is what a new layer does
     * @throws IllegalArgumentException if the layer cannot count so: by default, if the loss is not the plain one; or if
     *     there are class weights for another number of classes
     */
    default void use(CrossEntropy loss) {
        if (!loss.isPlain()) {
            throw new IllegalArgumentException(
                    getClass().getSimpleName() + ": expected the plain loss, got " + loss
                            + ". Override use(CrossEntropy) in this layer, or train without class weights and label smoothing.");
        }
    }
}
