package dev.purecnn.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.RandomSeed;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GlobalMaxPoolingLayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return new GlobalMaxPoolingLayer();
    }

    @Override
    Shape input() {
        return Shape.of(3, 4, 5);
    }

    @Override
    Shape output() {
        return Shape.vector(3);
    }

    /** The second image's first plane has its largest value twice: the first one gets the gradient. */
    @Test
    void forwardAndBackprop_planes_giveHandWorkedValues() {
        Layer layer = newLayer();
        layer.connect(Shape.of(2, 2, 3), new Random(1));
        double[] images = {1, 5, 3, 4, 2, -6, -7, -9, -8, -3, -5, -4, 2, 8, 1, 7, 8, 0, 11, 12, 13, 14, 15, 16};
        assertThat(layer.forward(images)).containsExactly(5, -3, 8, 16);
        assertThat(layer.backprop(new double[] {6, -12, 18, 3}))
                .containsExactly(0, 6, 0, 0, 0, 0, 0, 0, 0, -12, 0, 0, 0, 18, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3);
    }

    @Test
    void forwardAndBackprop_nan_winsAndFirstOneGetsTheGradient() {
        Layer layer = newLayer();
        layer.connect(Shape.of(1, 1, 4), new Random(1));
        double[][] images = {
            {1, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY},
            {Double.NEGATIVE_INFINITY, Double.NaN, 3, Double.NaN}
        };
        for (double[] image : images) {
            assertThat(layer.forward(image)).containsExactly(Double.NaN);
            assertThat(layer.backprop(new double[] {5})).containsExactly(0, 5, 0, 0);
        }
    }

    @Test
    void forwardAndBackprop_anyShape_giveWhatMaxPoolingGives() {
        RandomSeed.repeat(200, random -> {
            int edge = 1 + random.nextInt(9);
            Shape shape = Shape.of(1 + random.nextInt(4), edge, edge);
            Layer global = newLayer();
            Layer pooling = new MaxPoolingLayer(edge);
            assertThat(global.connect(shape, random)).isEqualTo(pooling.connect(shape, random));
            double[] images = new double[3 * shape.size()];
            for (int i = 0; i < images.length; i++) {
                images[i] = random.nextInt(50) - 60; // with ties
            }
            double[] lossGradient = TestArrays.gaussians(3 * shape.channels(), random);
            assertThat(global.forward(images)).containsExactly(pooling.forward(images));
            assertThat(global.backprop(lossGradient)).containsExactly(pooling.backprop(lossGradient));
        });
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
        assertThat(newLayer()).hasToString("<GlobalMaxPoolingLayer>");
        assertThat(newLayer().parameters()).isEmpty();
        assertThat(newLayer().multiplyAdds()).isZero();
    }
}
