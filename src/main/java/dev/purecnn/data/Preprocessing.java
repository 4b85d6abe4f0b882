package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/**
 * How a picture of any size becomes what a network sees. Immutable. A dataset passes it on to the network, and the network's file
 * keeps it, so that pictures to classify are prepared like those of training.
 *
 * <pre>{@code
 * Preprocessing preprocessing = Preprocessing.builder(Shape.of(3, 64, 64))
 *         .resize(Resize.CENTER_CROP)
 *         .background(0xFFFFFF)
 *         .scaling(PixelScaling.UNIT)
 *         .build();
 * double[] image = preprocessing.apply(Pictures.read(Path.of("cat.jpg")));
 * }</pre>
 *
 * <p>In this order:
 *
 * <ol>
 *   <li><b>Transparency:</b> without a background, a pixel that is not opaque is refused. With one, each channel becomes
 *       {@code (opacity * colour + (255 - opacity) * background) / 255}, rounded to the nearest.
 *   <li><b>Colours:</b> for one channel, {@code (299 * red + 587 * green + 114 * blue + 500) / 1000}, rounded down (ITU-R
 *       BT.601); for three, as they are.
 *   <li><b>Size:</b> as {@link Resize} says.
 *   <li><b>Scaling:</b> as {@link PixelScaling} says.
 * </ol>
 */
public final class Preprocessing {
    private static final int COLOUR = 3;
    private static final int OPAQUE = 255;
    private static final int BLACK = 0;

    private final Shape shape;
    private final Resize resize;
    private final Integer background; // null: transparency is refused
    private final PixelScaling scaling;

    private Preprocessing(Builder builder) {
        shape = builder.shape;
        resize = builder.resize;
        background = builder.background;
        scaling = builder.scaling;
        if (shape.channels() != 1 && shape.channels() != COLOUR) {
            throw new IllegalArgumentException("Preprocessing: expected 1 channel or 3, got " + shape.channels()
                    + ". Read pictures as grey, or as red, green and blue.");
        }
        Shape digit = Shape.of(1, Handwriting.FIELD, Handwriting.FIELD);
        if (resize == Resize.MNIST && !shape.equals(digit)) {
            throw new IllegalArgumentException("Preprocessing: expected the shape " + digit + " for Resize.MNIST, got "
                    + shape + ". Give that shape, or another Resize.");
        }
        scaling.check("Preprocessing", shape);
    }

    /**
     * {@return a builder that expects opaque pictures of exactly this size, and scales them to [0, 1]}
     *
     * @param shape of what a network sees: one channel for grey or three for red, green and blue; height and width
     */
    public static Builder builder(Shape shape) {
        return new Builder(Objects.requireNonNull(shape, "shape"));
    }

    /**
     * For your own handwriting: what a network trained on MNIST can read, made as MNIST was made (LeCun et al. 1998), of one
     * digit, light on dark or dark on light, of any size, place and pen.
     *
     * <ol>
     *   <li>Transparent pixels get a white background. A picture longer than 512 pixels is averaged down to that.
     *   <li>Otsu's threshold parts dark from light; what has the majority of the border's pixels is paper. If the two overlap
     *       (less than 80 % of the variance lies between them, as with noise, shadows, or little ink on much paper), the
     *       picture is averaged over 3 x 3 pixels first; if they still do, the mean of a window of half its sides is taken
     *       away from each pixel; and if even that does not help, ink is what differs from the median by more than 5 standard
     *       deviations of the noise (1.4826 times the median of the distances from it), and by 16 of 255.
     *   <li>Strokes smaller than a twentieth of the largest are dirt, and left out. Thin pens are widened to a tenth of the
     *       digit's longer side, which is what MNIST's thin strokes have.
     *   <li>The ink, from 0 for the mean paper to 255 for the mean ink, is cropped and scaled to fit 20 x 20, in proportion.
     *   <li>It is moved, by whole pixels, so that its centre of mass lies on row 14 and column 14 of 28 x 28, or as near as
     *       it fits.
     * </ol>
     *
     * <p>{@link #apply} refuses a picture in which ink and paper differ by less than 16 of 255, or the digit is shorter than
     * a twentieth of the picture.
     *
     * <pre>{@code
     * double[] image = Preprocessing.mnist().apply(Pictures.read(Path.of("my-seven.jpg")));
     * }</pre>
     *
     * @return preprocessing to 1 x 28 x 28, scaled to [0, 1]
     * @see <a href="https://doi.org/10.1109/5.726791">LeCun et al. 1998</a>
     * @see <a href="https://doi.org/10.1109/TSMC.1979.4310076">Otsu 1979</a>
     */
    public static Preprocessing mnist() {
        return builder(Shape.of(1, Handwriting.FIELD, Handwriting.FIELD))
                .resize(Resize.MNIST)
                .background(0xffffff)
                .build();
    }

