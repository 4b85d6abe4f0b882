package dev.purecnn.internal.convolution;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.Product;
import java.util.Arrays;

/**
 * The weight gradients of a convolution with many channels. Each tap is a {@link Product} of its own, {@code sums[filter][channel] +=
 * sum over outputs of gradient[filter][output] * input[place of the output + offset of the tap][channel]}, whose lanes run over channels: so
 * the channels of a place lie side by side. The outputs of some images are one sum.
 *
 * <p>Where there are too few channels to fill a vector, {@link Kernels#dot} does the same work, with lanes over outputs. It loads twice
 * as much per multiplication.
 */
final class ChannelSums {
    /** As many rows of both factors as stay in the cache while the taps pass by. */
    private static final int CACHED_CELLS = 256;
    /** As many sums as stay there too, where one pass over the images gives them. */
    private static final int CACHED_SUMS = 1 << 17;

    private final DirectLayout layout;
    private final DirectLayout.Phase[] phases;
    private final int filters;
    /** Whose sums are made one after the other. */
    private final int filtersAtOnce;

    private final int channels;
    private final int groups;
    private final int[] tapOffsets;
    private final int[] places;
    private final int imageSize;
    /** For each number of images, when they come; each a part of the outputs. */
    private final Product[][] blocks;

    private final double[] laidOut;
    private final double[] zeros;
    /** By part of the filters, tap, filter and channel; of one part only, if that is all. */
    private double[] sums = {};

    ChannelSums(ConvolutionShape shape, DirectLayout layout, DirectLayout.Phase[] phases) {
        this.layout = layout;
        this.phases = phases;
        filters = shape.groupFilters();
        channels = shape.groupChannels();
        groups = shape.groups();
        tapOffsets = Arrays.copyOf(layout.inputOffsets(1), shape.taps()); // of the first channel
        places = layout.outputPlaces();
        imageSize = (layout.channelSize + layout.overhang) * channels;
        blocks = new Product[layout.imagesAtOnce + 1][];
        laidOut = new double[Math.multiplyExact(layout.imagesAtOnce, imageSize)];
        int atOnce = filters;
        while (atOnce % 16 == 0 && atOnce * channels * tapOffsets.length > CACHED_SUMS) {
            atOnce /= 2;
        }
        filtersAtOnce = atOnce;
        zeros = new double[atOnce];
    }

    /** Whether this is the better way. */
    static boolean suits(ConvolutionShape shape) {
        return shape.groupChannels() % DirectLayout.LANES == 0;
    }

    /** About equally long blocks of outputs of some images, one image after the other. */
    private Product[] blocks(int images) {
        int outputs = images * places.length;
        int gradientSize = filters * layout.gradientPlane;
        Product[] products = new Product[(outputs + CACHED_CELLS - 1) / CACHED_CELLS];
        for (int i = 0; i < products.length; i++) {
            int start = (int) ((long) outputs * i / products.length);
            int[] offsets = new int[(int) ((long) outputs * (i + 1) / products.length) - start];
            for (int k = 0; k < offsets.length; k++) {
                int output = start + k;
                offsets[k] = output / places.length * imageSize + places[output % places.length] * channels;
            }
            products[i] = new Product(filtersAtOnce, channels, offsets, (filter, k) -> {
                int image = (start + k) / places.length * gradientSize;
                return image
                        + layout.gradientStart
                        + filter * layout.gradientPlane
                        + places[(start + k) % places.length];
            });
        }
        return products;
    }

    /**
     * Adds up what one group of some images gives for the laid-out loss gradients, which lie one after another. The first images begin new
     * sums; after the last, all are added to the weights' gradient.
     */
    void add(
            double[] gradient,
            int gradientFrom,
            double[] images,
            int part,
            int count,
            double[] weightGradient,
            boolean first,
            boolean last) {
        if (blocks[count] == null) {
            blocks[count] = blocks(count);
        }
        for (int i = 0; i < count; i++) {
            for (DirectLayout.Phase phase : phases) {
                phase.layOutByPlace(images, part + i * groups, laidOut, i * imageSize);
            }
        }
        boolean all = first && last;
        int filterSize = channels * tapOffsets.length;
        int length = (all ? filtersAtOnce : filters) * filterSize;
        sums = sums.length < length ? new double[length] : sums;
        for (int filter = 0; filter < filters; filter += filtersAtOnce) {
            int sum = all ? 0 : filter * filterSize;
            multiply(blocks[count], gradient, gradientFrom + filter * layout.gradientPlane, sum, first);
            if (last) {
                addTo(sum, weightGradient, (part % groups * filters + filter) * filterSize);
            }
        }
    }

    private void multiply(Product[] products, double[] gradient, int gradientFrom, int sum, boolean first) {
        Kernels kernels = Kernels.active();
        for (int i = 0; i < products.length; i++) {
            products[i].pack(gradient, gradientFrom);
            for (int tap = 0; tap < tapOffsets.length; tap++) {
                int from = tapOffsets[tap] * channels;
                int to = sum + tap * filtersAtOnce * channels;
                if (first && i == 0) {
                    kernels.multiply(products[i], zeros, laidOut, from, sums, to);
                } else {
                    kernels.multiplyAdd(products[i], laidOut, from, sums, to);
                }
            }
        }
    }

    private void addTo(int sum, double[] weightGradient, int firstWeight) {
        int to = firstWeight;
        for (int plane = 0; plane < filtersAtOnce * channels; plane++) {
            for (int tap = 0; tap < tapOffsets.length; tap++) {
                weightGradient[to++] += sums[sum + tap * filtersAtOnce * channels + plane];
            }
        }
    }
}
