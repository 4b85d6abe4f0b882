package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HardSwishLayerTest extends ActivationContract {

    @Override
    Layer newLayer() {
        return new HardSwishLayer();
    }

    /** -1.5 * 1.5 / 6 and 1 * 4 / 6, with slopes 0 / 6 and 5 / 6. */
    @Test
    void forwardAndBackprop_eachPart_giveHandWorkedValues() {
        Layer layer = connected(5);
        assertThat(layer.forward(new double[] {-4, -1.5, 1, 3, 7}))
                .containsExactly(new double[] {0, -0.375, 4 / 6.0, 3, 7}, within(1e-15));
        assertThat(layer.backprop(new double[] {2, 3, 12, 5, 7}))
                .containsExactly(new double[] {0, 0, 10, 5, 7}, within(1e-15));
    }

    @Test
    void forwardAndBackprop_infinities_areTheLimits() {
        assertThat(at(Double.POSITIVE_INFINITY)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(at(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(slopeAt(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(newLayer()).hasToString("<HardSwishLayer>");
    }
}
