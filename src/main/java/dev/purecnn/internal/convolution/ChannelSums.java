package dev.purecnn.internal.convolution;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.Product;
import java.util.Arrays;

/**
 * The weight gradients of a convolution with many channels. Each tap is a {@link Product} of its own, {@code sums[filter][channel] +=
 * sum over q of gradient[filter][q] * input[q + offset of the tap][channel]}, whose lanes run over channels: so the channels of a
 * place lie side by side.
 *
 * <p>Where there are too few channels to fill a vector, {@link Kernels#dot} does the same work, with lanes over q. It loads twice
 * as much per multiplication.
 */
final class ChannelSums {
    /** As many rows of both factors as stay in the cache while the taps pass by. */
    private static final int CACHED_CELLS = 256;

    private final int filters;
    private final int channels;
    private final int[] tapOffsets;
    private final int cells;
    private final Product[] blocks;
    private final double[] laidOut;
    private final double[] sums;

    /** Sums for one group; {@code inputOffsets} are those of the layout. */
    ChannelSums(ConvolutionShape shape, DirectLayout layout, int[] inputOffsets) {
        filters = shape.groupFilters();
        channels = shape.groupChannels();
        tapOffsets = Arrays.copyOf(inputOffsets, shape.taps()); // of the first channel
        cells = layout.cells;
        blocks = new Product[(cells + CACHED_CELLS - 1) / CACHED_CELLS];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new Product(
                    filters,
                    channels,
                    Product.rows(start(i + 1) - start(i), channels),
                    (filter, q) -> layout.gradientStart + filter * layout.gradientPlane + q);
        }
        laidOut = new double[(layout.channelSize + layout.overhang) * channels];
        sums = new double[shape.groupWeights()];
    }

    /** Whether this is the better way. */
    static boolean suits(ConvolutionShape shape) {
        return shape.groupChannels() % DirectLayout.LANES == 0;
    }

    /** The first cell of a block; all are about equally long. */
    private int start(int block) {
        return (int) ((long) cells * block / blocks.length);
    }

    /** Adds what one group of an image gives for the laid-out loss gradient. */
    void add(double[] gradient, double[] images, int part, DirectLayout.Phase[] phases) {
        for (DirectLayout.Phase phase : phases) {
            phase.layOutByPlace(images, part, laidOut);
        }
        Kernels kernels = Kernels.active();
        for (int i = 0; i < blocks.length; i++) {
            blocks[i].pack(gradient, start(i));
            for (int tap = 0; tap < tapOffsets.length; tap++) {
                int from = (tapOffsets[tap] + start(i)) * channels;
                kernels.multiplyAdd(blocks[i], laidOut, from, sums, tap * filters * channels);
            }
        }
    }

    /** Starts from 0: an aborted pass may have left something behind. */
    void clear() {
        Arrays.fill(sums, 0.0);
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
