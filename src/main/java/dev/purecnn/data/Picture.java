package dev.purecnn.data;

import java.util.Arrays;
import java.util.Objects;

/**
 * An immutable picture: 8-bit red, green, blue and opacity per pixel. Pixels from any source become one without
 * {@code java.desktop}; {@link Pictures} reads files.
 *
 * <pre>{@code
 * // JavaFX
 * int[] argb = new int[width * height];
 * image.getPixelReader().getPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), argb, 0, width);
 * Picture picture = Picture.ofArgb(argb, width, height);
 *
 * // Android
 * bitmap.getPixels(argb, 0, width, 0, 0, width, height);
 * Picture picture = Picture.ofArgb(argb, width, height);
 * }</pre>
 *
 * <p>Pixels come row by row from the upper left: pixel {@code row * width + col}. <b>Memory:</b> four bytes per pixel.
 */
public final class Picture {
    private static final int OPAQUE = 0xff000000;

    private final int[] argb;
    private final int width;
    private final int height;

    /** Trusts its caller, and keeps the array. */
    Picture(int[] argb, int width, int height) {
        this.argb = argb;
        this.width = width;
        this.height = height;
    }

    /**
     * {@return a picture of colours with opacity}
     *
     * @param pixels {@code 0xAARRGGBB} per pixel, not premultiplied; opacity 255 is opaque; copied
     * @param width columns, at least 1
     * @param height rows, at least 1
     * @throws IllegalArgumentException if a size is below 1, or there are not {@code width * height} pixels
     */
    public static Picture ofArgb(int[] pixels, int width, int height) {
        checkSize("Picture.ofArgb", Objects.requireNonNull(pixels, "pixels").length, width, height);
        return new Picture(pixels.clone(), width, height);
    }

    /**
     * {@return an opaque picture of colours}
     *
     * @param pixels {@code 0xRRGGBB} per pixel; the upper eight bits are ignored; copied
     * @param width columns, at least 1
     * @param height rows, at least 1
     * @throws IllegalArgumentException if a size is below 1, or there are not {@code width * height} pixels
     */
    public static Picture ofRgb(int[] pixels, int width, int height) {
        checkSize("Picture.ofRgb", Objects.requireNonNull(pixels, "pixels").length, width, height);
        int[] argb = new int[pixels.length];
        for (int i = 0; i < argb.length; i++) {
            argb[i] = OPAQUE | pixels[i];
        }
        return new Picture(argb, width, height);
    }

    /**
     * {@return an opaque picture of greys, such as the first plane (Y) of a camera's YUV image}
     *
     * @param pixels one unsigned byte per pixel: 0 is black, -1 (255) white; copied
     * @param width columns, at least 1
     * @param height rows, at least 1
     * @throws IllegalArgumentException if a size is below 1, or there are not {@code width * height} pixels
     */
    public static Picture ofGrey(byte[] pixels, int width, int height) {
        checkSize("Picture.ofGrey", Objects.requireNonNull(pixels, "pixels").length, width, height);
        int[] argb = new int[pixels.length];
        for (int i = 0; i < argb.length; i++) {
            argb[i] = grey(pixels[i] & 0xff);
        }
        return new Picture(argb, width, height);
    }

    /**
     * {@return an opaque picture of greys}
     *
     * @param pixels one number per pixel, from 0 (black) to 255 (white); copied
     * @param width columns, at least 1
     * @param height rows, at least 1
     * @throws IllegalArgumentException if a size is below 1, there are not {@code width * height} pixels, or one is out of its
     *     range
     */
    public static Picture ofGrey(int[] pixels, int width, int height) {
        checkSize("Picture.ofGrey", Objects.requireNonNull(pixels, "pixels").length, width, height);
        int[] argb = new int[pixels.length];
        for (int i = 0; i < argb.length; i++) {
            int pixel = pixels[i];
            if (pixel < 0 || pixel > PixelScaling.MAX_PIXEL) {
                throw new IllegalArgumentException("Picture.ofGrey: expected pixels from 0 to 255, got " + pixel
                        + " at row " + i / width + ", column " + i % width
                        + ". Bytes are signed in Java: write pixel & 0xff; of colours, use ofRgb.");
            }
            argb[i] = grey(pixel);
        }
        return new Picture(argb, width, height);
    }

    private static void checkSize(String where, int pixels, int width, int height) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(where + ": expected a width and a height of at least 1, got " + width
                    + " and " + height + ". Give the size of the picture.");
        }
        if ((long) width * height != pixels) {
            throw new IllegalArgumentException(where + ": expected " + (long) width * height + " pixels (" + width
                    + " x " + height + "), got " + pixels + ". Give one number per pixel.");
        }
    }

    /** An opaque grey as a colour. */
    static int grey(int level) {
        return OPAQUE | level * 0x010101;
    }

    /** {@return the number of columns, at least 1} */
    public int width() {
        return width;
    }

    /** {@return the number of rows, at least 1} */
    public int height() {
        return height;
    }

    /**
     * {@return one pixel: {@code 0xAARRGGBB}, not premultiplied}
     *
     * @param row from 0, at the top, to {@code height() - 1}
     * @param col from 0, on the left, to {@code width() - 1}
     * @throws IndexOutOfBoundsException if there is no such pixel
     */
    public int argb(int row, int col) {
        return argb[Objects.checkIndex(row, height) * width + Objects.checkIndex(col, width)];
    }

    /** {@return a new array of all pixels, row by row: {@code 0xAARRGGBB} each, not premultiplied} */
    public int[] argb() {
        return argb.clone();
    }

    /** All pixels: the picture's own array. */
    int[] pixels() {
        return argb;
    }

    /** Equal pictures have the same size and the same pixels. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Picture that && width == that.width && Arrays.equals(argb, that.argb);
    }

    @Override
    public int hashCode() {
        return 31 * width + Arrays.hashCode(argb);
    }

    /** Such as {@code Picture(640 x 480)}: width x height. */
    @Override
    public String toString() {
        return "Picture(" + width + " x " + height + ")";
    }
}
