package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.RandomSeed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Winograd's convolution against the naive one, and where it is used. */
class WinogradConvolutionTest {

    private static ConvolutionPlan plan(int channels, int filters, int height, int width, int padding) {
        return new ConvolutionPlan(
                Shape.of(channels, height, width),
                filters,
                new Axis(height, 3, 1, 1, padding),
                new Axis(width, 3, 1, 1, padding));
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
    void forwardAndBackprop_suitableShape_agreeWithNaive(
            int channels, int filters, int height, int width, int padding) {
        RandomSeed.repeat(3, random -> {
            Shape input = Shape.of(channels, height, width);
            assertThat(WinogradConvolution.suits(plan(channels, filters, height, width, padding)))
                    .isTrue();
            RandomConvolution drawn = new RandomConvolution(
                    input,
                    ConvolutionalLayer.builder(channels, filters)
                            .padding(padding)
                            .build(),
                    new NaiveConvolution(input, filters, 3, 3, 1, 1, padding, padding, 1));
            drawn.connected(random).compareWithNaive(1 + random.nextInt(3), random);
        });
    }

    @Test
    void forwardAndBackprop_groups_agreeWithNaive() {
        RandomSeed.repeat(3, random -> {
            Shape input = Shape.of(64, 6, 8);
            RandomConvolution drawn = new RandomConvolution(
                    input,
                    ConvolutionalLayer.builder(64, 96).groups(2).build(),
                    new NaiveConvolution(input, 96, 3, 3, 1, 1, 1, 1, 2));
            drawn.connected(random).compareWithNaive(2, random);
        });
    }

    @Test
    void backprop_suitableShape_passesGradientCheck() {
        RandomSeed.repeat(3, random -> {
            GradientCheck.Result result =
                    GradientCheck.check(new ConvolutionalLayer(32, 32, 3), Shape.of(32, 4, 6), random.nextLong());
            assertThat(result.worstRelativeError()).as(result.toString()).isLessThanOrEqualTo(1e-7);
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
        assertThat(WinogradConvolution.suits(plan(channels, filters, height, width, padding)))
                .isFalse();
    }

    @Test
    void suits_strideOrDilationOrLargerFilter_isFalse() {
        Axis plain = new Axis(8, 3, 1, 1, 1);
        for (Axis other : new Axis[] {new Axis(8, 3, 2, 1, 1), new Axis(8, 3, 1, 2, 2), new Axis(8, 5, 1, 1, 2)}) {
            assertThat(WinogradConvolution.suits(new ConvolutionPlan(Shape.of(32, 8, 8), 32, plain, other)))
                    .isFalse();
            assertThat(WinogradConvolution.suits(new ConvolutionPlan(Shape.of(32, 8, 8), 32, other, plain)))
                    .isFalse();
        }
    }
}
