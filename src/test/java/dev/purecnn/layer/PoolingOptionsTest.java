package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.counting;
import static dev.purecnn.layer.TestArrays.gaussians;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.RandomSeed;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Both pools with all options of their windows. That they agree with PyTorch, WindowReferenceTest shows. */
class PoolingOptionsTest {
    private static final int HUGE = Integer.MAX_VALUE;

    private static Layer connected(Layer layer, Shape input, Shape output) {
        assertThat(layer.connect(input, new Random(1))).as(layer.toString()).isEqualTo(output);
        return layer;
    }

    // ---- the contract

    @Nested
    class MaxTest extends LayerContract {

        @Override
        Layer newLayer() {
            return MaxPoolingLayer.builder(3, 2)
                    .stride(2, 1)
                    .dilation(1, 2)
                    .padding(1, 1, 0, 1)
                    .roundUp()
                    .build();
        }

        @Override
        Shape input() {
            return Shape.of(2, 7, 6);
        }

        @Override
        Shape output() {
            return Shape.of(2, 4, 6);
        }
    }

    @Nested
    class AverageTest extends LayerContract {

        @Override
        Layer newLayer() {
            return AveragePoolingLayer.builder(2, 3)
                    .stride(1, 2)
                    .dilation(3, 1)
                    .sameLowerPadding()
                    .countPadding()
                    .build();
        }

        @Override
        Shape input() {
            return Shape.of(2, 5, 8);
        }

        @Override
        Shape output() {
            return Shape.of(2, 5, 4);
        }
    }

    // ---- worked by hand

    /** Windows at -1 and 1: the negative values win over padding. */
    @Test
    void max_padding_neverWins() {
        Layer layer = connected(
                MaxPoolingLayer.builder(2, 3).stride(2).padding(1).build(), Shape.of(1, 3, 3), Shape.of(1, 2, 2));
        double[] image = {
            -1, -2, -7,
            -4, -5, -6,
            -9, -8, -3
        };
        assertThat(layer.forward(image)).containsExactly(-1, -2, -4, -3);
        assertThat(layer.backprop(new double[] {1, 2, 3, 4})).containsExactly(1, 2, 0, 3, 0, 0, 0, 0, 4);
    }

    /** A last window of one column, of 3 and 8; a third one would start beyond the image. */
    @Test
    void roundUp_lastWindow_isCutOff() {
        double[] image = {1, 2, 3, 4, 6, 8};
        Layer max = connected(MaxPoolingLayer.builder(2).roundUp().build(), Shape.of(1, 2, 3), Shape.of(1, 1, 2));
        assertThat(max.forward(image)).containsExactly(6, 8);
        Layer mean = connected(AveragePoolingLayer.builder(2).roundUp().build(), Shape.of(1, 2, 3), Shape.of(1, 1, 2));
        assertThat(mean.forward(image)).containsExactly(3.25, 5.5);
        assertThat(mean.backprop(new double[] {4, 6})).containsExactly(1, 1, 3, 1, 1, 3);
        connected(MaxPoolingLayer.builder(1).stride(3).roundUp().build(), Shape.of(1, 3, 4), Shape.of(1, 1, 2));
        connected(MaxPoolingLayer.builder(3).stride(2).roundUp().build(), Shape.of(1, 2, 2), Shape.of(1, 1, 1));
        // the third would start at cell 5, in the padding after the image
        connected(
                MaxPoolingLayer.builder(2).stride(3).padding(1).roundUp().build(),
                Shape.of(1, 5, 5),
                Shape.of(1, 2, 2));
    }

