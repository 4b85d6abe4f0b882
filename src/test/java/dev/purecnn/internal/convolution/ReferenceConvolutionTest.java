package dev.purecnn.internal.convolution;

import static dev.purecnn.layer.TestArrays.counting;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The definition, worked by hand: what all other tests of convolutions stand on. */
class ReferenceConvolutionTest {

    /** Stride 2, padding 1: the first window's upper row and left column are padding, so it is 100 + 2 * 1 + 3 * 2 = 108. */
    @Test
    void forwardAndBackprop_strideAndPadding_giveHandWorkedValues() {
        ConvolutionShape shape = new ConvolutionShape(1, 1, 1, new Axis(2, 2, 2, 1, 1, 1), new Axis(3, 3, 2, 1, 1, 1));
        ReferenceConvolution convolution = new ReferenceConvolution(shape);
        double[] images = counting(1, 6); // 1 2 3 / 4 5 6
        double[] weights = {5, 7, 11, -13, 2, 3}; // the lower row is -13 2 3
        double[] outputs = new double[4];
        convolution.forward(images, 1, weights, new double[] {100}, outputs);
        // upper right: -13 * 2 + 2 * 3; the lower windows see the second image row by their upper filter row
        assertThat(outputs).containsExactly(108, 80, 100 + 7 * 4 + 11 * 5, 100 + 5 * 5 + 7 * 6);

        double[] weightGradient = new double[6];
        double[] biasGradient = {1000};
        double[] inputGradient = {9, 9, 9, 9, 9, 9};
        convolution.backprop(
                images, 1, new double[] {1, 10, 100, -1}, weights, weightGradient, biasGradient, inputGradient);
        assertThat(inputGradient).containsExactly(2, 3 - 130, 20, 700, 1100 - 5, -7);
        assertThat(weightGradient).containsExactly(-5, 400 - 6, 500, 20, 1 + 30, 2);
        assertThat(biasGradient).containsExactly(1110);
    }

    /** Two groups of one channel and one filter each, a dilation of 2, and no biases: the first is 2 * 1 + 3 * 3. */
    @Test
    void forwardAndBackprop_groupsAndDilation_giveHandWorkedValues() {
        ConvolutionShape shape = new ConvolutionShape(2, 2, 2, new Axis(1, 1, 1, 2, 0, 0), new Axis(4, 2, 1, 2, 0, 0));
        ReferenceConvolution convolution = new ReferenceConvolution(shape);
        double[] images = counting(1, 8);
        double[] weights = {2, 3, 5, 7};
        double[] outputs = new double[4];
        convolution.forward(images, 1, weights, null, outputs);
        assertThat(outputs).containsExactly(11, 16, 25 + 49, 30 + 56);
        double[] weightGradient = new double[4];
        double[] inputGradient = new double[8];
        convolution.backprop(images, 1, new double[] {1, -2, 10, 20}, weights, weightGradient, null, inputGradient);
        assertThat(inputGradient).containsExactly(2, -4, 3, -6, 50, 100, 70, 140);
        assertThat(weightGradient).containsExactly(1 - 4, 3 - 8, 50 + 120, 70 + 160);
    }
}
