package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class TanhLayerTest extends ActivationContract {

    @Override
    Layer newLayer() {
        return new TanhLayer();
    }

    /** tanh(x) = (exp(2x) - 1) / (exp(2x) + 1): for x = ln 3 it is 8 / 10, for x = -ln 2 it is -3 / 5. */
    @Test
    void forwardAndBackprop_logarithms_giveHandWorkedValues() {
        Layer layer = connected(3);
        double[] images = {StrictMath.log(3), -StrictMath.log(2), 0};
        assertThat(layer.forward(images)).containsExactly(new double[] {0.8, -0.6, 0}, within(1e-15));
        assertThat(layer.backprop(new double[] {100, -50, 7}))
                .containsExactly(new double[] {36, -32, 7}, within(1e-13));
    }

    @Test
    void forwardAndBackprop_extremes_areExact() {
        assertThat(at(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(at(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
        assertThat(at(1e-200)).isEqualTo(1e-200);
        assertThat(slopeAt(Double.NEGATIVE_INFINITY)).isZero();
    }

    @Test
    void toString_isTheNotebooksForm() {
        assertThat(newLayer()).hasToString("<TanhLayer>");
    }
}
