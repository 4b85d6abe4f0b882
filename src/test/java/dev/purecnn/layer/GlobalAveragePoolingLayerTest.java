package dev.purecnn.layer;

import static dev.purecnn.layer.TestArrays.counting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.RandomSeed;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GlobalAveragePoolingLayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return new GlobalAveragePoolingLayer();
    }

    @Override
    Shape input() {
        return Shape.of(3, 4, 5);
    }

    @Override
    Shape output() {
        return Shape.vector(3);
    }

    /** The mean of 1 to 6 is 3.5; each of 6 cells gets a sixth. */
    @Test
    void forwardAndBackprop_planes_giveHandWorkedValues() {
        Layer layer = newLayer();
        layer.connect(Shape.of(2, 2, 3), new Random(1));
        assertThat(layer.forward(counting(1, 24))).containsExactly(3.5, 9.5, 15.5, 21.5);
        assertThat(layer.backprop(new double[] {6, -12, 18, 3}))
                .containsExactly(
                        1, 1, 1, 1, 1, 1, -2, -2, -2, -2, -2, -2, 3, 3, 3, 3, 3, 3, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5);
    }

    @Test
    void forward_vector_staysAsItIs() {
        Layer layer = newLayer();
        assertThat(layer.connect(Shape.vector(3), new Random(1))).isEqualTo(Shape.vector(3));
        assertThat(layer.forward(new double[] {5, -7, 11})).containsExactly(5, -7, 11);
        assertThat(layer.backprop(new double[] {2, 3, 4})).containsExactly(2, 3, 4);
    }

    /** Every number of cells, for sums are kept in four parts. */
    @Test
    void forward_anySize_isMean() {
        for (int cells = 1; cells < 40; cells++) {
            Layer layer = newLayer();
            layer.connect(Shape.of(2, 1, cells), new Random(1));
            assertThat(layer.forward(counting(1, 2 * cells)))
                    .containsExactly(new double[] {(1 + cells) / 2.0, (1 + 3 * cells) / 2.0}, within(1e-13));
        }
    }

    @Test
    void backprop_randomShapes_passGradientCheck() {
        RandomSeed.repeat(500, random -> {
            Shape shape = Shape.of(1 + random.nextInt(4), 1 + random.nextInt(9), 1 + random.nextInt(9));
            GradientCheck.Result result = GradientCheck.of(newLayer(), shape)
                    .images(1 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError()).as(shape + ": " + result).isLessThanOrEqualTo(1e-7);
        });
    }

    @Test
    void toString_isTheNotebooksForm() {
        assertThat(newLayer()).hasToString("<GlobalAveragePoolingLayer>");
        assertThat(newLayer().parameters()).isEmpty();
        assertThat(newLayer().multiplyAdds()).isZero();
    }
}
