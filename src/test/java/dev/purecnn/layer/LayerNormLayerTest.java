package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LayerNormLayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return new LayerNormLayer(30);
    }

    @Override
    Shape input() {
        return Shape.of(2, 3, 5);
    }

    @Override
    Shape output() {
        return input();
    }

    @Override
    int numParameters() {
        return 2;
    }

    /** No first weight is drawn. */
    @Override
    @Test
    void connect_equalSeeds_giveEqualWeights() {
        assertThat(connected().parameters().get(0).values()).containsOnly(1);
        assertThat(connected().parameters().get(1).values()).containsOnly(0);
    }

    @Test
    void allCalls_vector_giveBitsOfOneGroup() {
        Layer layer = newLayer();
        Layer group = new GroupNormLayer(30, 1);
        layer.connect(Shape.vector(30), new Random(1));
        group.connect(Shape.vector(30), new Random(1));
        assertSameBits(layer.forward(images(3)), group.forward(images(3)));
        assertSameBits(layer.backprop(images(3)), group.backprop(images(3)));
    }

    @Test
    void wrongNumbers_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LayerNormLayer(1))
                .withMessage("LayerNormLayer: expected a size of at least 2, got 1. Use the number of values.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> newLayer().connect(Shape.vector(29), new Random(1)))
                .withMessage("LayerNormLayer: expected 30 values, got 29 (29 x 1 x 1). Build the layer with size 29.");
    }

    @Test
    void toString_options_areNamed() {
        assertThat(newLayer()).hasToString("<LayerNormLayer: 30>");
        assertThat(new LayerNormLayer(4, 1e-3)).hasToString("<LayerNormLayer: 4, epsilon=0.001>");
    }
}