    /** The first window holds 1, 2, 4, 5 and five cells of padding; the last row of windows reaches one row beyond the padding. */
    @Test
    void average_padding_countsIfAsked() {
        AveragePoolingLayer.Builder builder =
                AveragePoolingLayer.builder(3).stride(2).padding(1, 1, 0, 1).roundUp();
        double[] image = counting(1, 9);
        Shape output = Shape.of(1, 2, 2);
        Layer within = connected(builder.build(), Shape.of(1, 3, 3), output);
        assertThat(within.forward(image)).containsExactly(12 / 4.0, 16 / 4.0, 24 / 4.0, 28 / 4.0);
        assertThat(within.backprop(new double[] {4, 8, 12, 16})).containsExactly(1, 3, 2, 4, 10, 6, 3, 7, 4);
        Layer counted = connected(builder.countPadding().build(), Shape.of(1, 3, 3), output);
        assertThat(counted.forward(image)).containsExactly(12 / 9.0, 16 / 9.0, 24 / 6.0, 28 / 6.0);
        assertThat(counted.backprop(new double[] {9, 18, 6, 12})).containsExactly(1, 3, 2, 2, 6, 4, 1, 3, 2);
    }

    /** TensorFlow's SAME of 2 x 2 windows: the odd row and column are after the image, or before it. */
    @Test
    void same_evenWindow_hasTheOddCellWhereItSays() {
        double[] image = counting(1, 6); // 1 2 3 / 4 5 6
        Shape shape = Shape.of(1, 2, 3);
        MaxPoolingLayer.Builder builder = MaxPoolingLayer.builder(2).stride(1);
        assertThat(connected(builder.sameUpperPadding().build(), shape, shape).forward(image))
                .containsExactly(5, 6, 6, 5, 6, 6);
        assertThat(connected(builder.samePadding().build(), shape, shape).forward(image))
                .containsExactly(5, 6, 6, 5, 6, 6);
        assertThat(connected(builder.sameLowerPadding().build(), shape, shape).forward(image))
                .containsExactly(1, 2, 3, 4, 5, 6);
        // stride 2: TensorFlow needs no row and one column; PyTorch's 'same' has one of each
        builder.stride(2);
        assertThat(connected(builder.sameUpperPadding().build(), shape, Shape.of(1, 1, 2))
                        .forward(image))
                .containsExactly(5, 6);
        assertThat(connected(builder.sameLowerPadding().build(), shape, Shape.of(1, 1, 2))
                        .forward(image))
                .containsExactly(4, 6);
    }

    /** Cells 0 and 2, 1 and 3 of a row. */
    @Test
    void dilation_leavesCellsOut() {
        Layer layer = connected(
                MaxPoolingLayer.builder(1, 2).stride(1).dilation(1, 2).build(), Shape.of(1, 1, 4), Shape.of(1, 1, 2));
        assertThat(layer.forward(new double[] {5, 9, 6, 7})).containsExactly(6, 9);
        Layer mean = connected(
                AveragePoolingLayer.builder(1, 2).stride(1).dilation(1, 2).build(),
                Shape.of(1, 1, 4),
                Shape.of(1, 1, 2));
        assertThat(mean.forward(new double[] {5, 9, 6, 7})).containsExactly(5.5, 8);
    }

    /** The kernel for 2 x 2 serves them, however they are described; and what leaves the image does not. */
    @Test
    void pairs_anyDescription_areFast() {
        MaxPoolingLayer.Builder builder = MaxPoolingLayer.builder(2);
        for (MaxPoolingLayer layer : new MaxPoolingLayer[] {
            builder.build(),
            builder.sameUpperPadding().build(),
            builder.roundUp().build(),
            builder.sameLowerPadding().build()
        }) {
            connected(layer, Shape.of(1, 6, 4), Shape.of(1, 3, 2));
            assertThat(layer.isPairs()).as(layer.toString()).isTrue();
        }
        MaxPoolingLayer odd = MaxPoolingLayer.builder(2).sameUpperPadding().build();
        connected(odd, Shape.of(1, 5, 4), Shape.of(1, 3, 2));
        assertThat(odd.isPairs()).isFalse();
        MaxPoolingLayer up = MaxPoolingLayer.builder(2).roundUp().build();
        connected(up, Shape.of(1, 4, 5), Shape.of(1, 2, 3));
        assertThat(up.isPairs()).isFalse();
    }

