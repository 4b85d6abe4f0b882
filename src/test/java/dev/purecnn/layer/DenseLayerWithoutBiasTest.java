package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DenseLayerWithoutBiasTest extends LayerContract {

    @Override
    Layer newLayer() {
        return DenseLayer.builder(30, 11).bias(false).build();
    }

    @Override
    int numParameters() {
        return 1;
    }

    @Override
    Shape input() {
        return Shape.of(2, 3, 5);
    }

    @Override
    Shape output() {
        return Shape.vector(11);
    }

    /** The first output: 1 * 2 + 2 * -3 + 3 * 5 = 11. */
    @Test
    void forwardAndBackprop_twoImages_giveHandWorkedValues() {
        Layer layer = DenseLayer.builder(3, 2).bias(false).build();
        layer.connect(Shape.vector(3), new Random(1));
        assertThat(layer.parameters()).hasToString("[weights (1 x 2 x 3)]");
        System.arraycopy(
                new double[] {2, -3, 5, 7, 11, -13},
                0,
                layer.parameters().get(0).values(),
                0,
                6);
        for (int i = 0; i < 2; i++) { // the second time over what the first one left
            assertThat(layer.forward(new double[] {1, 2, 3, -4, 6, 8})).containsExactly(11, -10, 14, -66);
        }
        assertThat(layer.backprop(new double[] {1, -2, 3, 4})).containsExactly(-12, -25, 31, 34, 35, -37);
        assertThat(layer.parameters().get(0).gradient()).containsExactly(-11, 20, 27, -18, 20, 26);
    }

    @Test
    void description_withoutBias_makesAnEqualLayer() {
        Layer layer = newLayer();
        assertThat(layer).hasToString("<DenseLayer: (30, 11), bias=false>");
        List<Layer> made = LayerRegistry.builtIn().layers(List.of(layer.description()), 330);
        assertThat(made.get(0).description()).isEqualTo(layer.description());
        assertThat(made.get(0)).hasToString(layer.toString());
        assertThat(made.get(0).parameters()).hasSize(1);
        assertThat(new DenseLayer(30, 11).description().options()).doesNotContainKey("bias"); // as in older files
    }
}
