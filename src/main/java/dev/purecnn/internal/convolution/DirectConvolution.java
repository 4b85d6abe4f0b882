package dev.purecnn.internal.convolution;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.Product;
import java.util.Arrays;

/** A convolution that multiplies each weight with each input that it meets, as one {@link Product} per group of an image. */
final class DirectConvolution implements Convolution {
    private final ConvolutionShape shape;
    private final DirectLayout layout;
    private final DirectLayout.Phase[] phases;
    private final Product product;
    private final double[] starts;
    private final double[] laidOut;
    private final double[] result;
    /** Null before the first backprop. */
    private DirectGradients gradients;

    DirectConvolution(ConvolutionShape shape) {
        this.shape = shape;
        layout = new DirectLayout(shape);
        phases = layout.phases();
        int[] offsets = layout.inputOffsets();
        product =
                new Product(shape.groupFilters(), layout.columns, offsets, (filter, k) -> filter * offsets.length + k);
        starts = new double[shape.groupFilters()];
        laidOut = new double[layout.inputSize + DirectLayout.LANES + layout.overhang];
        result = new double[product.size()];
    }

    @Override
    public void forward(double[] images, int n, double[] weights, double[] biases, double[] outputs) {
        for (int group = 0; group < shape.groups(); group++) {
            product.pack(weights, group * shape.groupWeights());
            takeBiases(biases, group, starts, starts.length);
            for (int part = group; part < n * shape.groups(); part += shape.groups()) {
                for (DirectLayout.Phase phase : phases) {
                    phase.layOut(images, part, laidOut);
                }
                Kernels.active().multiply(product, starts, laidOut, 0, result, 0);
                layout.takeOutput(result, outputs, part);
            }
        }
    }

    @Override
    public void backprop(
            double[] images,
            int n,
            double[] lossGradient,
            double[] weights,
            double[] weightGradient,
            double[] biasGradient,
            double[] inputGradient) {
        if (gradients == null) {
            gradients = new DirectGradients(shape, layout, phases, laidOut);
        }
        gradients.backprop(images, n, lossGradient, weights, weightGradient, biasGradient, inputGradient);
    }

    /** Copies one group's biases, or zeros for none. */
    static void takeBiases(double[] biases, int group, double[] starts, int count) {
        if (biases == null) {
            Arrays.fill(starts, 0.0);
        } else {
            System.arraycopy(biases, group * count, starts, 0, count);
        }
    }
}
