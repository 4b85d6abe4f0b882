package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** The sizes and options that a convolution takes and refuses, and its words. */
class ConvolutionBuilderTest {
    private static final int HUGE = Integer.MAX_VALUE;

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }

    private static ConvolutionalLayer.Builder builder() {
        return ConvolutionalLayer.builder(1, 2);
    }

    // ---- options

    @Test
    void build_sizesBelowOne_areRefused() {
        for (int size : new int[] {0, -1, Integer.MIN_VALUE}) {
            String words = " of at least 1, got " + size + ". Use a positive number.";
            assertRefused(
                    () -> ConvolutionalLayer.builder(size, 2).build(), "ConvolutionalLayer: expected channels" + words);
            assertRefused(
                    () -> ConvolutionalLayer.builder(2, size).build(), "ConvolutionalLayer: expected filters" + words);
            assertRefused(() -> builder().filterSize(size).build(), "ConvolutionalLayer: expected filterSize" + words);
            assertRefused(
                    () -> builder().filterSize(size, 3).build(), "ConvolutionalLayer: expected filterSize" + words);
            assertRefused(
                    () -> builder().filterSize(3, size).build(), "ConvolutionalLayer: expected filterSize" + words);
            assertRefused(() -> builder().stride(size).build(), "ConvolutionalLayer: expected stride" + words);
            assertRefused(() -> builder().dilation(size).build(), "ConvolutionalLayer: expected dilation" + words);
            assertRefused(() -> new ConvolutionalLayer(size, 2, 3), "ConvolutionalLayer: expected channels" + words);
            assertRefused(() -> new ConvolutionalLayer(2, size, 3), "ConvolutionalLayer: expected filters" + words);
            assertRefused(() -> new ConvolutionalLayer(2, 2, size), "ConvolutionalLayer: expected filterSize" + words);
        }
    }

    @Test
    void build_evenFilterWithSamePadding_keepsTheSize() {
        for (ConvolutionalLayer layer : new ConvolutionalLayer[] {
            new ConvolutionalLayer(1, 2, 4),
            builder().filterSize(3, 2).build(),
            builder().filterSize(4).dilation(2, 3).build(),
            builder().filterSize(2, 5).sameUpperPadding().build(),
            builder().filterSize(6, 3).padding(0).sameLowerPadding().build()
        }) {
            assertThat(layer.connect(Shape.of(1, 9, 8), new Random(1))).isEqualTo(Shape.of(2, 9, 8));
        }
        assertThat(builder().filterSize(4).padding(0).build().connect(Shape.of(1, 9, 8), new Random(1)))
                .isEqualTo(Shape.of(2, 6, 5));
    }

    @Test
    void padding_wrongOnes_areRefused() {
        for (int padding : new int[] {-1, -2, Integer.MIN_VALUE}) {
            assertRefused(
                    () -> builder().padding(padding),
                    "ConvolutionalLayer: expected a padding of at least 0, got " + padding + ". Use 0 for none.");
        }
    }

    @Test
    void momentum_outsideOfRange_isRefused() {
        for (double momentum : new double[] {-0.1, 1, 2, Double.NaN, Double.POSITIVE_INFINITY, -Double.MIN_VALUE}) {
            String words = "ConvolutionalLayer: expected a momentum in [0, 1), got " + momentum
                    + ". Use 0 for none, or a value such as 0.9.";
            assertRefused(() -> builder().momentum(momentum).build(), words);
            assertRefused(() -> new ConvolutionalLayer(1, 2, 3, momentum), words);
        }
        assertThat(builder().momentum(0.999).build().parameters().get(0).momentum())
                .isEqualTo(0.999);
    }

    @Test
    void build_moreWeightsThanAnArrayHolds_isRefused() {
        assertRefused(
                () -> ConvolutionalLayer.builder(65_536, 65_536).filterSize(1).build(),
                "ConvolutionalLayer: expected at most 2147483647 weights, got 65536 filters of 65536 x 1 x 1. Use fewer"
                        + " filters or smaller ones.");
        assertRefused(
                () -> ConvolutionalLayer.builder(HUGE, HUGE).filterSize(HUGE).build(),
                "ConvolutionalLayer: expected at most 2147483647 weights, got 2147483647 filters of 2147483647 x 2147483647"
                        + " x 2147483647. Use fewer filters or smaller ones.");
        assertRefused(
                () -> new ConvolutionalLayer(1, 1, 50_001),
                "ConvolutionalLayer: expected at most 2147483647 weights, got 1 filters of 1 x 50001 x 50001. Use fewer"
                        + " filters or smaller ones.");
    }

    // ---- images

    @Test
    void connect_wrongChannels_isRefused() {
        assertRefused(
                () -> new ConvolutionalLayer(1, 8, 3).connect(Shape.of(3, 28, 29), new Random(1)),
                "ConvolutionalLayer: expected 1 channels, got 3 (3 x 28 x 29). Build the layer with channels=3.");
    }

    @Test
    void connect_filterLargerThanImage_isRefused() {
        ConvolutionalLayer layer =
                builder().filterSize(5, 4).padding(1).dilation(2).build();
        assertRefused(
                () -> layer.connect(Shape.of(1, 6, 9), new Random(1)),
                "ConvolutionalLayer: expected images that the filter fits into, got 1 x 6 x 9 for a filter of 5 x 4 with"
                        + " dilation 2 and padding 1. Use a smaller filter or more padding.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.connect(Shape.of(1, 7, 4), new Random(1)))
                .withMessageContaining("got 1 x 7 x 4");
        // 7 x 5 is what just fits; a refused layer may still be connected
        assertThat(layer.connect(Shape.of(1, 7, 5), new Random(1))).isEqualTo(Shape.of(2, 1, 1));
    }

    /** None of them may overflow, hang or ask for memory first. */
    @Test
    void connect_sizesBeyondAnyArray_areRefused() {
        refusesAtOnce(b -> b.padding(HUGE));
        refusesAtOnce(b -> b.padding(HUGE / 2));
        refusesAtOnce(b -> b.padding(1 << 30).stride(1));
        refusesAtOnce(b -> b.padding(100_000));
        refusesAtOnce(b -> b.padding(0).dilation(HUGE));
        refusesAtOnce(b -> b.samePadding().dilation(HUGE));
        refusesAtOnce(b -> b.samePadding().dilation(100_000));
        refusesAtOnce(b -> b.padding(HUGE).dilation(HUGE));
        refusesAtOnce(b -> b.padding(HUGE).stride(HUGE).dilation(HUGE));
        refusesAtOnce(b -> b.filterSize(1, 40_001).padding(0));
        // one output only, but a plane of 80,001 x 80,001 on the way
        refusesAtOnce(b -> b.filterSize(2).dilation(80_006).padding(40_000));
    }

    private static void refusesAtOnce(UnaryOperator<ConvolutionalLayer.Builder> options) {
        ConvolutionalLayer layer = options.apply(builder()).build();
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThatIllegalArgumentException()
                        .as(layer.toString())
                        .isThrownBy(() -> layer.connect(Shape.of(1, 7, 9), new Random(1))));
    }

    @Test
    void connect_paddedImageBeyondAnyArray_saysSo() {
        assertRefused(
                () -> builder().padding(HUGE).build().connect(Shape.of(1, 7, 9), new Random(1)),
                "ConvolutionalLayer: expected padded images of at most 2147483647 values, got more from 1 x 7 x 9 with"
                        + " dilation 1 and padding 2147483647. Use less padding or dilation.");
    }

    @Test
    void forward_batchBeyondAnyArray_isRefused() {
        ConvolutionalLayer layer = builder().filterSize(1).padding(500).build();
        Shape output = layer.connect(Shape.of(1, 1, 1), new Random(1));
        assertThat(output).isEqualTo(Shape.of(2, 1001, 1001));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.forward(new double[1100]))
                .withMessageMatching("ConvolutionalLayer: expected at most \\d+ images at once, got 1100\\. Use a"
                        + " smaller batch\\.");
    }

    @Test
    void connect_hugeStride_takesNoLongerThanSmall() {
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            ConvolutionalLayer layer =
                    builder().filterSize(3, 2).padding(1).stride(HUGE).build();
            assertThat(layer.connect(Shape.of(1, 7, 9), new Random(1))).isEqualTo(Shape.of(2, 1, 1));
            assertThat(layer.forward(new double[63])).hasSize(2);
            assertThat(layer.backprop(new double[2])).hasSize(63);
        });
    }

    // ---- outputs

    @Test
    void connect_eachOption_givesFormulasOutput() {
        Shape input = Shape.of(1, 11, 14);
        assertThat(builder().build().connect(input, new Random(1))).isEqualTo(Shape.of(2, 11, 14));
        assertThat(builder().padding(0).build().connect(input, new Random(1))).isEqualTo(Shape.of(2, 9, 12));
        assertThat(builder().filterSize(5, 3).stride(2).padding(1).build().connect(input, new Random(1)))
                .isEqualTo(Shape.of(2, 5, 7));
        assertThat(builder().filterSize(3).dilation(2).padding(0).build().connect(input, new Random(1)))
                .isEqualTo(Shape.of(2, 7, 10));
        assertThat(builder().filterSize(3, 5).dilation(2).build().connect(input, new Random(1)))
                .isEqualTo(Shape.of(2, 11, 14));
    }

    @Test
    void build_twice_makesTwoLayers() {
        ConvolutionalLayer.Builder builder = builder();
        assertThat(builder.build()).isNotSameAs(builder.build());
    }

    @Test
    void toString_options_areNamed() {
        assertThat(new ConvolutionalLayer(1, 16, 3)).hasToString("<ConvolutionalLayer: (1, 16, 3), momentum=0.0>");
        assertThat(new ConvolutionalLayer(1, 16, 3, 0.9)).hasToString("<ConvolutionalLayer: (1, 16, 3), momentum=0.9>");
        assertThat(ConvolutionalLayer.builder(3, 8)
                        .filterSize(5, 3)
                        .stride(2)
                        .padding(1)
                        .dilation(4)
                        .build())
                .hasToString("<ConvolutionalLayer: (3, 8, 5x3), stride=2, padding=1, dilation=4, momentum=0.0>");
    }
}
