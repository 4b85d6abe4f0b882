package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GELULayerTest extends ActivationContract {

    @Override
    Layer newLayer() {
        return new GELULayer();
    }

    /** The formula as the paper has it; in {@code decimal} of Python with 50 digits it gave the numbers below. */
    @Test
    void forwardAndBackprop_bothSigns_giveReferenceValues() {
        Layer layer = connected(5);
        assertThat(layer.forward(new double[] {1, -1, 0.5, -3, 0}))
                .containsExactly(
                        new double[] {
                            0.84119199060827665, -0.15880800939172329, 0.34571400982514394, -0.0036373920817730191, 0
                        },
                        within(1e-15));
        assertThat(layer.backprop(new double[] {1, 1, 10, 100, 4}))
                .containsExactly(
                        new double[] {
                            1.0829640838457826, -0.082964083845782549, 8.6736990353464236, -1.1584166630969726, 2
                        },
                        within(1e-14));
    }

    /** The normal distribution's integral, by Simpson's rule. */
    @Test
    void forward_anyInput_isNearTheFormWithTheErrorFunction() {
        double step = 1.0 / 256;
        double integral = 0.5;
        for (double x = 0; x < 6; x += step) {
            assertThat(at(x)).isCloseTo(x * integral, within(5e-4));
            assertThat(at(-x)).isCloseTo(-x * (1 - integral), within(5e-4));
            integral += step / 6 * (density(x) + 4 * density(x + step / 2) + density(x + step));
        }
    }

    private static double density(double x) {
        return StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    @Test
    void forwardAndBackprop_extremes_areTheLimits() {
        assertThat(at(Double.POSITIVE_INFINITY)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(at(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(slopeAt(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(slopeAt(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(at(1e200)).isEqualTo(1e200);
    }

    @Test
    void toString_isTheNotebooksForm() {
        assertThat(newLayer()).hasToString("<GELULayer>");
    }
}
