package dev.purecnn.layer;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.PlaneKernels;
import java.util.Arrays;
import java.util.List;

/** Normalizes each image by itself, in groups of channels; what a channel is, the subclass says. */
abstract class ImageNorm extends AbstractLayer<ImageNorm.NormBuffers> {
    private static final double EPSILON = 1e-5;

    final int channels;
    final int groups;
    final double epsilon;
    private final Parameter scale;
    private final Parameter shift;
    /** Of a channel. */
    private int cells;

    ImageNorm(int channels, int groups, double epsilon) {
        this(groups, epsilon, vector("scale", channels), vector("shift", channels));
        if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(name() + ": expected a finite epsilon above 0, got " + epsilon
                    + ". Use a small number such as 1e-5.");
        }
        Arrays.fill(scale.values(), 1.0);
    }

    ImageNorm(ImageNorm original) {
        this(original.groups, original.epsilon, original.scale.replica(), original.shift.replica());
    }

    private ImageNorm(int groups, double epsilon, Parameter scale, Parameter shift) {
        this.channels = scale.shape().size();
        this.groups = groups;
        this.epsilon = epsilon;
        this.scale = scale;
        this.shift = shift;
    }

    private static Parameter vector(String name, int length) {
        return new Parameter(name, Shape.vector(length)).withoutDecay();
    }

    static double usualEpsilon() {
        return EPSILON;
    }

    /** Mean and 1 by the deviation of each group. */
    static final class NormBuffers extends Buffers {
        private final double[] means;
        private final double[] inverses;
        /** Of a channel's gradients, and of their products with the normalized values. */
        private final double[] sum = new double[1];

        private final double[] product = new double[1];

        private NormBuffers(int n, ImageNorm layer) {
            super(n, layer);
            means = new double[n * layer.groups];
            inverses = new double[n * layer.groups];
        }
    }

    @Override
    final NormBuffers newBuffers(int n) {
        return new NormBuffers(n, this);
    }

    /** Fits images with that many cells in a channel. */
    final Shape fit(Shape images, int cellsOfChannel) {
        cells = cellsOfChannel;
        if (groupSize() == 1) {
            throw new IllegalArgumentException(name() + ": expected groups of more than 1 value, got 1 (" + images
                    + " in " + groups + " groups). Use fewer groups, or a BatchNormLayer.");
        }
        return images;
    }

    private int groupSize() {
        return channels / groups * cells;
    }

    @Override
    final void forward(double[] images, NormBuffers buffers) {
        PlaneKernels planes = Kernels.active().planes();
        int size = groupSize();
        for (int group = 0; group < buffers.means.length; group++) {
            int from = group * size;
            double mean = planes.sum(images, from, size) / size;
            double inverse = 1 / Math.sqrt(planes.squares(images, mean, from, size) / size + epsilon);
            buffers.means[group] = mean;
            buffers.inverses[group] = inverse;
            for (int plane = from / cells; plane < (from + size) / cells; plane++) {
                double factor = scale.values()[plane % channels];
                double summand = shift.values()[plane % channels];
                for (int i = plane * cells; i < (plane + 1) * cells; i++) {
                    buffers.output[i] = factor * ((images[i] - mean) * inverse) + summand;
                }
            }
        }
    }

    @Override
    final void backprop(double[] lossGradient, NormBuffers buffers, double[] inputGradient) {
        PlaneKernels planes = Kernels.active().planes();
        double[] sum = buffers.sum;
        double[] product = buffers.product;
        int size = groupSize();
        for (int group = 0; group < buffers.means.length; group++) {
            int from = group * size;
            double mean = buffers.means[group];
            double inverse = buffers.inverses[group];
            double byMean = 0; // what the input moves by way of mean and variance
            double byVariance = 0;
            for (int plane = from / cells; plane < (from + size) / cells; plane++) {
                int channel = plane % channels;
                sum[0] = 0;
                product[0] = 0;
                planes.addSums(lossGradient, buffers.images, mean, inverse, plane * cells, cells, sum, product, 0);
                shift.gradient()[channel] += sum[0];
                scale.gradient()[channel] += product[0];
                byMean += scale.values()[channel] * sum[0] / size;
                byVariance += scale.values()[channel] * product[0] / size;
            }
            for (int i = from; inputGradient != null && i < from + size; i++) {
                double normalized = (buffers.images[i] - mean) * inverse;
                double slope = scale.values()[i / cells % channels];
                inputGradient[i] = inverse * (slope * lossGradient[i] - byMean - normalized * byVariance);
            }
        }
    }

    @Override
    public final void backpropParameters(double[] lossGradient) {
        backprop(lossGradient, beginBackprop(lossGradient), null);
    }

    /** Scale and shift, each a vector of one value per channel; in a {@link LayerNormLayer}, per value. */
    @Override
    public final List<Parameter> parameters() {
        return List.of(scale, shift);
    }

    @Override
    public final long multiplyAdds() {
        return output().size();
    }
}