    /** {@return the shape of what a network sees} */
    public Shape shape() {
        return shape;
    }

    /** {@return how pictures of another size are treated} */
    public Resize resize() {
        return resize;
    }

    /** {@return how pixels become numbers} */
    public PixelScaling scaling() {
        return scaling;
    }

    /** The background's {@code 0xRRGGBB}, or null. */
    Integer background() {
        return background;
    }

    /**
     * {@return what a network sees of a picture: a new array of {@code shape().size()} values, in the order channel, row, column}
     *
     * @param picture of any size that {@link #resize} allows
     * @throws IllegalArgumentException if the picture has the wrong size for {@code EXACT}, is transparent without a background,
     *     or shows no handwriting for {@code MNIST}
     */
    public double[] apply(Picture picture) {
        double[] image = new double[shape.size()];
        scaling.scale(pixels(picture), image, 0);
        return image;
    }

    /**
     * {@return the result of {@link #apply} before scaling, in an eighth of the memory: a new array of unsigned bytes}
     *
     * @param picture as for {@link #apply}
     * @throws IllegalArgumentException as for {@link #apply}
     */
    public byte[] pixels(Picture picture) {
        int height = picture.height();
        int width = picture.width();
        checkSize(height, width);
        if (resize == Resize.MNIST) {
            return Handwriting.digit(plane(picture, 0, 0, 0, height, width), height, width);
        }
        boolean tooWide = (long) width * shape.height() > (long) height * shape.width();
        int keptRows = height;
        int keptCols = width;
        int rows = shape.height();
        int cols = shape.width();
        if (resize == Resize.CENTER_CROP && tooWide) {
            keptCols = proportional(height, cols, rows);
        } else if (resize == Resize.CENTER_CROP) {
            keptRows = proportional(width, rows, cols);
        } else if (resize == Resize.FIT && tooWide) {
            rows = proportional(height, cols, width);
        } else if (resize == Resize.FIT) {
            cols = proportional(width, rows, height);
        }
        int top = (shape.height() - rows) / 2;
        int left = (shape.width() - cols) / 2;
        byte[] pixels = new byte[shape.size()];
        for (int channel = 0; channel < shape.channels(); channel++) {
            byte[] plane = plane(picture, channel, (height - keptRows) / 2, (width - keptCols) / 2, keptRows, keptCols);
            int start = channel * shape.height() * shape.width();
            if (rows * cols < shape.height() * shape.width()) {
                byte padding = (byte) channel(background == null ? BLACK : background, channel);
                Arrays.fill(pixels, start, start + shape.height() * shape.width(), padding);
            }
            Resampling.scale(
                    plane, keptRows, keptCols, pixels, start + top * shape.width() + left, shape.width(), rows, cols);
        }
        return pixels;
    }

    /** {@code length * numerator / denominator}, rounded, and at least 1. */
    static int proportional(int length, int numerator, int denominator) {
        long twice = 2L * length * numerator;
        return (int) Math.max(1, (twice + denominator) / (2L * denominator));
    }

    /** Refuses what {@link #pixels} would, as far as possible before a picture is decoded. */
    void checkSize(int height, int width) {
        if (resize == Resize.EXACT && (height != shape.height() || width != shape.width())) {
            throw new IllegalArgumentException("Preprocessing: expected a picture of " + shape.height() + " x "
                    + shape.width() + ", got " + height + " x " + width
                    + ". Scale it, give the size that it has, or choose another Resize than EXACT.");
        }
    }

