package dev.purecnn.layer;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.PlaneKernels;

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

    /**
     * Finds the statistics of {@code n} images with that many cells in a plane: channel by channel, so that its planes are in the cache the
     * second time.
     */
    void observe(double[] images, int n, int cells) {
        int channels = mean.length;
        PlaneKernels planes = Kernels.active().planes();
        count = (double) n * cells;
        for (int channel = 0; channel < channels; channel++) {
            double sum = 0;
            for (int image = 0; image < n; image++) {
                sum += planes.sum(images, (image * channels + channel) * cells, cells);
            }
            mean[channel] = sum / count;
            double square = 0;
            for (int image = 0; image < n; image++) {
                square += planes.squares(images, mean[channel], (image * channels + channel) * cells, cells);
            }
            squares[channel] = square;
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
