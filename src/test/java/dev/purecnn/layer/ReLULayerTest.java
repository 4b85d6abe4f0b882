package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.RandomSeed;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReLULayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return new ReLULayer();
    }

    @Override
    Shape input() {
        return Shape.of(2, 3, 5);
    }

    @Override
    Shape output() {
        return input();
    }

    private static Layer connected(int size) {
        Layer layer = new ReLULayer();
        layer.connect(Shape.vector(size), new Random(1));
        return layer;
    }

    @Test
    void forwardAndBackprop_bothSigns_giveHandWorkedValues() {
        Layer layer = connected(6);
        assertThat(layer.forward(new double[] {3, -1, 0.25, -7.5, 1e-300, -1e300}))
                .containsExactly(3, 0, 0.25, 0, 1e-300, 0);
        assertThat(layer.backprop(new double[] {11, 12, -13, 14, 15, 16})).containsExactly(11, 0, -13, 0, 15, 0);
    }

    /** At 0 itself the gradient is 0, and both zeros become the positive one. */
    @Test
    void forwardAndBackprop_zeros_passNothing() {
        Layer layer = connected(4);
        assertSameBits(
                layer.forward(new double[] {0.0, -0.0, -Double.MIN_VALUE, Double.MIN_VALUE}),
                new double[] {0.0, 0.0, 0.0, Double.MIN_VALUE});
        assertThat(layer.backprop(new double[] {1, 2, 3, 4})).containsExactly(0, 0, 0, 4);
    }

    /** A hardware NaN, such as 0.0 / 0.0 on x86, has its sign bit set; the constant has not. */
    @Test
    void forwardAndBackprop_nanOfEitherSign_isNotHidden() {
        double negative = Double.longBitsToDouble(0xfff8000000000000L);
        Layer layer = connected(3);
        // often enough for the compiler to take over
        for (int i = 0; i < 20_000; i++) {
            double[] output = layer.forward(new double[] {Double.NaN, negative, 2});
            if (!Double.isNaN(output[0]) || !Double.isNaN(output[1])) {
                throw new AssertionError("forward hides NaN in round " + i);
            }
            double[] gradient = layer.backprop(new double[] {5, 6, 7});
            if (!Double.isNaN(gradient[0]) || !Double.isNaN(gradient[1]) || gradient[2] != 7) {
                throw new AssertionError("backprop hides NaN in round " + i);
            }
        }
    }

    /** Long enough, and often enough, for the compiler to work on several values at once. */
    @Test
    void backprop_gradientNotFinite_isNotHidden() {
        double[] bad = {
            Double.NaN, Double.longBitsToDouble(0xfff8000000000000L), Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
        };
        double[] images = new double[100];
        double[] lossGradient = new double[100];
        double[] expected = new double[100];
        for (int i = 0; i < 100; i++) {
            images[i] = i % 2 == 0 ? i + 1 : -i;
            lossGradient[i] = i % 3 == 0 ? bad[i % 4] : i % 5 == 0 ? -0.0 : -i;
            boolean finite = Double.isFinite(lossGradient[i]);
            expected[i] = i % 2 == 0 ? lossGradient[i] : finite ? 0.0 : Double.NaN;
        }
        Layer layer = connected(100);
        layer.forward(images);
        for (int round = 0; round < 5_000; round++) {
            assertSameBits(layer.backprop(lossGradient), expected);
        }
    }

    @Test
    void forwardAndBackprop_infinities_pass() {
        Layer layer = connected(2);
        assertThat(layer.forward(new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}))
                .containsExactly(Double.POSITIVE_INFINITY, 0);
        assertThat(layer.backprop(new double[] {3, 4})).containsExactly(3, 0);
    }

    @Test
    void backprop_randomShapes_passGradientCheck() {
        RandomSeed.repeat(500, random -> {
            Shape shape = Shape.of(1 + random.nextInt(4), 1 + random.nextInt(9), 1 + random.nextInt(9));
            GradientCheck.Result result = GradientCheck.of(new ReLULayer(), shape)
                    .images(1 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError()).as(shape + ": " + result).isLessThanOrEqualTo(1e-7);
        });
    }

    @Test
    void multiplyAdds_none() {
        assertThat(connected(3).multiplyAdds()).isZero();
        assertThat(new ReLULayer().parameters()).isEmpty();
        assertThat(new ReLULayer()).hasToString("<ReLULayer>");
    }
}
