package dev.purecnn.training;

import dev.purecnn.layer.NotFinite;

/**
 * A training step met NaN or infinity, and was not done: the network is as the step before left it.
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
    private static final long serialVersionUID = 1;

    private final int epoch;
    private final long step;
    private final String where;
    private final int layer;
    private final int image;

    NotFiniteException(NotFinite found, int epoch, long step) {
        super("CNN: expected finite numbers, got " + found + ", in epoch " + epoch + " at step " + step
                + ", counted from 0 over the network's life. The network is as the step before left it; "
                + (found.layer() < 0 && found.where().equals("the images") // as LayerChain calls them
                        ? "mend the image."
                        : "lower the learning rate, or cut gradients with clipNorm."));
        this.epoch = epoch;
        this.step = step;
        where = found.where();
        layer = found.layer();
        image = found.image();
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
