package dev.purecnn.training;

import dev.purecnn.layer.NotFinite;

/**
 * A training step met NaN or infinity, and was not done: the network is as the step before left it. Or early stopping met a loss
 * on the validation images that is NaN, which it cannot go by.
 *
 * <p>The usual reason is a learning rate that is too high; the next one is an image that is not finite itself.
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
    /** What {@link #where} is when a gradient is too long to be measured. */
    public static final String GRADIENT_LENGTH = "the length of the gradient";
    /** What {@link #where} is when early stopping met a loss that is NaN. */
    public static final String VALIDATION_LOSS = "the loss on the validation images";

    private static final long serialVersionUID = 1;

    private final int epoch;
    private final long step;
    private final String where;
    private final int layer;
    private final int image;

    /**
     * A value that is NaN or infinite.
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
            case "the images" -> "mend the image."; // as LayerChain calls them
            case GRADIENT_LENGTH ->
                "scale images and class weights to about 1, or lower the learning rate. clipNorm cuts no gradient"
                        + " whose length is infinite.";
            case VALIDATION_LOSS ->
                "look for the validation images that predictAll answers NaN for, and mend them; or lower the learning"
                        + " rate, or leave out earlyStopping.";
            default -> "lower the learning rate, or cut gradients with clipNorm.";
        };
    }

    /**
     * In which epoch it was.
     *
     * @return how many epochs went before, over the network's life
     */
    public int epoch() {
        return epoch;
    }

    /**
     * In which step it was.
     *
     * @return how many steps went before, over the network's life
     */
    public long step() {
        return step;
    }

    /**
     * Where the first value was that is not finite.
     *
     * @return such as {@code the output of layer 3, <GELULayer>}
     */
    public String where() {
        return where;
    }

    /**
     * The layer where it was.
     *
     * @return its number in the network, from 0; -1 if it was in an image or a loss
     */
    public int layer() {
        return layer;
    }

    /**
     * The image where it was.
     *
     * @return its number in the dataset, or in the batch of {@code trainOnBatch}; -1 if it was in a parameter or its gradient,
     *     where all images of a batch have their part
     */
    public int image() {
        return image;
    }
}
