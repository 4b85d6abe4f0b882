package dev.purecnn.internal.convolution;

import static dev.purecnn.layer.TestArrays.gaussians;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.Bits;
import dev.purecnn.RandomSeed;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DirectConvolutionTest {

    @Test
    void forwardAndBackprop_randomShapes_agreeWithReference() {
        RandomSeed.repeat(1000, random -> {
            ConvolutionShape shape = ConvolutionComparison.draw(random);
            assertThat(Convolution.of(shape)).isNotInstanceOf(WinogradConvolution.class);
            Convolution convolution = new DirectConvolution(shape);
            ConvolutionComparison.compare(convolution, shape, 1 + random.nextInt(3), random);
            ConvolutionComparison.compare(convolution, shape, 1 + random.nextInt(3), random);
        });
    }

    @Test
    void forwardAndBackprop_manyChannels_agreeWithReference() {
        RandomSeed.repeat(300, random -> {
            ConvolutionShape shape = ConvolutionComparison.drawManyChannels(random);
            ConvolutionComparison.compare(Convolution.of(shape), shape, 1 + random.nextInt(40), random);
        });
    }

    /** More cells than the weight gradient takes at once, and as many channels as fill whole vectors. */
    @Test
    void forwardAndBackprop_manyChannelsOfLargeImages_agreeWithReference() {
        RandomSeed.repeat(3, random -> {
            ConvolutionShape shape =
                    ConvolutionComparison.shape(8, 5, new Axis(37, 3, 1, 1, 1, 1), new Axis(29, 3, 1, 1, 1, 1));
            ConvolutionComparison.compare(new DirectConvolution(shape), shape, 3, random);
        });
    }

    /** Few channels, whose outputs are computed row by row. */
    @Test
    void forwardAndBackprop_fewChannelsOfWideImages_agreeWithReference() {
        RandomSeed.repeat(20, random -> {
            int groups = 1 + random.nextInt(2);
            ConvolutionShape shape = new ConvolutionShape(
                    groups * (1 + random.nextInt(4)),
                    groups * (8 + random.nextInt(9)),
                    groups,
                    new Axis(3 + random.nextInt(9), 3, 1 + random.nextInt(2), 1, 1, 1),
                    new Axis(24 + random.nextInt(30), 3, 1, 1, 1, random.nextInt(2)));
            ConvolutionComparison.compare(new DirectConvolution(shape), shape, 3, random);
        });
    }

    @Test
    void forwardAndBackprop_largerImages_agreeWithReference() {
        RandomSeed.repeat(3, random -> {
            for (int stride = 1; stride <= 3; stride++) {
                ConvolutionShape shape = ConvolutionComparison.shape(
                        9, 17, new Axis(23, 5, stride, 1, 2, 2), new Axis(31, 4, stride, 1, 2, 2));
                ConvolutionComparison.compare(new DirectConvolution(shape), shape, 2, random);
            }
        });
    }

    /** A stride beyond the filter leaves cells that no tap meets. */
    @Test
    void backprop_cellsWithoutTap_haveNoGradient() {
        RandomSeed.repeat(3, random -> {
            ConvolutionShape shape =
                    ConvolutionComparison.shape(2, 3, new Axis(7, 2, 4, 1, 0, 0), new Axis(9, 1, 3, 1, 0, 0));
            ConvolutionComparison.compare(new DirectConvolution(shape), shape, 2, random);
        });
    }

    /** A filter of one cell meets images where they are. */
    @Test
    void forwardAndBackprop_pointwise_agreeWithReference() {
        RandomSeed.repeat(3, random -> {
            for (int groupChannels : new int[] {1, 5, 8, 24}) {
                for (int groups = 1; groups <= 2; groups++) {
                    ConvolutionShape shape = new ConvolutionShape(
                            groups * groupChannels,
                            groups * 11,
                            groups,
                            new Axis(5 + random.nextInt(9), 1, 1, 1, 0, 0),
                            new Axis(9 + random.nextInt(9), 1, 1, 1, 0, 0));
                    ConvolutionComparison.compare(new DirectConvolution(shape), shape, 3, random);
                    compareBatches(shape, random);
                }
            }
        });
    }

    /** Small images lie side by side in a product; with large filters, a part of which is packed at a time. */
    @Test
    void forwardAndBackprop_batches_haveTheBitsOfSingleImages() {
        RandomSeed.repeat(20, random -> {
            compareBatches(ConvolutionComparison.draw(random), random);
            compareBatches(ConvolutionComparison.drawManyChannels(random), random);
        });
        RandomSeed.repeat(1, random -> {
            Axis axis = new Axis(2, 3, 1, 1, 1, 1);
            compareBatches(ConvolutionComparison.shape(256, 260, axis, axis), random);
        });
    }

    private static void compareBatches(ConvolutionShape shape, Random random) {
        Convolution convolution = new DirectConvolution(shape);
        Convolution single = new DirectConvolution(shape);
        double[] weights = gaussians(shape.groups() * shape.groupWeights(), random);
        double[] biases = gaussians(shape.filters(), random);
        int inputSize = shape.channels() * shape.inputPlane();
        int outputSize = shape.filters() * shape.outputPlane();
        for (int n : new int[] {2, 1, 7, 8, 9, 33, 17}) {
            double[] images = gaussians(n * inputSize, random);
            double[] lossGradient = gaussians(n * outputSize, random);
            double[] outputs = new double[n * outputSize];
            double[] inputGradient = new double[n * inputSize];
            double[] biasGradient = new double[shape.filters()];
            double[] biasGradients = new double[shape.filters()];
            convolution.forward(images, n, weights, biases, outputs);
            convolution.backprop(images, n, lossGradient, weights, null, biasGradient, inputGradient);
            for (int i = 0; i < n; i++) {
                double[] image = Arrays.copyOfRange(images, i * inputSize, (i + 1) * inputSize);
                double[] loss = Arrays.copyOfRange(lossGradient, i * outputSize, (i + 1) * outputSize);
                double[] output = new double[outputSize];
                double[] gradient = new double[inputSize];
                single.forward(image, 1, weights, biases, output);
                single.backprop(image, 1, loss, weights, null, biasGradients, gradient);
                Bits.assertSameBits(Arrays.copyOfRange(outputs, i * outputSize, (i + 1) * outputSize), output);
                Bits.assertSameBits(Arrays.copyOfRange(inputGradient, i * inputSize, (i + 1) * inputSize), gradient);
            }
            Bits.assertSameBits(biasGradients, biasGradient);
        }
    }
}
