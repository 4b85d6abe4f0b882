package dev.purecnn.layer;

import java.util.Random;

/** A convolution with random options that fit its input. */
record RandomConvolution(Shape input, ConvolutionalLayer layer) {

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
            int dilation = 1 + random.nextInt(random.nextBoolean() ? 1 : 3);
            int padding = random.nextInt(4);
            boolean same = random.nextInt(4) == 0 && height % 2 == 1 && width % 2 == 1;
            boolean fits = input.height() + 2 * padding > dilation * (height - 1)
                    && input.width() + 2 * padding > dilation * (width - 1);
            if (same || fits) {
                ConvolutionalLayer.Builder builder = ConvolutionalLayer.builder(channels, filters)
                        .filterSize(height, width)
                        .stride(1 + random.nextInt(random.nextBoolean() ? 1 : 4))
                        .dilation(dilation)
                        .bias(random.nextInt(4) > 0)
                        .groups(groups);
                return new RandomConvolution(input, (same ? builder : builder.padding(padding)).build());
            }
        }
    }
}
