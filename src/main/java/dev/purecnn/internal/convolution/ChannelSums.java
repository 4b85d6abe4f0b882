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

    private final DirectLayout layout;
    private final int filters;
    private final int channels;
    private final int groups;
    private final int[] tapOffsets;
    private final int[] places;
    private final int imageSize;
    /** For each number of images, when they come; each a part of the outputs. */
    private final Product[][] blocks;

    private final double[] laidOut;
    private final double[] zeros;
    private final double[] sums;
    private boolean empty;

    /** Sums for one group; {@code inputOffsets} are those of the layout. */
    ChannelSums(ConvolutionShape shape, DirectLayout layout, int[] inputOffsets) {
        this.layout = layout;
        filters = shape.groupFilters();
        channels = shape.groupChannels();
        groups = shape.groups();
        tapOffsets = Arrays.copyOf(inputOffsets, shape.taps()); // of the first channel
        places = layout.outputPlaces();
        imageSize = (layout.channelSize + layout.overhang) * channels;
        blocks = new Product[layout.imagesAtOnce + 1][];
        laidOut = new double[Math.multiplyExact(layout.imagesAtOnce, imageSize)];
        zeros = new double[filters];
        sums = new double[shape.groupWeights()];
    }

    /** Whether this is the better way. */
    static boolean suits(ConvolutionShape shape) {
        return shape.groupChannels() % DirectLayout.LANES == 0;
    }

    /** About equally long blocks of outputs of some images, one image after the other. */
    private Product[] blocks(int images, int gradientSize) {
        int outputs = images * places.length;
        Product[] products = new Product[(outputs + CACHED_CELLS - 1) / CACHED_CELLS];
        for (int i = 0; i < products.length; i++) {
            int start = (int) ((long) outputs * i / products.length);
            int[] offsets = new int[(int) ((long) outputs * (i + 1) / products.length) - start];
            for (int k = 0; k < offsets.length; k++) {
                int output = start + k;
                offsets[k] = output / places.length * imageSize + places[output % places.length] * channels;
            }
            products[i] = new Product(filters, channels, offsets, (filter, k) -> {
                int image = (start + k) / places.length * gradientSize;
                return image
                        + layout.gradientStart
                        + filter * layout.gradientPlane
                        + places[(start + k) % places.length];
            });
        }
        return products;
    }

    /** Adds what one group of some images gives for the laid-out loss gradients, which lie one after another. */
    void add(
            double[] gradient,
            int gradientFrom,
            int gradientSize,
            double[] images,
            int part,
            int count,
            DirectLayout.Phase[] phases) {
        if (blocks[count] == null) {
            blocks[count] = blocks(count, gradientSize);
        }
        for (int i = 0; i < count; i++) {
            for (DirectLayout.Phase phase : phases) {
                phase.layOutByPlace(images, part + i * groups, laidOut, i * imageSize);
            }
        }
        Kernels kernels = Kernels.active();
        for (Product block : blocks[count]) {
            block.pack(gradient, gradientFrom);
            for (int tap = 0; tap < tapOffsets.length; tap++) {
                int to = tap * filters * channels;
                if (empty) {
                    kernels.multiply(block, zeros, laidOut, tapOffsets[tap] * channels, sums, to);
                } else {
                    kernels.multiplyAdd(block, laidOut, tapOffsets[tap] * channels, sums, to);
                }
            }
            empty = false;
        }
    }

    /** Starts from 0. */
    void clear() {
        empty = true;
    }

    /** Adds all sums to the weights' gradient. */
    void addTo(double[] weightGradient, int firstWeight) {
        int to = firstWeight;
        for (int plane = 0; plane < filters * channels; plane++) {
            for (int tap = 0; tap < tapOffsets.length; tap++) {
                weightGradient[to++] += sums[tap * filters * channels + plane];
            }
        }
    }
}
