package dev.purecnn.internal.convolution;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.Product;
import java.util.Arrays;

/** The way back through a {@link DirectConvolution}. */
final class DirectGradients {
    private static final int[] AT_START = {0};

    private final ConvolutionShape shape;
    private final DirectLayout layout;
    private final DirectLayout.Phase[] phases;
    private final Product[] backward;
    private final boolean cellsWithoutTap;
    private final int[] inputOffsets;
    private final double[] laidOut;
    private final double[] gradient;
    private final double[] result;
    private final double[] zeros;
    private final double[] ones;
    /** Null where dot products compute the weight gradient. */
    private final ChannelSums channelSums;

    DirectGradients(ConvolutionShape shape, DirectLayout layout, DirectLayout.Phase[] phases, double[] laidOut) {
        this.shape = shape;
        this.layout = layout;
        this.phases = phases;
        this.laidOut = laidOut;
        backward = new Product[phases.length];
        int largest = 0;
        int cells = 0;
        for (int i = 0; i < phases.length; i++) {
            backward[i] = phases[i].backward();
            largest = Math.max(largest, backward[i].size());
            cells += phases[i].cells();
        }
        cellsWithoutTap = cells < shape.inputPlane();
        inputOffsets = layout.inputOffsets();
        gradient = new double[shape.groupFilters() * layout.gradientPlane];
        result = new double[largest];
        zeros = new double[shape.groupChannels()];
        ones = new double[layout.columns];
        Arrays.fill(ones, 1.0);
        channelSums = ChannelSums.suits(shape) ? new ChannelSums(shape, layout, inputOffsets) : null;
    }

    /** As {@link Convolution#backprop}. */
    void backprop(
            double[] images,
            int n,
            double[] lossGradient,
            double[] weights,
            double[] weightGradient,
            double[] biasGradient,
            double[] inputGradient) {
        if (inputGradient != null && cellsWithoutTap) {
            Arrays.fill(inputGradient, 0.0);
        }
        for (int group = 0; group < shape.groups(); group++) {
            int firstWeight = group * shape.groupWeights();
            if (inputGradient != null) {
                for (Product product : backward) {
                    product.pack(weights, firstWeight);
                }
            }
            if (channelSums != null) {
                channelSums.clear();
            }
            for (int part = group; part < n * shape.groups(); part += shape.groups()) {
                layout.layOutGradient(lossGradient, part, gradient);
                if (weightGradient != null) {
                    addWeightGradient(images, part, weightGradient, firstWeight);
                }
                if (biasGradient != null) { // a bias met only ones
                    dot(AT_START, ones, biasGradient, group * shape.groupFilters());
                }
                if (inputGradient != null) {
                    findInputGradient(part, inputGradient);
                }
            }
            if (weightGradient != null && channelSums != null) {
                channelSums.addTo(weightGradient, firstWeight);
            }
        }
    }

    /** Each weight's gradient is the loss gradient against the inputs that the weight met. */
    private void addWeightGradient(double[] images, int part, double[] weightGradient, int firstWeight) {
        if (channelSums != null) {
            channelSums.add(gradient, images, part, phases);
            return;
        }
        for (DirectLayout.Phase phase : phases) {
            phase.layOut(images, part, laidOut);
        }
        dot(inputOffsets, laidOut, weightGradient, firstWeight);
    }

    private void dot(int[] offsets, double[] b, double[] sums, int firstSum) {
        Kernels.active()
                .dot(
                        shape.groupFilters(),
                        layout.columns,
                        offsets,
                        gradient,
                        layout.gradientStart,
                        layout.gradientPlane,
                        b,
                        0,
                        sums,
                        firstSum);
    }

    private void findInputGradient(int part, double[] inputGradient) {
        for (int i = 0; i < phases.length; i++) {
            Kernels.active().multiply(backward[i], zeros, gradient, 0, result, 0);
            phases[i].takeInputGradient(result, inputGradient, part);
        }
    }
}
