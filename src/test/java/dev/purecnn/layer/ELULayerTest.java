package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ELULayerTest extends ActivationContract {

    @Override
    Layer newLayer() {
        return new ELULayer(0.75);
    }

    /** exp(-log 2) = 1/2, exp(-log 8) = 1/8. */
    @Test
    void forwardAndBackprop_bothSigns_giveHandWorkedValues() {
        Layer layer = connected(5);
        double two = StrictMath.log(2);
        assertThat(layer.forward(new double[] {3, -two, 0.25, -3 * two, 0}))
                .containsExactly(new double[] {3, -0.375, 0.25, -0.65625, 0}, within(1e-15));
        assertThat(layer.backprop(new double[] {11, 8, -13, 32, 16}))
                .containsExactly(new double[] {11, 3, -13, 3, 12}, within(1e-14));
    }

    /** PyTorch 1.13 in float64: elu(torch.tensor([-0.1, -2., -30.])), and its gradients. */
    @Test
    void forwardAndBackprop_usualAlpha_givePyTorchsValues() {
        Layer layer = new ELULayer();
        layer.connect(Shape.vector(3), new Random(1));
        assertThat(layer.forward(new double[] {-0.1, -2, -30}))
                .containsExactly(
                        new double[] {-0.09516258196404048, -0.8646647167633873, -0.9999999999999064}, within(1e-16));
        assertThat(layer.backprop(new double[] {1, 1, 1}))
                .containsExactly(
                        new double[] {0.9048374180359595, 0.1353352832366127, 9.357622968840175e-14}, within(1e-16));
    }

    @Test
    void forward_infinities_passOrSaturate() {
        assertThat(at(Double.POSITIVE_INFINITY)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(at(Double.NEGATIVE_INFINITY)).isEqualTo(-0.75);
        assertThat(slopeAt(Double.NEGATIVE_INFINITY)).isZero();
    }

    @Test
    void description_alpha_makesAnEqualLayer() {
        LayerDescription description = newLayer().description();
        assertThat(LayerRegistry.builtIn()
                        .layers(List.of(description), 0)
                        .get(0)
                        .description())
                .isEqualTo(description)
                .hasToString("ELULayer{alpha=0.75}");
    }

    @Test
    void constructor_wrongAlpha_isRefused() {
        for (double alpha : new double[] {0, -0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ELULayer(alpha))
                    .withMessage("ELULayer: expected a finite alpha above 0, got " + alpha
                            + ". Use 1, or a ReLULayer for 0.");
        }
    }

    @Test
    void toString_alpha_isNamed() {
        assertThat(new ELULayer()).hasToString("<ELULayer: 1.0>");
    }
}
