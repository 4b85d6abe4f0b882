package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.RandomSeed;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LocalResponseNormLayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return new LocalResponseNormLayer(3, 0.5, 0.6, 1.5);
    }

    @Override
    Shape input() {
        return Shape.of(4, 2, 3);
    }

    @Override
    Shape output() {
        return input();
    }

    /** With size 2, a channel counts itself and the next: 1 + 2 / 2 * (1 + 4) = 6, 1 + 4 + 9 = 14, 1 + 9 = 10. */
    @Test
    void forward_evenSize_countsOneMoreAfter() {
        Layer layer = new LocalResponseNormLayer(2, 2, 1, 1);
        layer.connect(Shape.of(3, 1, 1), new Random(1));
        assertThat(layer.forward(new double[] {1, 2, 3}))
                .containsExactly(new double[] {1 / 6.0, 2 / 14.0, 3 / 10.0}, within(1e-15));
    }

    @Test
    void backprop_randomOptions_passGradientCheck() {
        RandomSeed.repeat(60, random -> {
            Shape shape = Shape.of(1 + random.nextInt(6), 1 + random.nextInt(4), 1 + random.nextInt(4));
            Layer layer = new LocalResponseNormLayer(
                    1 + random.nextInt(8),
                    0.1 + random.nextDouble(),
                    0.3 + random.nextDouble(),
                    1 + random.nextDouble());
            GradientCheck.Result result = GradientCheck.of(layer, shape)
                    .images(1 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError()).as(shape + ": " + result).isLessThanOrEqualTo(1e-6);
        });
    }

    @Test
    void forward_sizeBeyondAllChannels_countsAll() {
        Layer huge = new LocalResponseNormLayer(Integer.MAX_VALUE, 1e9, 1, 1);
        huge.connect(Shape.of(2, 1, 1), new Random(1));
        assertThat(huge.forward(new double[] {3, 4})).hasSize(2);
        assertThat(huge.backprop(new double[] {3, 4})).hasSize(2);
    }

    @Test
    void constructor_wrongOptions_areRefused() {
        for (double[] wrong :
                new double[][] {{0, 1, 1, 1}, {3, 0, 1, 1}, {3, 1, -1, 1}, {3, 1, 1, 0}, {3, 1 / 0.0, 1, 1}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new LocalResponseNormLayer((int) wrong[0], wrong[1], wrong[2], wrong[3]))
                    .withMessageStartingWith("LocalResponseNormLayer: expected a size of at least 1, and finite alpha,"
                            + " beta and offset above 0, got " + (int) wrong[0] + ", " + wrong[1] + ", " + wrong[2]);
        }
    }

    @Test
    void toString_options_areNamed() {
        assertThat(newLayer()).hasToString("<LocalResponseNormLayer: 3, alpha=0.5, beta=0.6, offset=1.5>");
        assertThat(newLayer().parameters()).isEmpty();
    }
}
