package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SiLULayerTest extends ActivationContract {

    @Override
    Layer newLayer() {
        return new SiLULayer();
    }

    @Test
    void forwardAndBackprop_infinities_areTheLimits() {
        assertThat(at(Double.POSITIVE_INFINITY)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(at(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(slopeAt(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(slopeAt(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(newLayer()).hasToString("<SiLULayer>");
    }
}
