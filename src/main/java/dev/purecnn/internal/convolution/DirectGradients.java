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
    /** By the phase and the number of images side by side; made when that many come. */
    private final Product[][] backward;

    private final boolean cellsWithoutTap;
    private final int[] inputOffsets;
    private final int gradientSize;
    /** Of images one after another; null if it is used in its place. */
    private final double[] gradient;

    private final double[] zeros;
    private final double[] ones;
    /** Null where dot products compute the weight gradient. */
    private final ChannelSums channelSums;
    /** An image, where there are no channel sums. */
    private final double[] laidOut;

    /** The loss gradient that the kernels read, from {@code currentFrom} on. */
    private double[] current;

    private int currentFrom;
    private double[] sideBySide = {};
    private double[] result = {};
    /** Images that lie side by side now. */
    private int images;

    DirectGradients(ConvolutionShape shape, DirectLayout layout, DirectLayout.Phase[] phases) {
        this.shape = shape;
        this.layout = layout;
        this.phases = phases;
        backward = new Product[phases.length][layout.imagesAtOnce + 1];
        int cells = 0;
        for (int i = 0; i < phases.length; i++) {
            backward[i][1] = phases[i].backward();
            cells += phases[i].cells();
        }
        cellsWithoutTap = cells < shape.inputPlane();
        inputOffsets = layout.inputOffsets(1);
        gradientSize = shape.groupFilters() * layout.gradientPlane;
        gradient = layout.inPlace ? null : new double[layout.imagesAtOnce * gradientSize];
        zeros = new double[shape.groupChannels()];
        ones = new double[layout.columns(1)];
        Arrays.fill(ones, 1.0);
        boolean sums = ChannelSums.suits(shape);
        channelSums = sums ? new ChannelSums(shape, layout, phases) : null;
        laidOut = sums || layout.inPlace
                ? null
                : DirectLayout.zeros(new double[0], layout.inputSize + layout.overhang, 1);
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
            for (Product[] products : backward) {
                products[1].pack(weights, firstWeight);
            }
            for (int image = 0; image < n; image += layout.imagesAtOnce) {
                int count = Math.min(layout.imagesAtOnce, n - image);
                int part = image * shape.groups() + group;
                takeGradient(lossGradient, part, count);
                if (weightGradient != null && channelSums != null) {
                    channelSums.add(
                            current, currentFrom, images, part, count, weightGradient, image == 0, image + count == n);
                } else if (weightGradient != null) {
                    addWeightGradient(images, part, count, weightGradient, firstWeight);
                }
                for (int i = 0; i < count && biasGradient != null; i++) { // a bias met only ones
                    dot(AT_START, ones, 0, i, biasGradient, group * shape.groupFilters());
                }
                if (inputGradient != null) {
                    findInputGradient(lossGradient, part, count, inputGradient);
                }
            }
        }
    }

    private void takeGradient(double[] lossGradient, int part, int count) {
        current = layout.inPlace ? lossGradient : gradient;
        currentFrom = layout.inPlace ? part * gradientSize : 0;
        for (int i = 0; i < count && !layout.inPlace; i++) {
            layout.layOutGradient(lossGradient, part + i * shape.groups(), gradient, i * gradientSize, 1);
        }
    }

    /** Each weight's gradient is the loss gradient against the inputs that the weight met. */
    private void addWeightGradient(double[] images, int part, int count, double[] weightGradient, int firstWeight) {
        if (layout.inPlace) {
            dot(inputOffsets, images, part * layout.inputSize, 0, weightGradient, firstWeight);
            return;
        }
        for (int i = 0; i < count; i++) {
            for (DirectLayout.Phase phase : phases) {
                phase.layOut(images, part + i * shape.groups(), laidOut, 0, 1);
            }
            dot(inputOffsets, laidOut, 0, i, weightGradient, firstWeight);
        }
    }

    private void dot(int[] offsets, double[] b, int bFrom, int image, double[] sums, int firstSum) {
        Kernels.active()
                .dot(
                        shape.groupFilters(),
                        layout.columns(1),
                        offsets,
                        current,
                        currentFrom + image * gradientSize + layout.gradientStart,
                        layout.gradientPlane,
                        b,
                        bFrom,
                        sums,
                        firstSum);
    }

    private void findInputGradient(double[] lossGradient, int part, int count, double[] inputGradient) {
        if (layout.inPlace) {
            int to = part * layout.inputSize;
            Kernels.active().multiply(backward[0][1], zeros, lossGradient, currentFrom, inputGradient, to);
            return;
        }
        placeSideBySide(count);
        for (int i = 0; i < count && count > 1; i++) {
            layout.layOutGradient(lossGradient, part + i * shape.groups(), sideBySide, i, count);
        }
        for (int phase = 0; phase < phases.length; phase++) {
            double[] from = count > 1 ? sideBySide : gradient;
            Kernels.active().multiply(backward[phase][count], zeros, from, 0, result, 0);
            for (int i = 0; i < count; i++) {
                phases[phase].takeInputGradient(result, i, count, inputGradient, part + i * shape.groups());
            }
        }
    }

    /** Makes room for that many images. */
    private void placeSideBySide(int count) {
        if (images == count) {
            return;
        }
        images = count;
        if (count > 1) {
            sideBySide = DirectLayout.zeros(sideBySide, gradientSize, count);
        }
        for (int i = 0; i < phases.length; i++) {
            if (backward[i][count] == null) {
                backward[i][count] =
                        backward[i][1].with(phases[i].backwardColumns(count), phases[i].backwardOffsets(count));
            }
            if (result.length < backward[i][count].size()) {
                result = new double[backward[i][count].size()];
            }
        }
    }
}
