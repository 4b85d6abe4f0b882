package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class HardSigmoidLayerTest extends ActivationContract {

    @Override
    Layer newLayer() {
        return new HardSigmoidLayer(0.25, 0.75);
    }

    @Test
    void forwardAndBackprop_eachPart_giveHandWorkedValues() {
        Layer layer = connected(4);
        assertThat(layer.forward(new double[] {-5, -2, 0.5, 3})).containsExactly(0, 0.25, 0.875, 1);
        assertThat(layer.backprop(new double[] {3, 8, -4, 5})).containsExactly(0, 2, -1, 0);
        assertThat(at(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(at(Double.NEGATIVE_INFINITY)).isZero();
    }

    @Test
    void constructor_wrongOptions_areRefused() {
        for (double[] wrong : new double[][] {{0, 0.5}, {-1, 0}, {Double.NaN, 0}, {1 / 0.0, 0}, {1, Double.NaN}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new HardSigmoidLayer(wrong[0], wrong[1]))
                    .withMessage("HardSigmoidLayer: expected a finite slope above 0 and a finite offset, got "
                            + wrong[0] + " and " + wrong[1] + ". Use 1/6 and 0.5, or 0.2 and 0.5.");
        }
    }

    @Test
    void toString_options_areNamed() {
        assertThat(newLayer()).hasToString("<HardSigmoidLayer: (0.25, 0.75)>");
    }
}
