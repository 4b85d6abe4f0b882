package dev.purecnn.data;

/**
 * Random changes to the training images, so that a network sees each of them in many versions and learns what they have in
 * common.
 *
 * <pre>{@code
 * Augmentation handwriting = Augmentation.builder().shift(2).rotate(10).zoom(0.9, 1.1).build();
 * cnn.train(train.augmented(handwriting, 42), validation, options);
 *
 * Augmentation photographs = Augmentation.builder().shift(4).flipHorizontally().cutout(8).build();
 * }</pre>
 *
 * <p>The changes are made in this order: flip, zoom, rotate and shift about the centre of the image, then noise, then the
 * cut-out. The first four are one: with centred coordinates {@code x} to the right and {@code y} down, the value at
 * {@code (x, y)} of the result is that of the image at
 *
 * <pre>{@code
 * sourceX = flipX * (cos(angle) * (x - shiftX) - sin(angle) * (y - shiftY)) / zoom
 * sourceY = flipY * (sin(angle) * (x - shiftX) + cos(angle) * (y - shiftY)) / zoom
 * }</pre>
 *
 * <p>interpolated linearly between the four nearest cells, so shifts and flips alone change no value. Cells from outside the
 * image have the value {@code fill}.
 *
 * <p>Every draw depends only on the seed, the epoch, the image's number and what is drawn: not on threads, the order of reading,
 * or other changes. The results are the same on every machine.
 *
 * @see Dataset#augmented
 */
public final class Augmentation {
    final int shift;
    private final double degrees;
    final double angle;
    final double smallestZoom;
    final double largestZoom;
    final boolean flipHorizontally;
    final boolean flipVertically;
    final double noise;
    final int cutout;
    final double fill;

    private Augmentation(Builder builder) {
        shift = builder.shift;
        degrees = builder.degrees;
        angle = StrictMath.toRadians(degrees);
        smallestZoom = builder.smallestZoom;
        largestZoom = builder.largestZoom;
        flipHorizontally = builder.flipHorizontally;
        flipVertically = builder.flipVertically;
        noise = builder.noise;
        cutout = builder.cutout;
        fill = builder.fill;
    }

    /** {@return a builder that changes nothing yet} */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether cells of the result come from elsewhere in the image. */
    boolean moves() {
        return shift > 0 || angle > 0 || smallestZoom != 1 || largestZoom != 1 || flipHorizontally || flipVertically;
    }

    /** All that is done to the images, with its numbers. */
    @Override
    public String toString() {
        return "Augmentation[shift=" + shift + ", rotate=" + degrees + ", zoom=" + smallestZoom + " to " + largestZoom
                + ", flipHorizontally=" + flipHorizontally + ", flipVertically=" + flipVertically + ", noise=" + noise
                + ", cutout=" + cutout + ", fill=" + fill + "]";
    }

    /**
     * Collects what to do to the images. A value out of its range is refused with an {@link IllegalArgumentException}.
     *
     * <pre>{@code
     * Augmentation some = Augmentation.builder().rotate(15).noise(0.05).fill(-0.5).build();
     * }</pre>
     */
    public static final class Builder {
        private static final double HALF_TURN = 180;
        private static final double MOST_ZOOM = 100;

        private int shift;
        private double degrees;
        private double smallestZoom = 1;
        private double largestZoom = 1;
        private boolean flipHorizontally;
        private boolean flipVertically;
        private double noise;
        private int cutout;
        private double fill;

        private Builder() {}

        /**
         * Shifts each image by a whole number of cells up or down, and by another to the left or right.
         *
         * @param cells the most, at least 0; all shifts from {@code -cells} to {@code cells} are equally likely
         * @return this builder
         */
        public Builder shift(int cells) {
            require(cells >= 0, "shift", "at least 0 cells", cells, "Shifts go both ways as it is.");
            shift = cells;
            return this;
        }

        /**
         * Rotates each image about its centre.
         *
         * @param degrees the most, from 0 to 180; all angles from {@code -degrees} to {@code degrees} are equally likely, and
         *     positive ones are counterclockwise
         * @return this builder
         */
        public Builder rotate(double degrees) {
            require(
                    degrees >= 0 && degrees <= HALF_TURN,
                    "rotate",
                    "from 0 to 180 degrees",
                    degrees,
                    "Rotations go both ways as it is.");
            this.degrees = degrees;
            return this;
        }

        /**
         * Enlarges or shrinks each image about its centre.
         *
         * @param smallest the smallest factor, at least 0.01; below 1 the image shrinks, and {@code fill} shows at the edges
         * @param largest the largest factor, from {@code smallest} to 100; all factors between are equally likely
         * @return this builder
         */
        public Builder zoom(double smallest, double largest) {
            require(
                    smallest >= 1 / MOST_ZOOM && smallest <= MOST_ZOOM,
                    "zoom",
                    "a smallest factor from 0.01 to 100",
                    smallest,
                    "Write zoom(0.9, 1.1).");
            require(
                    largest >= smallest && largest <= MOST_ZOOM,
                    "zoom",
                    "a largest factor from " + smallest + " to 100",
                    largest,
                    "Write zoom(0.9, 1.1).");
            smallestZoom = smallest;
            largestZoom = largest;
            return this;
        }

        /**
         * Swaps left and right in half of the images, at random. Not for digits or letters.
         *
         * @return this builder
         */
        public Builder flipHorizontally() {
            flipHorizontally = true;
            return this;
        }

        /**
         * Swaps top and bottom in half of the images, at random.
         *
         * @return this builder
         */
        public Builder flipVertically() {
            flipVertically = true;
            return this;
        }

        /**
         * Adds a normally distributed random number to each value. Values may leave their range.
         *
         * @param standardDeviation at least 0 and finite, in units of the values
         * @return this builder
         * @see <a href="https://doi.org/10.1214/aoms/1177706645">Box and Muller 1958</a>
         */
        public Builder noise(double standardDeviation) {
            require(
                    standardDeviation >= 0 && standardDeviation < Double.POSITIVE_INFINITY,
                    "noise",
                    "a standard deviation of at least 0",
                    standardDeviation,
                    "Write 0.05 for a twentieth of the range of pixels.");
            noise = standardDeviation;
            return this;
        }

        /**
         * Sets a square in each image to {@code fill}, in all channels. Its centre is any cell, so part of the square may be
         * outside.
         *
         * @param cells the edge of the square, at least 0
         * @return this builder
         * @see <a href="https://arxiv.org/abs/1708.04552">DeVries and Taylor 2017</a>
         */
        public Builder cutout(int cells) {
            require(cells >= 0, "cutout", "at least 0 cells", cells, "Give the edge of the square.");
            cutout = cells;
            return this;
        }

        /**
         * Sets the value of cells from outside the image, and of those cut out; 0 by default.
         *
         * @param value of the background, such as -0.5 with {@link PixelScaling#ZERO_MEAN}; finite
         * @return this builder
         */
        public Builder fill(double value) {
            require(Double.isFinite(value), "fill", "a finite value", value, "Give the value of the background.");
            fill = value;
            return this;
        }

        /** {@return the augmentation, which later calls of this builder do not change} */
        public Augmentation build() {
            return new Augmentation(this);
        }

        private static void require(boolean good, String method, String expected, Number got, String remedy) {
            if (!good) {
                throw new IllegalArgumentException(
                        "Augmentation." + method + ": expected " + expected + ", got " + got + ". " + remedy);
            }
        }
    }
}
