package dev.purecnn.internal.convolution;

import static dev.purecnn.internal.convolution.Lanes.LANES;

import dev.purecnn.internal.kernel.Kernels;

/** By what the channels of a stage's outputs are normalized: {@code scale * ((output - mean) * inverse) + shift}. */
public final class ChannelNorms {
    private static final int NUMBERS = 4;

    /** For each cell of channels, their means, inverse deviations, scales and shifts. */
    private final double[] numbers;

    /** For that many channels; all numbers are 0. */
    public ChannelNorms(int channels) {
        numbers = new double[Lanes.blocks(channels) * NUMBERS * LANES];
    }

    /** Sets the numbers of one channel. */
    public void set(int channel, double mean, double inverse, double scale, double shift) {
        int at = channel / LANES * NUMBERS * LANES + channel % LANES;
        numbers[at] = mean;
        numbers[at + LANES] = inverse;
        numbers[at + 2 * LANES] = scale;
        numbers[at + 3 * LANES] = shift;
    }

    /** Normalizes a strip of 8 channels in place. */
    void apply(double[] strip, int from, int length, int cell) {
        Kernels.active().lanes().normalize(strip, from, length, numbers, cell * NUMBERS * LANES);
    }
}
