package dev.purecnn.layer;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.PlaneKernels;
import java.util.Arrays;

/** Count, mean and squared distances from the mean of the values of each channel. */
final class ChannelStatistics {
    /** The values of a channel. */
    double count;

    final double[] mean;
    private final double[] squares;

    ChannelStatistics(int channels) {
        mean = new double[channels];
        squares = new double[channels];
    }

    /** Finds the statistics of {@code n} images with that many cells in a plane. */
    void observe(double[] images, int n, int cells) {
        int channels = mean.length;
        PlaneKernels planes = Kernels.active().planes();
        count = (double) n * cells;
        Arrays.fill(mean, 0.0);
        for (int plane = 0; plane < n * channels; plane++) {
            mean[plane % channels] += planes.sum(images, plane * cells, cells);
        }
        for (int channel = 0; channel < channels; channel++) {
            mean[channel] /= count;
        }
        Arrays.fill(squares, 0.0);
        for (int plane = 0; plane < n * channels; plane++) {
            int channel = plane % channels;
            squares[channel] += planes.squares(images, mean[channel], plane * cells, cells);
        }
    }

    /** Makes these the statistics of both together (Chan, Golub and LeVeque 1983, equation 2.1). */
    void add(ChannelStatistics other) {
        double total = count + other.count;
        for (int channel = 0; channel < mean.length; channel++) {
            double distance = other.mean[channel] - mean[channel];
            mean[channel] += distance * (other.count / total);
            squares[channel] += other.squares[channel] + distance * distance * (count * other.count / total);
        }
        count = total;
    }

    void copy(ChannelStatistics other) {
        count = other.count;
        System.arraycopy(other.mean, 0, mean, 0, mean.length);
        System.arraycopy(other.squares, 0, squares, 0, squares.length);
    }

    double variance(int channel) {
        return squares[channel] / count;
    }

    /** With {@code count - 1} below. */
    double unbiasedVariance(int channel) {
        return variance(channel) * (count / (count - 1));
    }
}
