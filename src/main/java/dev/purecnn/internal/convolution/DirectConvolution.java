package dev.purecnn.internal.convolution;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.Product;
import java.util.Arrays;

/**
 * A convolution that multiplies each weight with each input that it meets, as one {@link Product} per group of an image; small images lie
 * side by side in it.
 */
final class DirectConvolution implements Convolution {
    private final ConvolutionShape shape;
    private final DirectLayout layout;
    private final DirectLayout.Phase[] phases;
    /** By the number of images side by side. Made when that many come; the first is always there. */
    private final Product[] products;

    /** With outputs alone as columns; made when it is first used. */
    private Product byRows;

    private final double[] starts;
    private double[] laidOut = {};
    private double[] result = {};
    /** Images that lie side by side now. */
    private int images;
    /** Null before the first backprop. */
    private DirectGradients gradients;

    DirectConvolution(ConvolutionShape shape) {
        this.shape = shape;
        layout = new DirectLayout(shape);
        phases = layout.phases();
        int[] offsets = layout.inputOffsets(1);
        products = new Product[layout.imagesAtOnce + 1];
        products[1] = new Product(
                shape.groupFilters(), layout.columns(1), offsets, (filter, k) -> filter * offsets.length + k);
        starts = new double[shape.groupFilters()];
    }

    @Override
    public void forward(double[] images, int n, double[] weights, double[] biases, double[] outputs) {
        for (int group = 0; group < shape.groups(); group++) {
            products[1].pack(weights, group * shape.groupWeights());
            takeBiases(biases, group, starts, starts.length);
            for (int image = 0; image < n; image += layout.imagesAtOnce) {
                forward(images, image * shape.groups() + group, Math.min(layout.imagesAtOnce, n - image), outputs);
            }
        }
    }

    private void forward(double[] cells, int part, int count, double[] outputs) {
        if (layout.inPlace) {
            int to = part * products[1].size();
            Kernels.active().multiply(products[1], starts, cells, part * layout.inputSize, outputs, to);
            return;
        }
        placeSideBySide(count);
        for (int i = 0; i < count; i++) {
            for (DirectLayout.Phase phase : phases) {
                phase.layOut(cells, part + i * shape.groups(), laidOut, i, count);
            }
        }
        int width = shape.cols().output();
        if (layout.imagesAtOnce == 1 && Kernels.active().gainsByRows(products[1], width)) {
            byRows = byRows == null ? products[1].with(shape.outputPlane(), layout.inputOffsets(1)) : byRows;
            int to = part * byRows.size();
            Kernels.active().multiplyRows(byRows, width, starts, laidOut, 0, layout.rowLength, outputs, to);
            return;
        }
        result = result.length < products[count].size() ? new double[products[count].size()] : result;
        Kernels.active().multiply(products[count], starts, laidOut, 0, result, 0);
        for (int i = 0; i < count; i++) {
            layout.takeOutput(result, i, count, outputs, part + i * shape.groups());
        }
    }

    /** Makes room for that many images. */
    private void placeSideBySide(int count) {
        if (products[count] == null) {
            products[count] = products[1].with(layout.columns(count), layout.inputOffsets(count));
        }
        if (images != count) {
            laidOut = DirectLayout.zeros(laidOut, layout.inputSize + layout.overhang, count);
            images = count;
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
            gradients = new DirectGradients(shape, layout, phases);
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
