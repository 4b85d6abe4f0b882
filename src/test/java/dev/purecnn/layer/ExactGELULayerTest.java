package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ExactGELULayerTest extends ActivationContract {

    @Override
    Layer newLayer() {
        return GELULayer.exact();
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
    void description_form_makesAnEqualLayer() {
        LayerDescription description = newLayer().description();
        assertThat(description).hasToString("GELULayer{form=exact}");
        assertThat(LayerRegistry.builtIn().layers(List.of(description), 0).get(0))
                .hasToString("<GELULayer: exact>");
    }
}
