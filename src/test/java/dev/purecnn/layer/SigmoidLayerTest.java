package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SigmoidLayerTest extends ActivationContract {

    @Override
    Layer newLayer() {
        return new SigmoidLayer();
    }

    /** exp(ln 3) = 3: 3 / 4 on one side, 1 / 4 on the other, and a slope of 3 / 16 on both. */
    @Test
    void forwardAndBackprop_logarithms_giveHandWorkedValues() {
        Layer layer = connected(4);
        double[] images = {StrictMath.log(3), -StrictMath.log(3), 0, StrictMath.log(9)};
        assertThat(layer.forward(images)).containsExactly(new double[] {0.75, 0.25, 0.5, 0.9}, within(1e-15));
        assertThat(layer.backprop(new double[] {16, -32, 5, 100}))
                .containsExactly(new double[] {3, -6, 1.25, 9}, within(1e-13));
    }

    /** Far below 0 the function is exp(x) to the last digits, not 0. */
    @Test
    void forward_farFromZero_keepsDigits() {
        assertThat(at(-700) / StrictMath.exp(-700)).isBetween(1 - 1e-15, 1 + 1e-15);
        assertThat(at(-40) / StrictMath.exp(-40)).isBetween(1 - 1e-15, 1 + 1e-15);
        assertThat(at(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(at(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(slopeAt(Double.POSITIVE_INFINITY)).isZero();
    }

    @Test
    void toString_isTheNotebooksForm() {
        assertThat(newLayer()).hasToString("<SigmoidLayer>");
    }
}
