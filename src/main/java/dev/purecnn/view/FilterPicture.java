package dev.purecnn.view;

import dev.purecnn.internal.file.AtomicFile;
import dev.purecnn.internal.file.Disk;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * The filters of a convolution in grey: one column per filter, one row per channel, 32 filters side by side, further ones below.
 *
 * <p>Each filter has its own scale over all its channels: its smallest weight is black, its largest white; a filter whose weights
 * are all equal is mid grey. The picture copies the weights when it is made.
 *
 * <pre>{@code
 * ConvolutionalLayer first = new ConvolutionalLayer(1, 16, 3);
 * CNN cnn = CNN.builder(Shape.of(1, 28, 28)).layers(first, new DenseSoftmaxLayer(28 * 28 * 16, 10)).build();
 * FilterPicture before = FilterPicture.of(first);
 * cnn.trainTestCycle(3, 2, trainImages, testImages, 2000);
 * before.savePng(Path.of("before.png"));
 * FilterPicture.of(first).savePng(Path.of("after.png"));
 * }</pre>
 */
public final class FilterPicture {
    private static final int FILTERS_IN_BAND = 32;
    private static final int PAPER = 0xFFFFFF;
    private static final int FRAME = 0x808080;
    private static final double MID_GREY = 0.5;
    /** Wide enough to see a 3 x 3 filter, for the few filters of a first layer. */
    private static final int LARGEST_CELL = 24;

    private static final int COMFORTABLE_WIDTH = 1280; // pixels: fits most screens
    private static final int LARGEST_EDGE = 1 << 14; // pixels: what common viewers still open

    private final int filters;
    private final int channels;
    private final Shape plane;
    /** From 0, black, to 1, white; in the order of the weights. */
    private final double[] brightness;

    private final int cell;

    private FilterPicture(int filters, int channels, Shape plane, double[] brightness, int cell) {
        this.filters = filters;
        this.channels = channels;
        this.plane = plane;
        this.brightness = brightness;
        this.cell = cell;
        if (width() > LARGEST_EDGE || height() > LARGEST_EDGE) {
            throw new IllegalArgumentException(
                    "FilterPicture: expected at most " + LARGEST_EDGE + " pixels each way, got " + width() + " x "
                            + height() + ". Use a smaller cellSize, or show a smaller layer.");
        }
    }

    /**
     * {@return a picture of a layer's filters as they are now}
     *
     * @param layer the convolution, connected or not
     * @throws IllegalArgumentException if a weight is not finite, or the picture would be larger than 16,384 pixels
     */
    public static FilterPicture of(ConvolutionalLayer layer) {
        Objects.requireNonNull(layer, "layer");
        return of(layer.parameters().get(0), layer.channels() / layer.groups()); // the weights come before the biases
    }

    /**
     * {@return a picture of the filters of any other layer}
     *
     * @param weights of {@code filters * channels} planes, those of one filter next to each other; not modified
     * @param channels how many planes make one filter
     * @throws IllegalArgumentException if the planes do not make whole filters, a weight is not finite, or the picture would be
     *     larger than 16,384 pixels
     */
    public static FilterPicture of(Parameter weights, int channels) {
        Shape shape = Objects.requireNonNull(weights, "weights").shape();
        if (channels < 1 || shape.channels() % channels != 0) {
            throw new IllegalArgumentException("FilterPicture: expected channels that divide the " + shape.channels()
                    + " planes of " + weights + ", got " + channels + ". Pass the number of planes of one filter.");
        }
        int filters = shape.channels() / channels;
        double[] brightness = weights.values().clone();
        for (int filter = 0; filter < filters; filter++) {
            normalize(brightness, filter, brightness.length / filters);
        }
        Shape plane = Shape.of(1, shape.height(), shape.width());
        return new FilterPicture(filters, channels, plane, brightness, comfortableCell(filters, shape.width()));
    }

    private static int comfortableCell(int filters, int filterWidth) {
        int cells = Math.min(filters, FILTERS_IN_BAND) * (filterWidth + 1);
        return Math.max(1, Math.min(LARGEST_CELL, COMFORTABLE_WIDTH / cells));
    }

