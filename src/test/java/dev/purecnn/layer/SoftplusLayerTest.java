package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SoftplusLayerTest extends ActivationContract {

    @Override
    Layer newLayer() {
        return new SoftplusLayer();
    }

    /** log(1 + 1) = log 2; 1e-300 is far below the last digit of 1. */
    @Test
    void forward_extremes_keepTheirDigits() {
        assertThat(at(0)).isEqualTo(StrictMath.log(2));
        assertThat(at(StrictMath.log(1e-300))).isCloseTo(1e-300, within(1e-312));
        assertThat(at(1e300)).isEqualTo(1e300);
        assertThat(at(Double.POSITIVE_INFINITY)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(at(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(slopeAt(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(newLayer()).hasToString("<SoftplusLayer>");
    }
}
