package dev.purecnn.layer;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.Product;
import java.util.Arrays;

/**
 * The weight gradients of a convolution whose images have many channels. Each tap of the filters is a {@link Product} of its own,
 * {@code sums[filter][channel] += sum over q of gradient[filter][q] * input[q + offset of the tap][channel]}, in which lanes
 * run over channels: so the input is turned around first, from plane after plane to cell after cell.
 *
 * <p>Where there are too few channels to fill a vector, {@link Kernels#dot} does the same work, with lanes over q. Per
 * multiplication it has twice as much to load.
 */
final class WeightSums {
    private static final int LANES = 8;
    /** As many rows of both factors as stay in the cache while the taps pass by. */
    private static final int CACHED_CELLS = 256;

    private final ConvolutionPlan plan;
    private final int filters;
    private final int channels;
    private final int taps;
    private final int planeCells;
    private final Product[] blocks;
    private final double[] turned;
    private final double[] sums;

    private WeightSums(ConvolutionPlan plan) {
        this.plan = plan;
        filters = plan.output.channels();
        channels = plan.input.channels();
        taps = plan.inputOffsets.length / channels;
        planeCells = plan.inputSize / channels;
        blocks = new Product[(plan.cells + CACHED_CELLS - 1) / CACHED_CELLS];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = block(start(i + 1) - start(i));
        }
        turned = new double[(planeCells + plan.overhang) * channels];
        sums = new double[taps * filters * channels];
    }

    /** Those of a prepared plan, or null if dot products are the better way. */
    static WeightSums of(ConvolutionPlan plan) {
        return plan.input.channels() % LANES == 0 ? new WeightSums(plan) : null;
    }

    /** A product over so many cells. */
    private Product block(int length) {
        return new Product(
                filters,
                channels,
                Product.rows(length, channels),
                (filter, q) -> plan.gradientStart + filter * plan.gradientPlane + q);
    }

    /** The first cell of a block; all are about equally long. */
    private int start(int block) {
        return (int) ((long) plan.cells * block / blocks.length);
    }

    /** Begins anew: whatever broke a pass off left sums behind. */
    void clear() {
        Arrays.fill(sums, 0.0);
    }

    /** Adds what one image gives. Both arrays are laid out as the plan says. */
    void add(double[] gradient, double[] inputs, int image) {
        turn(inputs, image * plan.inputSize);
        Kernels kernels = Kernels.active();
        for (int i = 0; i < blocks.length; i++) {
            blocks[i].pack(gradient, start(i));
            for (int tap = 0; tap < taps; tap++) {
                int from = (plan.inputOffsets[tap] + start(i)) * channels;
                kernels.multiplyAdd(blocks[i], turned, from, sums, tap * filters * channels);
            }
        }
    }

    private void turn(double[] inputs, int from) {
        for (int start = 0; start < planeCells; start += CACHED_CELLS) {
            int end = Math.min(planeCells, start + CACHED_CELLS);
            for (int channel = 0; channel < channels; channel++) {
                turn(inputs, from + channel * planeCells, start, end, channel);
            }
        }
    }

    private void turn(double[] inputs, int plane, int start, int end, int channel) {
        for (int cell = start; cell < end; cell++) {
            turned[cell * channels + channel] = inputs[plane + cell];
        }
    }

    /** Adds all sums to the weights' gradient. */
    void addTo(double[] weightGradient) {
        int to = 0;
        for (int plane = 0; plane < filters * channels; plane++) {
            for (int tap = 0; tap < taps; tap++) {
                weightGradient[to++] += sums[tap * filters * channels + plane];
            }
        }
    }
}
