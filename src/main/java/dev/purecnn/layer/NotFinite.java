package dev.purecnn.layer;

import java.util.Optional;

/**
 * Where a value is NaN or infinite.
 *
 * <pre>{@code
 * chain.findNotFinite(images, labels).ifPresent(System.out::println); // NaN in the output of layer 3, <GELULayer>, image 17
 * }</pre>
 *
 * @param where the array that it stands in, such as {@code the output of layer 3, <GELULayer>}
 * @param layer the number of the layer in the chain that was asked, from 0, or -1 for images and losses
 * @param image the number of its image, from 0, or -1 if the array belongs to no image
 * @param value NaN or an infinity
 */
public record NotFinite(String where, int layer, int image, double value) {

    /** The first in an array of {@code n} images, or of none if that is 0. A null array is one that was never filled. */
    static Optional<NotFinite> first(String where, double[] values, int n) {
        if (values != null) {
            for (int i = 0; i < values.length; i++) {
                if (!Double.isFinite(values[i])) {
                    return Optional.of(new NotFinite(where, -1, n == 0 ? -1 : i / (values.length / n), values[i]));
                }
            }
        }
        return Optional.empty();
    }

    NotFinite withLayer(int number) {
        return new NotFinite(where, number, image, value);
    }

    /**
     * The same with the images counted from elsewhere, as with a piece of a batch.
     *
     * @param first what is added to the image's number
     * @return the same if there is no image
     */
    public NotFinite withImagesFrom(int first) {
        return image < 0 ? this : new NotFinite(where, layer, image + first, value);
    }

    /** All that there is to say, such as {@code NaN in the output of layer 3, <GELULayer>, image 17}. */
    @Override
    public String toString() {
        return value + " in " + where + (image < 0 ? "" : ", image " + image);
    }
}
