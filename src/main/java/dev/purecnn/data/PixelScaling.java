package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.util.Arrays;
import java.util.Objects;

/**
 * How an 8-bit pixel becomes the number that a network sees.
 *
 * <p>Images to classify must be scaled like the training images; {@link Preprocessing} does so for pictures.
 *
 * <pre>{@code
 * double[] image = new double[bytes.length];
 * for (int i = 0; i < bytes.length; i++) {
 *     image[i] = PixelScaling.UNIT.scale(bytes[i] & 0xff);
 * }
 * }</pre>
 */
public final class PixelScaling {

    /** To [0, 1]: {@code pixel / 255}. */
    public static final PixelScaling UNIT = new PixelScaling("UNIT", new double[] {0}, new double[] {1});

    /** To [-0.5, 0.5]: {@code pixel / 255 - 0.5}, the {@code zero_mean} of the notebook. */
    public static final PixelScaling ZERO_MEAN = new PixelScaling("ZERO_MEAN", new double[] {0.5}, new double[] {1});

    /** The largest 8-bit pixel. */
    static final int MAX_PIXEL = 255;

    private final String name; // of a constant; null if standardized
    private final double[] means;
    private final double[] deviations;
    private final double[][] scaled; // per channel, or one for all

    private PixelScaling(String name, double[] means, double[] deviations) {
        this.name = name;
        this.means = means;
        this.deviations = deviations;
        scaled = new double[means.length][MAX_PIXEL + 1];
        for (int channel = 0; channel < scaled.length; channel++) {
            for (int pixel = 0; pixel <= MAX_PIXEL; pixel++) {
                scaled[channel][pixel] = (pixel / 255.0 - means[channel]) / deviations[channel];
            }
        }
    }

    /**
     * {@return a scaling to mean 0 and deviation 1 per channel: {@code (pixel / 255 - mean) / deviation}, as torchvision's
     * {@code Normalize} after {@code ToTensor}}
     *
     * <pre>{@code
     * PixelScaling imageNet = PixelScaling.standardized(
     *         new double[] {0.485, 0.456, 0.406}, new double[] {0.229, 0.224, 0.225});
     * }</pre>
     *
     * @param means of each channel, of pixels in [0, 1]; finite
     * @param deviations of each channel, of pixels in [0, 1]; positive and finite
     * @throws IllegalArgumentException if the lengths differ or are 0, or a number is out of its range or makes a scaled pixel
     *     infinite
     */
    public static PixelScaling standardized(double[] means, double[] deviations) {
        double[] meansCopy = Objects.requireNonNull(means, "means").clone();
        double[] deviationsCopy =
                Objects.requireNonNull(deviations, "deviations").clone();
        if (meansCopy.length == 0 || meansCopy.length != deviationsCopy.length) {
            throw new IllegalArgumentException(
                    "PixelScaling.standardized: expected a mean and a deviation per channel, got " + meansCopy.length
                            + " means and " + deviationsCopy.length + " deviations. Give every channel both.");
        }
        for (int channel = 0; channel < meansCopy.length; channel++) {
            double mean = meansCopy[channel];
            double deviation = deviationsCopy[channel];
            if (!(deviation > 0)
                    || !Double.isFinite(deviation)
                    || !Double.isFinite((0 - mean) / deviation)
                    || !Double.isFinite((1 - mean) / deviation)) {
                throw new IllegalArgumentException(
                        "PixelScaling.standardized: expected a finite mean and a positive, finite"
                                + " deviation, got " + mean + " and " + deviation + " for channel " + channel
                                + ". Measure both on pixels in [0, 1]; leave constant channels at deviation 1.");
            }
        }
        return new PixelScaling(null, meansCopy, deviationsCopy);
    }

    /**
     * {@return the value that a network sees of a pixel, if all channels are scaled alike}
     *
     * @param pixel from 0 (black) to 255 (white)
     * @throws IllegalArgumentException if the pixel is not from 0 to 255
     * @throws IllegalStateException if this scaling differs by channel
     */
    public double scale(int pixel) {
        if (scaled.length > 1) {
            throw new IllegalStateException("PixelScaling: expected a channel, for " + scaled.length
                    + " are scaled differently, got a pixel only. Call scale(channel, pixel).");
        }
        return scale(0, pixel);
    }

    /**
     * {@return the value that a network sees of a pixel}
     *
     * @param channel from 0
     * @param pixel from 0 (black) to 255 (white)
     * @throws IllegalArgumentException if there is no such pixel or channel
     */
    public double scale(int channel, int pixel) {
        if (pixel < 0 || pixel > MAX_PIXEL) {
            throw new IllegalArgumentException("PixelScaling: expected a pixel from 0 to 255, got " + pixel
                    + ". Bytes are signed in Java: write pixel & 0xff.");
        }
        if (channel < 0 || name == null && channel >= scaled.length) {
            throw new IllegalArgumentException("PixelScaling: expected a channel from 0 to " + (scaled.length - 1)
                    + ", got " + channel + ". Give every channel a mean and a deviation.");
        }
        return scaled[name == null ? channel : 0][pixel];
    }

    /** Refuses images whose channels are not the ones that this scaling has means and deviations for. */
    void check(String where, Shape shape) {
        if (name == null && shape.channels() != scaled.length) {
            throw new IllegalArgumentException(where + ": expected a mean and a deviation for each of "
                    + shape.channels() + " channels (" + shape + "), got " + scaled.length
                    + ". Give every channel both.");
        }
    }

    /** Scales a whole image into {@code target}, from {@code offset} on. */
    void scale(byte[] pixels, double[] target, int offset) {
        int plane = pixels.length / scaled.length;
        for (int channel = 0; channel < scaled.length; channel++) {
            double[] table = scaled[channel];
            for (int i = channel * plane; i < (channel + 1) * plane; i++) {
                target[offset + i] = table[pixels[i] & 0xff];
            }
        }
    }

    /** The name of a constant, or {@code null}. */
    String name() {
        return name;
    }

    double[] means() {
        return means.clone();
    }

    double[] deviations() {
        return deviations.clone();
    }

    /** Equal scalings give equal values, bit for bit. */
    @Override
    public boolean equals(Object other) {
        return other instanceof PixelScaling that
                && Objects.equals(name, that.name)
                && Arrays.equals(means, that.means)
                && Arrays.equals(deviations, that.deviations);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Objects.hashCode(name) + Arrays.hashCode(means)) + Arrays.hashCode(deviations);
    }

    /** Such as {@code UNIT} or {@code standardized([0.5], [0.25])}. */
    @Override
    public String toString() {
        return name != null
                ? name
                : "standardized(" + Arrays.toString(means) + ", " + Arrays.toString(deviations) + ")";
    }
}
