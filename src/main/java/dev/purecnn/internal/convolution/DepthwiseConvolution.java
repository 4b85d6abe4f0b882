package dev.purecnn.internal.convolution;

import dev.purecnn.internal.kernel.DepthwiseKernels;
import dev.purecnn.internal.kernel.DepthwisePlane;
import dev.purecnn.internal.kernel.Kernels;

/**
 * A convolution whose every channel has one filter of 3 x 3 of its own: a few multiplications per cell, and no product. The kernels read and
 * write planes where they are, and look a little beyond them; the first and the last planes, where there may be nothing, are copied out first.
 */
final class DepthwiseConvolution implements Convolution {
    private static final int TAPS = 3;
    private static final int WEIGHTS = TAPS * TAPS;
    private static final int MARGIN = DepthwisePlane.MARGIN;

    private final int channels;
    private final int inputSize;
    private final int outputSize;
    private final DepthwisePlane plane;
    /** Copies with margins. */
    private final double[] input;

    private final double[] output;
    /** The gradient of a filter that is not wanted. */
    private final double[] unwanted = new double[WEIGHTS];

    DepthwiseConvolution(ConvolutionShape shape) {
        Axis rows = shape.rows();
        Axis cols = shape.cols();
        channels = shape.channels();
        inputSize = shape.inputPlane();
        outputSize = shape.outputPlane();
        plane = new DepthwisePlane(
                rows.input(),
                cols.input(),
                rows.output(),
                cols.output(),
                rows.stride(),
                rows.padding(),
                cols.padding());
        input = new double[MARGIN + inputSize + MARGIN];
        output = new double[MARGIN + outputSize + MARGIN];
    }

    /** Whether a convolution is of this kind: all others are left to {@link DirectConvolution}. */
    static boolean suits(ConvolutionShape shape) {
        return shape.groups() > 1
                && shape.groups() == shape.channels()
                && shape.groups() == shape.filters()
                && shape.rows().stride() == shape.cols().stride()
                && suits(shape.rows())
                && suits(shape.cols());
    }

    private static boolean suits(Axis axis) {
        return axis.filterSize() == TAPS
                && axis.dilation() == 1
                && axis.stride() <= 2
                && Math.max(axis.padding(), axis.paddingAfter()) < TAPS;
    }

    @Override
    public void forward(double[] images, int n, double[] weights, double[] biases, double[] outputs) {
        DepthwiseKernels kernels = Kernels.active().depthwise();
        for (int i = 0; i < n * channels; i++) {
            int channel = i % channels;
            int w = channel * WEIGHTS;
            double start = biases == null ? 0.0 : biases[channel];
            int from = i * inputSize;
            int to = i * outputSize;
            if (isAtEdge(i, n)) {
                System.arraycopy(images, from, input, MARGIN, inputSize);
                kernels.outputs(plane, input, MARGIN, weights, w, start, output, MARGIN);
                System.arraycopy(output, MARGIN, outputs, to, outputSize);
            } else {
                kernels.outputs(plane, images, from, weights, w, start, outputs, to);
            }
        }
    }

    /** Whether a margin of an input or output plane reaches beyond all planes. */
    private boolean isAtEdge(int number, int n) {
        int size = Math.min(inputSize, outputSize);
        return (long) number * size < MARGIN || (long) (n * channels - 1 - number) * size < MARGIN;
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
        if (inputGradient != null) {
            findInputGradient(lossGradient, n, weights, inputGradient);
        }
        if (weightGradient != null || biasGradient != null) {
            addSums(images, n, lossGradient, weightGradient, biasGradient);
        }
    }

    /** From the last plane to the first, as the kernels ask for. */
    private void findInputGradient(double[] lossGradient, int n, double[] weights, double[] inputGradient) {
        DepthwiseKernels kernels = Kernels.active().depthwise();
        for (int i = n * channels - 1; i >= 0; i--) {
            int w = i % channels * WEIGHTS;
            int from = i * outputSize;
            int to = i * inputSize;
            if (isAtEdge(i, n)) {
                System.arraycopy(lossGradient, from, output, MARGIN, outputSize);
                kernels.inputGradient(plane, output, MARGIN, weights, w, input, MARGIN);
                System.arraycopy(input, MARGIN, inputGradient, to, inputSize);
            } else {
                kernels.inputGradient(plane, lossGradient, from, weights, w, inputGradient, to);
            }
        }
    }

    private void addSums(
            double[] images, int n, double[] lossGradient, double[] weightGradient, double[] biasGradient) {
        DepthwiseKernels kernels = Kernels.active().depthwise();
        double[] sums = weightGradient == null ? unwanted : weightGradient;
        for (int i = 0; i < n * channels; i++) {
            int channel = i % channels;
            int w = weightGradient == null ? 0 : channel * WEIGHTS;
            int from = i * inputSize;
            int gradientFrom = i * outputSize;
            if (isAtEdge(i, n)) {
                System.arraycopy(images, from, input, MARGIN, inputSize);
                System.arraycopy(lossGradient, gradientFrom, output, MARGIN, outputSize);
                kernels.sums(plane, input, MARGIN, output, MARGIN, sums, w, biasGradient, channel);
            } else {
                kernels.sums(plane, images, from, lossGradient, gradientFrom, sums, w, biasGradient, channel);
            }
        }
    }
}
