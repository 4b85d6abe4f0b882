package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LeakyReLULayerTest extends ActivationContract {

    @Override
    Layer newLayer() {
        return new LeakyReLULayer(0.125);
    }

    @Test
    void forwardAndBackprop_bothSigns_giveHandWorkedValues() {
        Layer layer = connected(6);
        assertThat(layer.forward(new double[] {3, -1, 0.25, -7.5, 0, -8e300}))
                .containsExactly(3, -0.125, 0.25, -0.9375, 0, -1e300);
        assertThat(layer.backprop(new double[] {11, 12, -13, 14, 16, 24})).containsExactly(11, 1.5, -13, 1.75, 2, 3);
    }

    @Test
    void constructor_noSlope_takesTheUsualOne() {
        assertThat(new LeakyReLULayer().description()).isEqualTo(new LeakyReLULayer(0.01).description());
    }

    @Test
    void forward_infinities_pass() {
        assertThat(at(Double.POSITIVE_INFINITY)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(at(Double.NEGATIVE_INFINITY)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void constructor_wrongSlope_isRefused() {
        for (double slope : new double[] {0, -0.1, 1, 2, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new LeakyReLULayer(slope))
                    .withMessage("LeakyReLULayer: expected a slope between 0 and 1, got " + slope
                            + ". Use a value such as 0.01, or a ReLULayer for 0.");
        }
    }

    @Test
    void toString_slope_isNamed() {
        assertThat(new LeakyReLULayer(0.01)).hasToString("<LeakyReLULayer: 0.01>");
    }
}
