package dev.purecnn.data;

/**
 * What becomes of an 8-bit pixel on its way out of a dataset.
 *
 * <p>Whoever trains on scaled images must scale the images to classify in the same way:
 *
 * <pre>{@code
 * double[] image = new double[bytes.length];
 * for (int i = 0; i < bytes.length; i++) {
 *     image[i] = PixelScaling.UNIT.scale(bytes[i] & 0xff);
 * }
 * }</pre>
 */
public enum PixelScaling {

    /** To [0, 1]: {@code pixel / 255}. */
    UNIT(0.0),

    /** To [-0.5, 0.5]: {@code pixel / 255 - 0.5}, the {@code zero_mean} of the notebook. */
    ZERO_MEAN(-0.5);

    /** The largest 8-bit pixel. */
    static final int MAX_PIXEL = 255;

    private final double[] scaled = new double[MAX_PIXEL + 1];

    PixelScaling(double shift) {
        for (int pixel = 0; pixel < scaled.length; pixel++) {
            scaled[pixel] = pixel / 255.0 + shift;
        }
    }

    /**
     * Scales one pixel.
     *
     * @param pixel from 0 (black) to 255 (white)
     * @return the value that a network sees
     * @throws IllegalArgumentException if the pixel is not from 0 to 255
     */
    public double scale(int pixel) {
        if (pixel < 0 || pixel > MAX_PIXEL) {
            throw new IllegalArgumentException("PixelScaling: expected a pixel from 0 to 255, got " + pixel
                    + ". Bytes are signed in Java: write pixel & 0xff.");
        }
        return scaled[pixel];
    }

    /** Scales a whole image into {@code target}, from {@code offset} on. */
    void scale(byte[] pixels, double[] target, int offset) {
        for (int i = 0; i < pixels.length; i++) {
            target[offset + i] = scaled[pixels[i] & 0xff];
        }
    }
}
