package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClipLayerTest extends ActivationContract {

    @Override
    Layer newLayer() {
        return new ClipLayer(-0.5, 0.75);
    }

    @Test
    void forwardAndBackprop_eachPart_giveHandWorkedValues() {
        Layer layer = connected(5);
        assertThat(layer.forward(new double[] {-0.75, -0.5, 0.25, 0.75, 3}))
                .containsExactly(-0.5, -0.5, 0.25, 0.75, 0.75);
        assertThat(layer.backprop(new double[] {2, 3, 5, 7, 11})).containsExactly(0, 0, 5, 0, 0);
    }

    @Test
    void forwardAndBackprop_oneBound_leavesTheOtherSide() {
        Layer layer = new ClipLayer(Double.NEGATIVE_INFINITY, 2);
        layer.connect(Shape.vector(3), new Random(1));
        assertThat(layer.forward(new double[] {Double.NEGATIVE_INFINITY, -1e300, 3}))
                .containsExactly(Double.NEGATIVE_INFINITY, -1e300, 2);
        assertThat(layer.backprop(new double[] {2, 3, 5})).containsExactly(0, 3, 0);
    }

    @Test
    void forwardAndBackprop_zeroAndInfinity_giveWhatReLUGives() {
        Layer clip = new ClipLayer(0, Double.POSITIVE_INFINITY);
        Layer relu = new ReLULayer();
        clip.connect(input(), new Random(1));
        relu.connect(input(), new Random(1));
        assertThat(clip.forward(images(3))).containsExactly(relu.forward(images(3)), within(0.0));
        assertThat(clip.backprop(lossGradient(3))).containsExactly(relu.backprop(lossGradient(3)), within(0.0));
    }

    @Test
    void description_bounds_makeAnEqualLayer() {
        for (Layer layer :
                new Layer[] {ClipLayer.relu6(), new ClipLayer(-1, 1 / 0.0), new ClipLayer(-1 / 0.0, 1), newLayer()}) {
            LayerDescription description = layer.description();
            assertThat(LayerRegistry.builtIn().layers(List.of(description), 0).get(0))
                    .hasToString(layer.toString());
        }
        assertThat(ClipLayer.relu6().description()).hasToString("ClipLayer{lowest=0.0, highest=6.0}");
    }

    @Test
    void constructor_wrongBounds_areRefused() {
        for (double[] wrong : new double[][] {{0, 0}, {1, 0}, {Double.NaN, 0}, {0, Double.NaN}, {-1 / 0.0, 1 / 0.0}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ClipLayer(wrong[0], wrong[1]))
                    .withMessage("ClipLayer: expected a lower bound below the upper one, and one of them finite, got "
                            + wrong[0] + " and " + wrong[1] + ". Use bounds such as 0 and 6.");
        }
    }

    @Test
    void toString_bounds_areNamed() {
        assertThat(ClipLayer.relu6()).hasToString("<ClipLayer: (0.0, 6.0)>");
    }
}
