package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SELULayerTest extends ActivationContract {

    @Override
    Layer newLayer() {
        return new SELULayer();
    }

    @Override
    double steepest() {
        return 1.0507009873554805;
    }

    /** By the sum over a grid of the normal density: the point of the two numbers. */
    @Test
    void forward_normalValues_keepMeanAndVariance() {
        double mean = 0;
        double square = 0;
        double step = 1.0 / 256;
        for (int i = -12 * 256; i <= 12 * 256; i++) {
            double x = i * step;
            double weight = step * StrictMath.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
            mean += weight * at(x);
            square += weight * at(x) * at(x);
        }
        assertThat(mean).isCloseTo(0, within(1e-5));
        assertThat(square).isCloseTo(1, within(1e-5));
    }

    @Test
    void forwardAndBackprop_infinities_passOrSaturate() {
        assertThat(at(Double.POSITIVE_INFINITY)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(at(Double.NEGATIVE_INFINITY)).isEqualTo(-1.7580993408473766, within(1e-15));
        assertThat(slopeAt(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(newLayer()).hasToString("<SELULayer>");
    }
}
