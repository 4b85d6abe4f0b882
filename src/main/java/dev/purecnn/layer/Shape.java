package dev.purecnn.layer;

/**
 * The size of one image, or of a layer's output for it: a stack of planes of one size.
 *
 * <p>A tensor of {@code n} images is a plain {@code double[n * size()]}. Images lie back to back; within an image the
 * order is channel, row, column: {@code index = (channel * height + row) * width + col}.
 *
 * <pre>{@code
 * Shape digit = Shape.of(1, 28, 28);
 * digit.size();       // 784
 * Shape.vector(10);   // ten values without any spatial order: 10 x 1 x 1
 * }</pre>
 *
 * @param channels number of planes, at least 1
 * @param height rows of a plane, at least 1
 * @param width columns of a plane, at least 1
 */
public record Shape(int channels, int height, int width) {

    /**
     * Checks the three sizes.
     *
     * @param channels at least 1
     * @param height at least 1
     * @param width at least 1
     * @throws IllegalArgumentException if a size is below 1, or their product is more than an array can hold
     */
    public Shape {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException("Shape: expected channels, height and width of at least 1, got "
                    + channels + " x " + height + " x " + width + ". Give every dimension a positive size.");
        }
        // 2^31 * 2^31 still fits in a long, so two checks are enough
        long plane = (long) height * width;
        if (plane > Integer.MAX_VALUE || plane * channels > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Shape: expected at most " + Integer.MAX_VALUE + " values, got "
                    + channels + " x " + height + " x " + width + ". Use smaller images or fewer channels.");
        }
    }

    /**
     * {@return a shape}
     *
     * @param channels number of planes, at least 1
     * @param height rows of a plane, at least 1
     * @param width columns of a plane, at least 1
     * @throws IllegalArgumentException if a size is below 1, or their product is more than an array can hold
     */
    public static Shape of(int channels, int height, int width) {
        return new Shape(channels, height, width);
    }

    /**
     * {@return the shape of a flat vector: {@code length} channels of one cell each}
     *
     * @param length number of values, at least 1
     * @throws IllegalArgumentException if the length is below 1
     */
    public static Shape vector(int length) {
        return new Shape(length, 1, 1);
    }

    /** {@return the number of values in one image: {@code channels * height * width}} */
    public int size() {
        return channels * height * width;
    }

    /** The shape as people write it: {@code 3 x 28 x 28}. */
    @Override
    public String toString() {
        return channels + " x " + height + " x " + width;
    }
}