    /** One channel of a part of a picture, row by row, on its background. */
    private byte[] plane(Picture picture, int channel, int top, int left, int height, int width) {
        int[] argb = picture.pixels();
        byte[] plane = new byte[height * width];
        int back = background == null ? 0 : channel(background, channel);
        for (int row = 0, i = 0; row < height; row++) {
            int start = (top + row) * picture.width() + left;
            for (int col = 0; col < width; col++, i++) {
                int pixel = argb[start + col];
                int opacity = pixel >>> 24;
                if (opacity == OPAQUE) {
                    plane[i] = (byte) channel(pixel, channel);
                } else if (background == null) {
                    throw transparent(opacity, top + row, left + col);
                } else {
                    plane[i] = (byte) channel(blended(pixel, opacity), channel);
                }
            }
        }
        return plane;
    }

    private static IllegalArgumentException transparent(int opacity, int row, int col) {
        return new IllegalArgumentException("Preprocessing: expected an opaque picture, got opacity " + opacity + " of "
                + OPAQUE + " at row " + row + ", column " + col
                + ". Put a background behind it, such as background(0xFFFFFF).");
    }

    private int blended(int pixel, int opacity) {
        int result = 0;
        for (int shift = 0; shift < 24; shift += 8) {
            int over = opacity * (pixel >> shift & 0xff) + (255 - opacity) * (background >> shift & 0xff);
            result |= (over + 127) / 255 << shift;
        }
        return result;
    }

    /** Red, green or blue, or the grey of a colour. */
    private int channel(int rgb, int channel) {
        int red = rgb >> 16 & 0xff;
        int green = rgb >> 8 & 0xff;
        int blue = rgb & 0xff;
        if (shape.channels() == 1) {
            return (299 * red + 587 * green + 114 * blue + 500) / 1000; // ITU-R BT.601
        }
        return channel == 0 ? red : channel == 1 ? green : blue;
    }

    /** {@return this preprocessing as text, for files: exact, and the same on every JDK} */
    public Map<String, String> toMap() {
        return PreprocessingMap.of(this);
    }

    /**
     * {@return the preprocessing that {@link #toMap} turned into text}
     *
     * @param map may come from anywhere
     * @throws IllegalArgumentException if an entry is missing, unknown or damaged; names it
     */
    public static Preprocessing fromMap(Map<String, String> map) {
        return PreprocessingMap.read(map);
    }

    /** Equal preprocessings give equal values of every picture, bit for bit. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Preprocessing that && toMap().equals(that.toMap());
    }

    @Override
    public int hashCode() {
        return Objects.hash(shape, resize, background, scaling);
    }

    /** Such as {@code Preprocessing(3 x 64 x 64, CENTER_CROP, background ffffff, UNIT)}. */
    @Override
    public String toString() {
        String colour = background == null ? "" : String.format(", background %06x", background);
        return "Preprocessing(" + shape + ", " + resize + colour + ", " + scaling + ")";
    }

    /** Builds a {@link Preprocessing}; not for several threads at once. */
    public static final class Builder {
        private final Shape shape;
        private Resize resize = Resize.EXACT;
        private Integer background;
        private PixelScaling scaling = PixelScaling.UNIT;

        private Builder(Shape shape) {
            this.shape = shape;
        }

        /**
         * Sets how pictures of another size are treated.
         *
         * @param newResize by default {@code EXACT}, which refuses them
         * @return this builder
         */
        public Builder resize(Resize newResize) {
            resize = Objects.requireNonNull(newResize, "resize");
            return this;
        }

        /**
         * Sets the colour behind transparent pixels and around pictures that are fitted.
         *
         * @param rgb {@code 0xRRGGBB}; by default transparency is refused
         * @return this builder
         * @throws IllegalArgumentException if it is not from 0 to 0xFFFFFF
         */
        public Builder background(int rgb) {
            if (rgb < 0 || rgb > 0xffffff) {
                throw new IllegalArgumentException(
                        "Preprocessing: expected a background from 0x000000 to 0xffffff, got 0x"
                                + Integer.toHexString(rgb) + ". Write 0xRRGGBB, without opacity.");
            }
            background = rgb;
            return this;
        }

        /**
         * Sets how pixels become numbers.
         *
         * @param newScaling by default {@code UNIT}, to [0, 1]
         * @return this builder
         */
        public Builder scaling(PixelScaling newScaling) {
            scaling = Objects.requireNonNull(newScaling, "scaling");
            return this;
        }

        /**
         * {@return the preprocessing}
         *
         * @throws IllegalArgumentException if the shape has neither one channel nor three, is not 1 x 28 x 28 for {@code MNIST},
         *     or has other channels than a standardized scaling
         */
        public Preprocessing build() {
            return new Preprocessing(this);
        }
    }
}
