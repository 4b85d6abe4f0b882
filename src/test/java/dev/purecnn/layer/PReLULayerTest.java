package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.RandomSeed;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PReLULayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return new PReLULayer(2);
    }

    @Override
    Shape input() {
        return Shape.of(2, 3, 5);
    }

    @Override
    Shape output() {
        return input();
    }

    @Override
    int numParameters() {
        return 1;
    }

    /** No first slope is drawn. */
    @Override
    @Test
    void connect_equalSeeds_giveEqualWeights() {
        assertThat(connected().parameters().get(0).values()).containsExactly(0.25, 0.25);
    }

    /** Slopes 0.5 and -2; the first gets 3 * -4 + 7 * -8, the second 13 * -6. */
    @Test
    void forwardAndBackprop_slopePerChannel_giveHandWorkedValues() {
        Layer layer = newLayer();
        layer.connect(Shape.of(2, 1, 2), new Random(1));
        Parameter slopes = layer.parameters().get(0);
        slopes.values()[0] = 0.5;
        slopes.values()[1] = -2;
        assertThat(layer.forward(new double[] {-4, 3, 5, 0, 1, -8, -6, 2}))
                .containsExactly(-2, 3, 5, -0.0, 1, -4, 12, 2);
        assertThat(layer.backprop(new double[] {3, 5, 2, 9, 11, 7, 13, 17}))
                .containsExactly(1.5, 5, 2, -18, 11, 3.5, -26, 17);
        assertThat(slopes.gradient()).containsExactly(-68, -78);
    }

    /** The same with the first slope for all. */
    @Test
    void forwardAndBackprop_oneSlope_giveHandWorkedValues() {
        Layer layer = new PReLULayer();
        layer.connect(Shape.of(2, 1, 2), new Random(1));
        layer.parameters().get(0).values()[0] = 0.5;
        assertThat(layer.forward(new double[] {-4, 3, 5, 0, 1, -8, -6, 2})).containsExactly(-2, 3, 5, 0, 1, -4, -3, 2);
        assertThat(layer.backprop(new double[] {3, 5, 2, 9, 11, 7, 13, 17}))
                .containsExactly(1.5, 5, 2, 4.5, 11, 3.5, 6.5, 17);
        assertThat(layer.parameters().get(0).gradient()).containsExactly(-146);
    }

    @Test
    void backprop_randomShapes_passGradientCheck() {
        RandomSeed.repeat(100, random -> {
            Shape shape = Shape.of(1 + random.nextInt(4), 1 + random.nextInt(9), 1 + random.nextInt(9));
            Layer layer = random.nextBoolean() ? new PReLULayer() : new PReLULayer(shape.channels());
            GradientCheck.Result result = GradientCheck.of(layer, shape)
                    .images(1 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError()).as(shape + ": " + result).isLessThanOrEqualTo(1e-7);
        });
    }

    @Test
    void parameters_slopes_areSparedByWeightDecay() {
        Parameter slopes = newLayer().parameters().get(0);
        assertThat(slopes).hasToString("slopes (2 x 1 x 1)");
        assertThat(slopes.isTrained()).isTrue();
        assertThat(slopes.isDecayed()).isFalse();
    }

    @Test
    void connect_otherChannels_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> newLayer().connect(Shape.of(3, 1, 2), new Random(1)))
                .withMessage("PReLULayer: expected 2 channels, got 3 (3 x 1 x 2). Build the layer with 1 slope, or with"
                        + " 3.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PReLULayer(0))
                .withMessageStartingWith("PReLULayer: expected at least 1 slope, got 0. ");
    }

    @Test
    void description_slopes_makeAnEqualLayer() {
        LayerDescription description = newLayer().description();
        assertThat(LayerRegistry.builtIn().layers(List.of(description), 2).get(0))
                .hasToString("<PReLULayer: 2>");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerRegistry.builtIn().layers(List.of(description), 1))
                .withMessageContaining("expected at least 2 parameter values");
    }
}
