package dev.purecnn.layer;

import static dev.purecnn.layer.TestArrays.assertClose;
import static dev.purecnn.layer.TestArrays.gaussians;

import java.util.Random;

/** A convolution with random options that fit its input, and the naive one with the same. */
record RandomConvolution(Shape input, ConvolutionalLayer layer, NaiveConvolution naive) {

    static RandomConvolution draw(Random random) {
        return draw(random, 1 + random.nextInt(3), 1);
    }

    /** With channels that fill whole vectors, for which the weight gradient has a way of its own. */
    static RandomConvolution drawManyChannels(Random random) {
        return draw(random, 8 * (1 + random.nextInt(3)), 5);
    }

    private static RandomConvolution draw(Random random, int groupChannels, int smallestSide) {
        int groups = 1 + random.nextInt(random.nextInt(3) > 0 ? 1 : 4);
        int channels = groups * groupChannels;
        int filters = groups * (1 + random.nextInt(groups == 1 ? 4 : 3));
        while (true) {
            Shape input = Shape.of(channels, smallestSide + random.nextInt(9), smallestSide + random.nextInt(9));
            int height = 1 + random.nextInt(4);
            int width = 1 + random.nextInt(4);
            int stride = 1 + random.nextInt(random.nextBoolean() ? 1 : 4);
            int dilation = 1 + random.nextInt(random.nextBoolean() ? 1 : 3);
            boolean same = random.nextInt(4) == 0 && height % 2 == 1 && width % 2 == 1;
            int padding = random.nextInt(4);
            int padRows = same ? dilation * (height - 1) / 2 : padding;
            int padCols = same ? dilation * (width - 1) / 2 : padding;
            boolean fits = input.height() + 2 * padRows > dilation * (height - 1)
                    && input.width() + 2 * padCols > dilation * (width - 1);
            if (fits) {
                ConvolutionBuilder builder = ConvolutionalLayer.builder(channels, filters)
                        .filterSize(height, width)
                        .stride(stride)
                        .dilation(dilation)
                        .groups(groups);
                ConvolutionalLayer layer = (same ? builder.padding(Padding.SAME) : builder.padding(padding)).build();
                return new RandomConvolution(
                        input,
                        layer,
                        new NaiveConvolution(
                                input, filters, height, width, stride, dilation, padRows, padCols, groups));
            }
        }
    }

    /** Connects the layer and gives it biases that are not 0. */
    RandomConvolution connected(Random random) {
        layer.connect(input, random);
        double[] biases = layer.parameters().get(1).values();
        System.arraycopy(gaussians(biases.length, random), 0, biases, 0, biases.length);
        return this;
    }

    /** Compares outputs and all gradients for {@code n} random images. */
    void compareWithNaive(int n, Random random) {
        double[] images = gaussians(n * input.size(), random);
        double[] lossGradient = gaussians(n * naive.output().size(), random);
        Parameter weights = layer.parameters().get(0);
        Parameter biases = layer.parameters().get(1);
        assertClose(layer.forward(images), naive.forward(images, weights.values(), biases.values()), 1e-12);
        assertClose(layer.backprop(lossGradient), naive.inputGradient(lossGradient, weights.values()), 1e-12);
        assertClose(weights.gradient(), naive.weightGradient(lossGradient, images), 1e-12);
        assertClose(biases.gradient(), naive.biasGradient(lossGradient), 1e-12);
    }

    @Override
    public String toString() {
        return layer + " on " + input;
    }
}
