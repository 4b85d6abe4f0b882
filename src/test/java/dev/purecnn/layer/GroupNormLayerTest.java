package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.RandomSeed;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GroupNormLayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return new GroupNormLayer(6, 2);
    }

    @Override
    Shape input() {
        return Shape.of(6, 3, 5);
    }

    @Override
    Shape output() {
        return input();
    }

    @Override
    int numParameters() {
        return 2;
    }

    /** No first weight is drawn. */
    @Override
    @Test
    void connect_equalSeeds_giveEqualWeights() {
        assertThat(connected().parameters().get(0).values()).containsOnly(1);
        assertThat(connected().parameters().get(1).values()).containsOnly(0);
    }

    /** Groups 1, 3, 5, 7 and 10, 10, 40, 20: means 4 and 20, variances 5 and 150. */
    @Test
    void forward_twoGroups_givesHandWorkedValues() {
        Layer layer = new GroupNormLayer(4, 2, 1e-3);
        layer.connect(Shape.of(4, 1, 2), new Random(1));
        System.arraycopy(
                new double[] {2, -3, 4, 5}, 0, layer.parameters().get(0).values(), 0, 4);
        System.arraycopy(
                new double[] {100, 200, 300, 400}, 0, layer.parameters().get(1).values(), 0, 4);
        double one = 1 / Math.sqrt(5.001);
        double two = 1 / Math.sqrt(150.001);
        assertThat(layer.forward(new double[] {1, 3, 5, 7, 10, 10, 40, 20}))
                .containsExactly(
                        new double[] {
                            100 - 6 * one,
                            100 - 2 * one,
                            200 - 3 * one,
                            200 - 9 * one,
                            300 - 40 * two,
                            300 - 40 * two,
                            400 + 100 * two,
                            400
                        },
                        within(1e-12));
    }

    @Test
    void backprop_randomShapes_passGradientCheck() {
        RandomSeed.repeat(60, random -> {
            int groups = 1 + random.nextInt(3);
            Shape shape = Shape.of(groups * (1 + random.nextInt(3)), 1 + random.nextInt(5), 2 + random.nextInt(5));
            GradientCheck.Result result = GradientCheck.of(new GroupNormLayer(shape.channels(), groups), shape)
                    .images(1 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError()).as(shape + ": " + result).isLessThanOrEqualTo(1e-5);
        });
    }

    @Test
    void forward_equalValues_giveTheShift() {
        Layer layer = connected();
        double[] images = new double[input().size()];
        Arrays.fill(images, 1e9);
        assertThat(layer.forward(images)).containsOnly(0);
    }

    @Test
    void constructor_wrongNumbers_areRefused() {
        for (int[] wrong : new int[][] {{0, 1}, {4, 0}, {4, 3}, {4, -2}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new GroupNormLayer(wrong[0], wrong[1]))
                    .withMessage("GroupNormLayer: expected groups that divide the channels, got " + wrong[1]
                            + " groups of " + wrong[0] + " channels. Use a divisor of the channels.");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GroupNormLayer(4, 2, 0))
                .withMessageStartingWith("GroupNormLayer: expected a finite epsilon above 0, got 0.0.");
    }

    @Test
    void connect_wrongShape_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> newLayer().connect(Shape.of(4, 1, 1), new Random(1)))
                .withMessageStartingWith("GroupNormLayer: expected 6 channels, got 4 (4 x 1 x 1). ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GroupNormLayer.instance(4).connect(Shape.vector(4), new Random(1)))
                .withMessage("GroupNormLayer: expected groups of more than 1 value, got 1 (4 x 1 x 1 in 4 groups). Use"
                        + " fewer groups, or a BatchNormLayer.");
    }

    @Test
    void toString_options_areNamed() {
        assertThat(newLayer()).hasToString("<GroupNormLayer: 6, groups=2>");
        assertThat(new GroupNormLayer(4, 1, 1e-3)).hasToString("<GroupNormLayer: 4, groups=1, epsilon=0.001>");
        assertThat(newLayer().description()).hasToString("GroupNormLayer{channels=6, groups=2, epsilon=1.0E-5}");
    }
}
