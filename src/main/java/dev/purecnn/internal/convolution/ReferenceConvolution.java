package dev.purecnn.internal.convolution;

import java.util.Arrays;

/**
 * A convolution by its definition: seven loops, and nothing clever. Slow; read it first. All others are tested against it.
 *
 * @param shape the sizes
 */
public record ReferenceConvolution(ConvolutionShape shape) implements Convolution {

    @Override
    public void forward(double[] images, int n, double[] weights, double[] biases, double[] outputs) {
        for (int image = 0; image < n; image++) {
            for (int filter = 0; filter < shape.filters(); filter++) {
                for (int row = 0; row < shape.rows().output(); row++) {
                    for (int col = 0; col < shape.cols().output(); col++) {
                        double sum = biases == null ? 0 : biases[filter];
                        for (int channel = 0; channel < shape.groupChannels(); channel++) {
                            for (int tapRow = 0; tapRow < shape.rows().filterSize(); tapRow++) {
                                for (int tapCol = 0; tapCol < shape.cols().filterSize(); tapCol++) {
                                    int in = input(image, filter, channel, row, tapRow, col, tapCol);
                                    if (in >= 0) {
                                        sum += weights[weight(filter, channel, tapRow, tapCol)] * images[in];
                                    }
                                }
                            }
                        }
                        outputs[output(image, filter, row, col)] = sum;
                    }
                }
            }
        }
    }

    /** The same loops: where a weight met an input for an output, each of the two takes a share of the output's gradient. */
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
            Arrays.fill(inputGradient, 0.0);
        }
        for (int image = 0; image < n; image++) {
            for (int filter = 0; filter < shape.filters(); filter++) {
                for (int row = 0; row < shape.rows().output(); row++) {
                    for (int col = 0; col < shape.cols().output(); col++) {
                        double gradient = lossGradient[output(image, filter, row, col)];
                        if (biasGradient != null) {
                            biasGradient[filter] += gradient;
                        }
                        for (int channel = 0; channel < shape.groupChannels(); channel++) {
                            for (int tapRow = 0; tapRow < shape.rows().filterSize(); tapRow++) {
                                for (int tapCol = 0; tapCol < shape.cols().filterSize(); tapCol++) {
                                    int in = input(image, filter, channel, row, tapRow, col, tapCol);
                                    int weight = weight(filter, channel, tapRow, tapCol);
                                    if (in >= 0 && weightGradient != null) {
                                        weightGradient[weight] += gradient * images[in];
                                    }
                                    if (in >= 0 && inputGradient != null) {
                                        inputGradient[in] += gradient * weights[weight];
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /** The index of the input that a filter's tap meets for an output; -1 if it is padding. */
    private int input(int image, int filter, int channel, int row, int tapRow, int col, int tapCol) {
        int inputRow = cell(shape.rows(), row, tapRow);
        int inputCol = cell(shape.cols(), col, tapCol);
        if (inputRow < 0
                || inputRow >= shape.rows().input()
                || inputCol < 0
                || inputCol >= shape.cols().input()) {
            return -1;
        }
        int group = filter / shape.groupFilters();
        int plane = image * shape.channels() + group * shape.groupChannels() + channel;
        return plane * shape.inputPlane() + inputRow * shape.cols().input() + inputCol;
    }

    private static int cell(Axis axis, int output, int tap) {
        return output * axis.stride() + tap * axis.dilation() - axis.padding();
    }

    private int weight(int filter, int channel, int tapRow, int tapCol) {
        int plane = filter * shape.groupChannels() + channel;
        return plane * shape.taps() + tapRow * shape.cols().filterSize() + tapCol;
    }

    private int output(int image, int filter, int row, int col) {
        int plane = image * shape.filters() + filter;
        return plane * shape.outputPlane() + row * shape.cols().output() + col;
    }
}
