package dev.purecnn.data;

/**
 * How images are changed at random while a network trains, so that it sees each of them in many versions and learns what
 * they have in common.
 *
 * <pre>{@code
 * Augmentation handwriting = Augmentation.builder().shift(2).rotate(10).zoom(0.9, 1.1).build();
 * cnn.train(train.augmented(handwriting, 42), validation, options);
 *
 * Augmentation photographs = Augmentation.builder().shift(4).flipHorizontally().cutout(8).build();
 * }</pre>
 *
 * <p>What is asked for is done in this order, whatever the order it was asked in: flip, zoom, rotate and shift about the
 * centre of the image, then noise, then the cut-out. The first four are one step: with centred coordinates {@code x} to
 * the right and {@code y} down, the value at {@code (x, y)} of the result is that of the image at
 *
 * <pre>{@code
 * sourceX = flipX * (cos(angle) * (x - shiftX) - sin(angle) * (y - shiftY)) / zoom
 * sourceY = flipY * (sin(angle) * (x - shiftX) + cos(angle) * (y - shiftY)) / zoom
 * }</pre>
 *
 * <p>weighted between the four nearest cells (bilinear interpolation). So shifts and flips alone change no value. Cells
 * from outside the image have the value {@code fill}.
 *
 * <p>Every draw is a function of the seed, the epoch, the number of the image and what is drawn, and of nothing else: not
 * of threads, of the order of reading, or of what else is asked for. All arithmetic is strict, and so the same on every
 * machine.
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

    /**
     * Starts with nothing: images stay as they are.
     *
     * @return a builder
     */
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
     * Says what is done to the images.
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
         * @param cells the most, at least 0; every number from {@code -cells} to {@code cells} is equally likely
         * @return this builder
         * @throws IllegalArgumentException if it is negative
         */
        public Builder shift(int cells) {
            require(cells >= 0, "shift", "at least 0 cells", cells, "Shifts go both ways as it is.");
            shift = cells;
            return this;
        }

        /**
         * Rotates each image about its centre.
         *
         * @param degrees the most, from 0 to 180; every angle from {@code -degrees} to {@code degrees} is equally likely,
         *     positive ones being counterclockwise
         * @return this builder
         * @throws IllegalArgumentException if it is not from 0 to 180
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
         * Enlarges each image about its centre, or makes it smaller.
         *
         * @param smallest the smallest factor, at least 0.01; below 1 the image shrinks, and {@code fill} comes in from
         *     the edges
         * @param largest the largest factor, from {@code smallest} to 100; every factor between them is equally likely
         * @return this builder
         * @throws IllegalArgumentException if one of them is not in its range
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
         * Exchanges left and right in every other image, at random. Not for digits or letters.
         *
         * @return this builder
         */
        public Builder flipHorizontally() {
            flipHorizontally = true;
            return this;
        }

        /**
         * Exchanges top and bottom in every other image, at random.
         *
         * @return this builder
         */
        public Builder flipVertically() {
            flipVertically = true;
            return this;
        }

        /**
         * Adds a normally distributed number to each value, drawn for each anew. Values are not kept to the range that
         * they had.
         *
         * @param standardDeviation at least 0, in units of the values
         * @return this builder
         * @throws IllegalArgumentException if it is negative or not finite
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
         * Sets a square in each image to {@code fill}, in all channels. Its centre is any cell, so that a part of the
         * square may lie outside.
         *
         * @param cells the edge of the square, at least 0
         * @return this builder
         * @throws IllegalArgumentException if it is negative
         * @see <a href="https://arxiv.org/abs/1708.04552">DeVries and Taylor 2017</a>
         */
        public Builder cutout(int cells) {
            require(cells >= 0, "cutout", "at least 0 cells", cells, "Give the edge of the square.");
            cutout = cells;
            return this;
        }

        /**
         * Sets the value of cells from outside the image, and of those cut out. Default: 0.
         *
         * @param value what the background is, for example -0.5 with {@link PixelScaling#ZERO_MEAN}
         * @return this builder
         * @throws IllegalArgumentException if it is not finite
         */
        public Builder fill(double value) {
            require(Double.isFinite(value), "fill", "a finite value", value, "Give the value of the background.");
            fill = value;
            return this;
        }

        /**
         * Fixes what has been said.
         *
         * @return the augmentation, which later calls of this builder do not change
         */
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