    /** Scales the weights of one filter to [0, 1], from the smallest to the largest. */
    private static void normalize(double[] weights, int filter, int length) {
        int from = filter * length;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + length; i++) {
            if (!Double.isFinite(weights[i])) {
                throw new IllegalArgumentException("FilterPicture: expected finite weights, got " + weights[i]
                        + " in filter " + filter + ". Train with a lower learning rate.");
            }
            min = Math.min(min, weights[i]);
            max = Math.max(max, weights[i]);
        }
        if (min == max) {
            Arrays.fill(weights, from, from + length, MID_GREY);
            return;
        }
        double scale =
                Double.isInfinite(max - min) ? 0.5 : 1.0; // halves, where the range itself is too large for a double
        for (int i = from; i < from + length; i++) {
            weights[i] = (weights[i] * scale - min * scale) / (max * scale - min * scale);
        }
    }

    /**
     * {@return the same picture with cells of another size}
     *
     * @param pixels edge of the square that shows one weight; by default as large as fits 1,280 pixels, and at most 24
     * @throws IllegalArgumentException if it is below 1, or the picture would be larger than 16,384 pixels
     */
    public FilterPicture cellSize(int pixels) {
        if (pixels < 1 || pixels > LARGEST_EDGE) {
            throw new IllegalArgumentException("FilterPicture: expected a cellSize from 1 to " + LARGEST_EDGE
                    + " pixels, got " + pixels + ". Use some 8 to 24.");
        }
        return new FilterPicture(filters, channels, plane, brightness, pixels);
    }

    /** {@return the picture as a new image} */
    @SuppressWarnings("exports") // java.desktop stays optional
    public BufferedImage image() {
        BufferedImage image = new BufferedImage((int) width(), (int) height(), BufferedImage.TYPE_INT_RGB);
        fill(image, 0, 0, image.getWidth(), image.getHeight(), PAPER);
        for (int filter = 0; filter < filters; filter++) {
            for (int channel = 0; channel < channels; channel++) {
                draw(image, filter, channel);
            }
        }
        return image;
    }

    /**
     * Writes the picture as PNG, and replaces an existing file once the new one is complete.
     *
     * @param file in an existing directory
     * @throws IOException if the directory does not exist, the file is a directory, or it cannot be written
     */
    public void savePng(Path file) throws IOException {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        // to write to the bytes directly would make ImageIO keep a temporary file
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(png)) {
            ImageIO.write(image(), "png", stream); // which every Java platform with java.desktop can
        }
        AtomicFile.write(
                Objects.requireNonNull(file, "file"),
                Disk.real(),
                output -> output.write(ByteBuffer.wrap(png.toByteArray())));
    }

    private void draw(BufferedImage image, int filter, int channel) {
        int left = filterGap() + filter % FILTERS_IN_BAND * (int) (planeWidth() + filterGap());
        int band = filterGap() + filter / FILTERS_IN_BAND * (int) bandHeight();
        int top = band + channel * (int) (planeHeight() + channelGap());
        fill(image, left - 1, top - 1, (int) planeWidth() + 2, (int) planeHeight() + 2, FRAME);
        int index = (filter * channels + channel) * plane.size();
        for (int row = 0; row < plane.height(); row++) {
            for (int col = 0; col < plane.width(); col++) {
                int grey = (int) Math.round(255 * brightness[index++]);
                fill(image, left + col * cell, top + row * cell, cell, cell, grey * 0x010101);
            }
        }
    }

    private static void fill(BufferedImage image, int left, int top, int width, int height, int colour) {
        int[] line = new int[width];
        Arrays.fill(line, colour);
        for (int row = top; row < top + height; row++) {
            image.setRGB(left, row, width, 1, line, 0, width);
        }
    }

    private long planeWidth() {
        return (long) plane.width() * cell;
    }

    private long planeHeight() {
        return (long) plane.height() * cell;
    }

    /** Between filters, and around all of them. Wider than between channels, so that the planes of a filter belong together. */
    private int filterGap() {
        return 4 + cell / 2;
    }

    /** Room for the frames of two planes, and paper between them. */
    private int channelGap() {
        return 3 + cell / 8;
    }

    private long bandHeight() {
        return channels * (planeHeight() + channelGap()) - channelGap() + filterGap();
    }

    private long width() {
        return filterGap() + Math.min(filters, FILTERS_IN_BAND) * (planeWidth() + filterGap());
    }

    private long height() {
        int bands = (filters + FILTERS_IN_BAND - 1) / FILTERS_IN_BAND;
        return filterGap() + bands * bandHeight();
    }
}
