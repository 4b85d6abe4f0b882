package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.PyTorchCases;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Normalizations beside PyTorch's. */
class NormReferenceTest {
    private static final Shape SHAPE = Shape.of(6, 3, 2);
    private static final Map<String, Layer> LAYERS = Map.of(
            "group 3", new GroupNormLayer(6, 3, 1e-3),
            "group 1", new GroupNormLayer(6, 1),
            "instance", GroupNormLayer.instance(6),
            "layer", new LayerNormLayer(SHAPE.size()),
            "response 3", new LocalResponseNormLayer(3, 0.5, 0.6, 1.5),
            "response 5", new LocalResponseNormLayer(5),
            "response 15", new LocalResponseNormLayer(15, 2, 0.75, 1));

    private static void assertNear(double[] actual, double[] expected) {
        assertThat(actual).containsExactly(expected, within(1e-13));
    }

    @Test
    void forwardAndBackprop_anyNorm_giveWhatPyTorchGives() {
        Map<String, double[][]> cases = PyTorchCases.read("layer/norms-pytorch.txt");
        assertThat(cases.keySet()).isEqualTo(LAYERS.keySet());
        LAYERS.forEach((name, layer) -> {
            double[][] rows = cases.get(name);
            layer.connect(SHAPE, new Random(1));
            int count = layer.parameters().size();
            for (int i = 0; i < count; i++) {
                double[] values = layer.parameters().get(i).values();
                System.arraycopy(rows[4 + i], 0, values, 0, values.length);
            }
            assertNear(layer.forward(rows[0]), rows[2]);
            assertNear(layer.backprop(rows[1]), rows[3]);
            for (int i = 0; i < count; i++) {
                assertNear(layer.parameters().get(i).gradient(), rows[4 + count + i]);
            }
        });
    }
}
