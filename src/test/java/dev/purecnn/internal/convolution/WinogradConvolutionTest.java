package dev.purecnn.internal.convolution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.RandomSeed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Winograd's convolution against the definition, and where it is used. */
class WinogradConvolutionTest {

    private static ConvolutionShape shape(int channels, int filters, int height, int width, int padding) {
        return ConvolutionComparison.shape(
                channels, filters, new Axis(height, 3, 1, 1, padding), new Axis(width, 3, 1, 1, padding));
    }

    @ParameterizedTest
    @CsvSource({
        "32, 32, 2, 2, 1",
        "32, 40, 6, 4, 1",
        "33, 35, 6, 8, 0",
        "32, 64, 28, 28, 1",
        "40, 32, 4, 4, 0",
        "32, 32, 4, 6, 2",
        "48, 33, 2, 4, 3",
        "32, 32, 14, 6, 4"
    })
    void forwardAndBackprop_suitableShape_agreeWithReference(
            int channels, int filters, int height, int width, int padding) {
        RandomSeed.repeat(3, random -> {
            ConvolutionShape shape = shape(channels, filters, height, width, padding);
            Convolution convolution = Convolution.of(shape);
            assertThat(convolution).isInstanceOf(WinogradConvolution.class);
            ConvolutionComparison.compare(convolution, shape, 1 + random.nextInt(3), random);
            ConvolutionComparison.compare(convolution, shape, 1 + random.nextInt(3), random);
        });
    }

    @Test
    void forwardAndBackprop_groups_agreeWithReference() {
        RandomSeed.repeat(3, random -> {
            ConvolutionShape shape = new ConvolutionShape(64, 96, 2, new Axis(6, 3, 1, 1, 1), new Axis(8, 3, 1, 1, 1));
            ConvolutionComparison.compare(new WinogradConvolution(shape), shape, 2, random);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "31, 32, 4, 4, 1",
        "32, 31, 4, 4, 1",
        "32, 32, 5, 4, 1",
        "32, 32, 4, 5, 1",
        "32, 32, 64, 64, 1",
        "32, 32, 2, 60000, 1",
        "4097, 32, 4, 4, 1",
        "32, 4097, 4, 4, 1"
    })
    void suits_otherShape_isFalse(int channels, int filters, int height, int width, int padding) {
        assertThat(WinogradConvolution.suits(shape(channels, filters, height, width, padding)))
                .isFalse();
    }

    @Test
    void suits_strideOrDilationOrOtherFilter_isFalse() {
        Axis plain = new Axis(8, 3, 1, 1, 1);
        for (Axis other : new Axis[] {
            new Axis(8, 3, 2, 1, 1), new Axis(8, 3, 1, 2, 2), new Axis(8, 5, 1, 1, 2), new Axis(8, 3, 1, 1, 2)
        }) {
            assertThat(WinogradConvolution.suits(ConvolutionComparison.shape(32, 32, plain, other)))
                    .isFalse();
            assertThat(WinogradConvolution.suits(ConvolutionComparison.shape(32, 32, other, plain)))
                    .isFalse();
        }
    }
}
