package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScaleShiftLayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return new ScaleShiftLayer(new double[] {4, -0.1}, new double[] {-2, 1e-30});
    }

    @Override
    Shape input() {
        return Shape.of(2, 2, 3);
    }

    @Override
    Shape output() {
        return input();
    }

    @Test
    void forwardAndBackprop_perChannel_giveHandWorkedValues() {
        Layer layer = new ScaleShiftLayer(new double[] {4, 5}, new double[] {-2, 3});
        layer.connect(Shape.of(2, 1, 2), new Random(1));
        assertThat(layer.forward(new double[] {1, 2, 3, 4, 5, 6, 7, 8})).containsExactly(2, 6, 18, 23, 18, 22, 38, 43);
        assertThat(layer.backprop(new double[] {1, 2, 3, 4, 5, 6, 7, 8})).containsExactly(4, 8, 15, 20, 20, 24, 35, 40);
        assertThat(layer.parameters()).isEmpty();
    }

    @Test
    void forward_oneForAll_takesAnyImages() {
        Layer layer = new ScaleShiftLayer(new double[] {2}, new double[] {1});
        layer.connect(Shape.of(3, 1, 1), new Random(1));
        assertThat(layer.forward(new double[] {1, 2, 3})).containsExactly(3, 5, 7);
    }

    @Test
    void constructor_array_isCopied() {
        double[] scales = {4};
        Layer layer = new ScaleShiftLayer(scales, new double[] {0});
        scales[0] = 9;
        layer.connect(Shape.vector(1), new Random(1));
        assertThat(layer.forward(new double[] {1})).containsExactly(4);
    }

    @Test
    void wrongNumbers_areRefused() {
        for (double[][] wrong :
                new double[][][] {{{}, {}}, {{1, 2}, {1}}, {{1, Double.NaN}, {1, 2}}, {{1}, {1 / 0.0}}}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ScaleShiftLayer(wrong[0], wrong[1]))
                    .withMessageStartingWith(
                            "ScaleShiftLayer: expected as many finite shifts as scales, at least 1, got ");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> newLayer().connect(Shape.vector(3), new Random(1)))
                .withMessage("ScaleShiftLayer: expected 2 channels, got 3 (3 x 1 x 1). Give one scale and shift per"
                        + " channel.");
    }

    @Test
    void description_numbers_makeAnEqualLayer() {
        LayerDescription description = newLayer().description();
        assertThat(description).hasToString("ScaleShiftLayer{scales=4.0 -0.1, shifts=-2.0 1.0E-30}");
        Layer copy = LayerRegistry.builtIn().layers(List.of(description), 0).get(0);
        copy.connect(input(), new Random(1));
        assertSameBits(copy.forward(images(2)), connected().forward(images(2)));
        assertThat(copy).hasToString("<ScaleShiftLayer: 2>");
        LayerDescription wrong =
                LayerDescription.of("ScaleShiftLayer").with("scales", "1,2").with("shifts", "0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerRegistry.builtIn().layers(List.of(wrong), 0))
                .withMessageContaining("expected numbers, separated by spaces, got 1,2");
    }
}
