package dev.purecnn.training;

import dev.purecnn.layer.NotFinite;

/**
 * A training step met NaN or infinity and was undone: the network is as the previous step left it. Or early stopping met a
 * validation loss of NaN, which cannot be compared.
 *
 * <p>The usual cause is a learning rate that is too high; the next is an image with a value that is NaN or infinite.
 *
 * <pre>{@code
 * try {
 *     cnn.train(train, validation, options);
 * } catch (NotFiniteException e) {
 *     if (e.image() >= 0) {
 *         show(train.image(e.image()));
 *     }
 * }
 * }</pre>
 */
public final class NotFiniteException extends ArithmeticException {
    /** {@link #where} for a gradient that is too long to be measured. */
    public static final String GRADIENT_LENGTH = "the length of the gradient";
    /** {@link #where} for a validation loss of NaN under early stopping. */
    public static final String VALIDATION_LOSS = "the loss on the validation images";

    private static final long serialVersionUID = 1;

    private final int epoch;
    private final long step;
    private final String where;
    private final int layer;
    private final int image;

    /**
     * Reports a value that is NaN or infinite.
     *
     * @param found where it is, with the number of its image in the dataset
     * @param epoch how many epochs the network had been trained
     * @param step how many steps the network had been trained
     */
    public NotFiniteException(NotFinite found, int epoch, long step) {
        super("CNN: expected finite numbers, got " + found + ", in epoch " + epoch + " at step " + step
                + ", counted from 0 over the network's life. The network is as the step before left it; "
                + remedy(found));
        this.epoch = epoch;
        this.step = step;
        where = found.where();
        layer = found.layer();
        image = found.image();
    }

    private static String remedy(NotFinite found) {
        return switch (found.layer() < 0 ? found.where() : "a layer") {
            case "the images" -> "fix the image."; // as LayerChain calls them
            case GRADIENT_LENGTH ->
                "scale images and class weights to about 1, or lower the learning rate. clipNorm cuts no gradient"
                        + " whose length is infinite.";
            case VALIDATION_LOSS ->
                "find the validation images for which predictAll returns NaN, and fix them; or lower the learning rate,"
                        + " or leave out earlyStopping.";
            default -> "lower the learning rate, or cut gradients with clipNorm.";
        };
    }

    /** {@return the epoch, counted from 0 over the network's life} */
    public int epoch() {
        return epoch;
    }

    /** {@return the step, counted from 0 over the network's life} */
    public long step() {
        return step;
    }

    /** {@return where the first NaN or infinite value was, such as {@code the output of layer 3, <GELULayer>}} */
    public String where() {
        return where;
    }

    /** {@return the number of the layer where it was, from 0; -1 for an image or a loss} */
    public int layer() {
        return layer;
    }

    /**
     * {@return the image's number in the dataset, or in the batch of {@code trainOnBatch}; -1 for a parameter or its gradient, to
     * which all images of the batch contribute}
     */
    public int image() {
        return image;
    }
}
