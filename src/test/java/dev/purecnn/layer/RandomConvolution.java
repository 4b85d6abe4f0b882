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
            ConvolutionalLayer.Builder builder = ConvolutionalLayer.builder(channels, filters)
                    .filterSize(1 + random.nextInt(4), 1 + random.nextInt(4))
                    .bias(random.nextInt(4) > 0)
                    .groups(groups);
            drawWindow(builder, random);
            try {
                builder.build().connect(input, random);
                return new RandomConvolution(input, builder.build());
            } catch (IllegalArgumentException e) {
                // the filter does not fit
            }
        }
    }

    /** Steps and padding, often the same in all directions. */
    static void drawWindow(WindowBuilder<?> builder, Random random) {
        int stride = 1 + random.nextInt(random.nextBoolean() ? 1 : 4);
        int dilation = 1 + random.nextInt(random.nextBoolean() ? 1 : 3);
        builder.stride(stride, random.nextBoolean() ? stride : 1 + random.nextInt(4));
        builder.dilation(dilation, random.nextBoolean() ? dilation : 1 + random.nextInt(3));
        switch (random.nextInt(8)) {
            case 0, 1 -> builder.samePadding();
            case 2 -> builder.sameUpperPadding();
            case 3 -> builder.sameLowerPadding();
            case 4, 5 -> builder.padding(random.nextInt(4));
            default -> builder.padding(random.nextInt(4), random.nextInt(4), random.nextInt(4), random.nextInt(4));
        }
    }
}