    // ---- against a naive one, and against differences

    @Test
    void forwardAndBackprop_randomOptions_giveBitsOfNaive() {
        RandomSeed.repeat(800, random -> {
            NaivePooling naive = NaivePooling.draw(random);
            Layer layer = naive.layer();
            if (!naive.isPossible()) {
                assertThatIllegalArgumentException()
                        .as(layer.toString())
                        .isThrownBy(() -> layer.connect(naive.input(), random))
                        .withMessageMatching("(?s).*: expected .*, got .*\\. Use .*\\.");
                return;
            }
            connected(layer, naive.input(), naive.output());
            int n = 1 + random.nextInt(3);
            double[] images = gaussians(n * naive.input().size(), random);
            for (int i = 0; i < images.length; i += 2) {
                images[i] = -random.nextInt(3); // ties, zeros of both signs, and no value above padding's
            }
            double[] lossGradient = gaussians(n * naive.output().size(), random);
            for (int twice = 0; twice < 2; twice++) {
                assertSameBits(layer.forward(images), naive.forward(images));
                assertSameBits(layer.backprop(lossGradient), naive.backprop(images, lossGradient));
            }
        });
    }

    @Test
    void backprop_randomOptions_passGradientCheck() {
        RandomSeed.repeat(300, random -> {
            NaivePooling naive = NaivePooling.draw(random);
            if (naive.isPossible()) {
                GradientCheck.Result result = GradientCheck.of(naive.layer(), naive.input())
                        .images(1 + random.nextInt(3))
                        .seed(random.nextLong())
                        .run();
                assertThat(result.worstRelativeError())
                        .as(naive.layer() + " on " + naive.input() + ": " + result)
                        .isLessThanOrEqualTo(1e-7);
            }
        });
    }

    // ---- descriptions

    @Test
    void description_randomOptions_makesAnEqualLayer() {
        RandomSeed.repeat(300, random -> {
            Layer layer = NaivePooling.draw(random).layer();
            Layer made = LayerRegistry.builtIn()
                    .layers(List.of(layer.description()), 0)
                    .get(0);
            assertThat(made.description()).isEqualTo(layer.description());
            assertThat(made).hasToString(layer.toString());
        });
    }

    @Test
    void description_defaults_areAsInOlderFiles() {
        assertThat(MaxPoolingLayer.builder(3).build().description())
                .hasToString("MaxPoolingLayer{poolSize=3, stride=3}")
                .isEqualTo(new MaxPoolingLayer(3).description());
        assertThat(AveragePoolingLayer.builder(2).stride(1).build().description())
                .hasToString("AveragePoolingLayer{poolSize=2, stride=1}")
                .isEqualTo(new AveragePoolingLayer(2, 1).description());
    }

    @Test
    void description_unknownOption_isRefused() {
        for (LayerDescription description : new LayerDescription[] {
            LayerDescription.of("MaxPoolingLayer")
                    .with("poolSize", 2)
                    .with("stride", 2)
                    .with("rounding", "down"),
            LayerDescription.of("MaxPoolingLayer")
                    .with("poolSize", 2)
                    .with("stride", 2)
                    .with("padding", "some"),
            LayerDescription.of("MaxPoolingLayer")
                    .with("poolSize", 2)
                    .with("stride", 2)
                    .with("padding", -1),
            LayerDescription.of("MaxPoolingLayer").with("poolSize", 2).with("stride", 0),
            LayerDescription.of("AveragePoolingLayer")
                    .with("poolSize", 2)
                    .with("stride", 2)
                    .with("zeros", "left out")
        }) {
            assertThatIllegalArgumentException()
                    .as(description.toString())
                    .isThrownBy(() -> LayerRegistry.builtIn().layers(List.of(description), 0))
                    .withMessageContaining("PoolingLayer: expected ");
        }
    }

