package dev.purecnn.layer;

import static dev.purecnn.layer.TestArrays.assertClose;
import static dev.purecnn.layer.TestArrays.counting;
import static dev.purecnn.layer.TestArrays.gaussians;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.RandomSeed;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AveragePoolingLayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return new AveragePoolingLayer(3, 2);
    }

    @Override
    Shape input() {
        return Shape.of(2, 6, 9);
    }

    @Override
    Shape output() {
        return Shape.of(2, 2, 4);
    }

    /** The first: (1 + 2 + 6 + 7) / 4 = 4; the last column fills no window. */
    @Test
    void forwardAndBackprop_sideBySide_giveHandWorkedValues() {
        Layer layer = new AveragePoolingLayer(2);
        assertThat(layer.connect(Shape.of(2, 2, 5), new Random(1))).isEqualTo(Shape.of(2, 1, 2));
        assertThat(layer.forward(counting(1, 20))).containsExactly(4, 6, 14, 16);
        assertThat(layer.backprop(new double[] {4, -8, 12, 20}))
                .containsExactly(1, 1, -2, -2, 0, 1, 1, -2, -2, 0, 3, 3, 5, 5, 0, 3, 3, 5, 5, 0);
    }

    /** The cell in the middle lies in both windows: 2 / 4 - 6 / 4 = -1. */
    @Test
    void backprop_overlappingWindows_sumsGradients() {
        Layer layer = new AveragePoolingLayer(2, 1);
        layer.connect(Shape.of(1, 2, 3), new Random(1));
        assertThat(layer.forward(new double[] {1, 2, 5, 7, 6, 11})).containsExactly(4, 6);
        assertThat(layer.backprop(new double[] {2, -6})).containsExactly(0.5, -1, -1.5, 0.5, -1, -1.5);
    }

    @Test
    void forwardAndBackprop_randomOptions_agreeWithAveragingConvolution() {
        RandomSeed.repeat(500, random -> {
            int poolSize = 1 + random.nextInt(4);
            int stride = 1 + random.nextInt(4);
            Shape input = Shape.of(1, poolSize + random.nextInt(6), poolSize + random.nextInt(6));
            Layer pooling = new AveragePoolingLayer(poolSize, stride);
            Layer convolution = ConvolutionalLayer.builder(1, 1)
                    .filterSize(poolSize)
                    .stride(stride)
                    .padding(0)
                    .build();
            Shape output = pooling.connect(input, random);
            assertThat(convolution.connect(input, random)).isEqualTo(output);
            Arrays.fill(convolution.parameters().get(0).values(), 1.0 / (poolSize * poolSize));
            double[] images = gaussians(2 * input.size(), random);
            double[] lossGradient = gaussians(2 * output.size(), random);
            assertClose(pooling.forward(images), convolution.forward(images), 1e-13);
            assertClose(pooling.backprop(lossGradient), convolution.backprop(lossGradient), 1e-13);
        });
    }

    @Test
    void backprop_randomOptions_passGradientCheck() {
        RandomSeed.repeat(500, random -> {
            int poolSize = 1 + random.nextInt(3);
            Layer layer = new AveragePoolingLayer(poolSize, 1 + random.nextInt(3));
            Shape input = Shape.of(1 + random.nextInt(3), poolSize + random.nextInt(6), poolSize + random.nextInt(6));
            GradientCheck.Result result = GradientCheck.of(layer, input)
                    .images(1 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError())
                    .as(layer + " on " + input + ": " + result)
                    .isLessThanOrEqualTo(1e-7);
        });
    }

    // ---- messages

    @Test
    void constructor_wrongSizes_areRefused() {
        for (int size : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new AveragePoolingLayer(size))
                    .withMessage("AveragePoolingLayer: expected poolSize and stride of at least 1, got poolSize " + size
                            + " and stride " + size + ". Use 2 for windows of 2 x 2.");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new AveragePoolingLayer(2, size))
                    .withMessage("AveragePoolingLayer: expected poolSize and stride of at least 1, got poolSize 2 and"
                            + " stride " + size + ". Use 2 for windows of 2 x 2.");
        }
    }

    @Test
    void connect_imageSmallerThanWindow_isRefused() {
        for (int size : new int[] {4, Integer.MAX_VALUE}) {
            for (Shape shape : new Shape[] {Shape.of(8, 3, 9), Shape.of(8, 9, 3)}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> new AveragePoolingLayer(size).connect(shape, new Random(1)))
                        .withMessage("AveragePoolingLayer: expected images of at least " + size + " x " + size
                                + " cells, got " + shape + ". Use a smaller poolSize or fewer pooling layers.");
            }
        }
    }

    @Test
    void toString_options_areNamed() {
        assertThat(new AveragePoolingLayer(2)).hasToString("<AveragePoolingLayer: 2>");
        assertThat(new AveragePoolingLayer(3, 2)).hasToString("<AveragePoolingLayer: 3, stride=2>");
        assertThat(new AveragePoolingLayer(3).parameters()).isEmpty();
        assertThat(new AveragePoolingLayer(3).multiplyAdds()).isZero();
    }
}
