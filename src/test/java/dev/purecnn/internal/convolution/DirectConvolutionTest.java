package dev.purecnn.internal.convolution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.RandomSeed;
import org.junit.jupiter.api.Test;

class DirectConvolutionTest {

    @Test
    void forwardAndBackprop_randomShapes_agreeWithReference() {
        RandomSeed.repeat(1000, random -> {
            ConvolutionShape shape = ConvolutionComparison.draw(random);
            Convolution convolution = Convolution.of(shape);
            assertThat(convolution).isInstanceOf(DirectConvolution.class);
            ConvolutionComparison.compare(convolution, shape, 1 + random.nextInt(3), random);
            ConvolutionComparison.compare(convolution, shape, 1 + random.nextInt(3), random);
        });
    }

    @Test
    void forwardAndBackprop_manyChannels_agreeWithReference() {
        RandomSeed.repeat(300, random -> {
            ConvolutionShape shape = ConvolutionComparison.drawManyChannels(random);
            ConvolutionComparison.compare(Convolution.of(shape), shape, 1 + random.nextInt(3), random);
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
}