    @Test
    void toString_options_areNamed() {
        assertThat(MaxPoolingLayer.builder(3, 2)
                        .stride(2, 1)
                        .padding(1, 2, 3, 4)
                        .dilation(1, 2)
                        .roundUp()
                        .build())
                .hasToString("<MaxPoolingLayer: 3x2, stride=2x1, padding=(1, 2, 3, 4), dilation=1x2, roundUp>");
        assertThat(MaxPoolingLayer.builder(3, 2).build()).hasToString("<MaxPoolingLayer: 3x2>");
        assertThat(AveragePoolingLayer.builder(3)
                        .stride(1)
                        .sameUpperPadding()
                        .countPadding()
                        .build())
                .hasToString("<AveragePoolingLayer: 3, stride=1, padding=same upper, countPadding>");
    }

    @Test
    void padding_ruleOrRoundedUp_isThatOfTheImage() {
        MaxPoolingLayer pool =
                MaxPoolingLayer.builder(3).stride(2).sameLowerPadding().build();
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(pool::padding)
                .withMessage("MaxPoolingLayer: expected connect before padding, got padding first. Put the layer into a"
                        + " network, or call connect.");
        connected(pool, Shape.of(1, 5, 4), Shape.of(1, 3, 2));
        assertThat(pool.padding()).containsExactly(1, 1, 1, 0);
        AveragePoolingLayer up =
                AveragePoolingLayer.builder(2).padding(1, 0, 0, 1).roundUp().build();
        connected(up, Shape.of(1, 4, 4), Shape.of(1, 3, 2));
        assertThat(up.padding()).containsExactly(1, 0, 1, 1);
        ConvolutionalLayer convolution =
                ConvolutionalLayer.builder(1, 1).filterSize(4, 2).build();
        connected(convolution, Shape.of(1, 5, 4), Shape.of(1, 5, 4));
        assertThat(convolution.padding()).containsExactly(1, 0, 2, 1);
    }

    // ---- messages

    @Test
    void builder_wrongSizes_areRefused() {
        for (int size : new int[] {0, -1, Integer.MIN_VALUE}) {
            String words = " of at least 1, got " + size + ". Use a positive number.";
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> MaxPoolingLayer.builder(2).stride(1, size))
                    .withMessage("MaxPoolingLayer: expected stride" + words);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> AveragePoolingLayer.builder(2).dilation(size))
                    .withMessage("AveragePoolingLayer: expected dilation" + words);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> MaxPoolingLayer.builder(2, size))
                    .withMessage("MaxPoolingLayer: expected poolSize" + words);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MaxPoolingLayer.builder(2).padding(0, 0, -3, 0))
                .withMessage("MaxPoolingLayer: expected a padding of at least 0, got -3. Use 0 for none.");
    }

    @Test
    void connect_impossibleSizes_areRefused() {
        Shape images = Shape.of(1, 2, 9);
        assertRefused(
                MaxPoolingLayer.builder(5).stride(2).padding(1, 0, 1, 0).build(),
                images,
                "MaxPoolingLayer: expected images of at least 3 x 5 cells, got 1 x 2 x 9. Use a smaller poolSize or fewer"
                        + " pooling layers.");
        assertRefused(
                AveragePoolingLayer.builder(2).dilation(HUGE).build(),
                images,
                "AveragePoolingLayer: expected images of at least 2147483648 x 2147483648 cells, got 1 x 2 x 9. Use a"
                        + " smaller poolSize or fewer pooling layers.");
        assertRefused(
                AveragePoolingLayer.builder(2).padding(2).build(),
                images,
                "AveragePoolingLayer: expected windows that meet the image, got one of 2 x 2 within the padding of 2. Use"
                        + " less padding or smaller strides.");
        assertRefused(
                MaxPoolingLayer.builder(HUGE).stride(1).padding(HUGE).build(),
                images,
                "MaxPoolingLayer: expected padded images of at most 2147483647 rows and columns, got more with a padding of"
                        + " 2147483647. Use less padding.");
    }

    private static void assertRefused(Layer layer, Shape images, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.connect(images, new Random(1)))
                .withMessage(message);
    }
}
