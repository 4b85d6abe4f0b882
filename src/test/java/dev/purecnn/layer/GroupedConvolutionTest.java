package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.counting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.RandomSeed;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Convolutions in groups. That they agree with differences, ConvolutionalLayerTest shows as well. */
class GroupedConvolutionTest extends LayerContract {

    @Override
    Layer newLayer() {
        return ConvolutionalLayer.builder(4, 6)
                .filterSize(2, 3)
                .stride(2)
                .padding(1)
                .groups(2)
                .build();
    }

    @Override
    int numParameters() {
        return 2;
    }

    @Override
    Shape input() {
        return Shape.of(4, 5, 7);
    }

    @Override
    Shape output() {
        return Shape.of(6, 3, 4);
    }

    /** The first output of each filter: 100 + 2 * 1 + 3 * 2 = 108; 200 + 5 * 4 + 7 * 5 = 255. */
    @Test
    void forwardAndBackprop_depthwise_giveHandWorkedValues() {
        Layer layer = ConvolutionalLayer.builder(2, 2)
                .filterSize(1, 2)
                .padding(0)
                .groups(2)
                .build();
        assertThat(layer.connect(Shape.of(2, 1, 3), new Random(1))).isEqualTo(Shape.of(2, 1, 2));
        System.arraycopy(new double[] {2, 3, 5, 7}, 0, layer.parameters().get(0).values(), 0, 4);
        System.arraycopy(new double[] {100, 200}, 0, layer.parameters().get(1).values(), 0, 2);
        assertThat(layer.forward(counting(1, 6))).containsExactly(108, 113, 255, 267);
        assertThat(layer.backprop(new double[] {11, -13, 17, 19})).containsExactly(22, 7, -39, 85, 214, 133);
        // 11 * 1 - 13 * 2 = -15, 11 * 2 - 13 * 3 = -17; 17 * 4 + 19 * 5 = 163, 17 * 5 + 19 * 6 = 199
        assertThat(layer.parameters().get(0).gradient()).containsExactly(-15, -17, 163, 199);
        assertThat(layer.parameters().get(1).gradient()).containsExactly(-2, 36);
    }

    /** What a grouped convolution is: one convolution for each group. */
    @Test
    void forwardAndBackprop_groups_giveBitsOfConvolutionsSideBySide() {
        Layer layer = connected();
        double[] outputs = layer.forward(images(1));
        double[] inputGradient = layer.backprop(lossGradient(1));
        for (int group = 0; group < 2; group++) {
            Layer alone = ConvolutionalLayer.builder(2, 3)
                    .filterSize(2, 3)
                    .stride(2)
                    .padding(1)
                    .build();
            alone.connect(Shape.of(2, 5, 7), new Random(1));
            double[] weights = layer.parameters().get(0).values();
            System.arraycopy(weights, group * 36, alone.parameters().get(0).values(), 0, 36);
            assertSameBits(alone.forward(part(images(1), group)), part(outputs, group));
            assertSameBits(alone.backprop(part(lossGradient(1), group)), part(inputGradient, group));
            for (int i = 0; i < 2; i++) {
                assertSameBits(
                        alone.parameters().get(i).gradient(),
                        part(layer.parameters().get(i).gradient(), group));
            }
        }
    }

    private static double[] part(double[] all, int group) {
        return Arrays.copyOfRange(all, group * all.length / 2, (group + 1) * all.length / 2);
    }

    @Test
    void backprop_randomDepthwise_passGradientCheck() {
        RandomSeed.repeat(100, random -> {
            int channels = 1 + random.nextInt(5);
            Shape input = Shape.of(channels, 3 + random.nextInt(5), 3 + random.nextInt(9));
            Layer layer = ConvolutionalLayer.builder(channels, channels * (1 + random.nextInt(2)))
                    .stride(1 + random.nextInt(2))
                    .padding(random.nextInt(3))
                    .groups(channels)
                    .build();
            GradientCheck.Result result = GradientCheck.of(layer, input)
                    .images(1 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError())
                    .as(layer + " on " + input + ": " + result)
                    .isLessThanOrEqualTo(1e-7);
        });
    }

    @Test
    void connect_groups_shareOutWeightsAndWork() {
        ConvolutionalLayer layer = (ConvolutionalLayer) connected();
        assertThat(layer.groups()).isEqualTo(2);
        assertThat(new ConvolutionalLayer(4, 6, 3).groups()).isEqualTo(1);
        assertThat(layer.parameters()).hasToString("[weights (12 x 2 x 3), biases (6 x 1 x 1)]");
        assertThat(layer.multiplyAdds()).isEqualTo(6 * 2 * 2 * 3 * (3 * 4));
    }

    /** N(0, 2 / fanIn) with a fan-in of one channel: 30,000 draws are within 2.5 % in all but one of 400 cases. */
    @Test
    void connect_depthwise_drawsHeVarianceOfGroup() {
        Layer layer = ConvolutionalLayer.builder(1200, 1200)
                .filterSize(5)
                .groups(1200)
                .build();
        layer.connect(Shape.of(1200, 1, 1), new Random(1));
        double[] weights = layer.parameters().get(0).values();
        double squares = Arrays.stream(weights).map(w -> w * w).sum();
        assertThat(squares / weights.length * 25).isBetween(1.95, 2.05);
    }

    // ---- messages

    @Test
    void build_groupsThatDoNotDivide_areRefused() {
        for (int[] sizes : new int[][] {{4, 6, 3}, {6, 4, 3}, {4, 6, 4}, {2, 2, 4}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ConvolutionalLayer.builder(sizes[0], sizes[1])
                            .groups(sizes[2])
                            .build())
                    .withMessage("ConvolutionalLayer: expected channels and filters that divide into " + sizes[2]
                            + " groups, got " + sizes[0] + " channels and " + sizes[1]
                            + " filters. Use a number of groups that divides both.");
        }
    }

    @Test
    void build_groupsBelowOne_areRefused() {
        for (int groups : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            ConvolutionalLayer.builder(4, 4).groups(groups).build())
                    .withMessage("ConvolutionalLayer: expected groups of at least 1, got " + groups
                            + ". Use a positive number.");
        }
    }

    @Test
    void connect_groupsOfPaddedImagesBeyondAnyArray_areRefused() {
        Layer layer = ConvolutionalLayer.builder(4000, 4000)
                .groups(4000)
                .filterSize(1)
                .padding(500)
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.connect(Shape.of(4000, 7, 9), new Random(1)))
                .withMessage("ConvolutionalLayer: expected padded images of at most 2147483647 values, got more from"
                        + " 4000 x 7 x 9 with dilation 1 and padding 500. Use less padding or dilation.");
    }

    @Test
    void connect_wrongChannels_countsAllGroups() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> newLayer().connect(Shape.of(2, 5, 7), new Random(1)))
                .withMessage(
                        "ConvolutionalLayer: expected 4 channels, got 2 (2 x 5 x 7). Build the layer with channels=2.");
    }

    @Test
    void toString_groups_areNamed() {
        assertThat(newLayer())
                .hasToString("<ConvolutionalLayer: (4, 6, 2x3), stride=2, padding=1, groups=2, momentum=0.0>");
    }
}
