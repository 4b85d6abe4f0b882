package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.RandomSeed;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds for every function of one value. */
abstract class ActivationContract extends LayerContract {

    @Override
    Shape input() {
        return Shape.of(2, 3, 5);
    }

    @Override
    Shape output() {
        return input();
    }

    /** The slope that no value far from 0 exceeds. */
    double steepest() {
        return 1;
    }

    final Layer connected(int size) {
        Layer layer = newLayer();
        layer.connect(Shape.vector(size), new Random(1));
        return layer;
    }

    final double at(double value) {
        return connected(1).forward(new double[] {value})[0];
    }

    final double slopeAt(double value) {
        Layer layer = connected(1);
        layer.forward(new double[] {value});
        return layer.backprop(new double[] {1})[0];
    }

    @Test
    void backprop_randomShapes_passGradientCheck() {
        RandomSeed.repeat(50, random -> {
            Shape shape = Shape.of(1 + random.nextInt(4), 1 + random.nextInt(9), 1 + random.nextInt(9));
            GradientCheck.Result result = GradientCheck.of(newLayer(), shape)
                    .images(1 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError()).as(shape + ": " + result).isLessThanOrEqualTo(1e-7);
        });
    }

    @Test
    void backprop_wideRange_passesGradientCheck() {
        RandomSeed.repeat(100, random -> {
            double[] values = new double[12];
            for (int i = 0; i < values.length; i++) {
                values[i] = (random.nextBoolean() ? 1 : -1) * (0.01 + 6 * random.nextDouble());
            }
            GradientCheck.Result result = GradientCheck.of(newLayer(), Shape.of(1, 3, 4))
                    .values(values)
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError()).as(result.toString()).isLessThanOrEqualTo(1e-7);
        });
    }

    @Test
    void forwardAndBackprop_hugeInputs_stayFinite() {
        for (double huge : new double[] {50, 800, 1e100, 1e155, Double.MAX_VALUE / 2}) {
            for (double sign : new double[] {1, -1}) {
                assertThat(at(sign * huge)).as("at %s", sign * huge).isFinite();
                assertThat(slopeAt(sign * huge)).as("slope at %s", sign * huge).isBetween(-1e-15, steepest());
            }
        }
    }

    @Test
    void forward_compiled_givesBitsOfInterpreted() {
        Layer layer = newLayer();
        layer.connect(input(), new Random(1));
        double[] outputs = layer.forward(images(3)).clone();
        double[] inputGradient = layer.backprop(lossGradient(3)).clone();
        for (int i = 0; i < 3000; i++) {
            assertSameBits(layer.forward(images(3)), outputs);
            assertSameBits(layer.backprop(lossGradient(3)), inputGradient);
        }
    }

    @Test
    void parameters_none() {
        assertThat(newLayer().parameters()).isEmpty();
        assertThat(connected(3).multiplyAdds()).isZero();
    }
}
