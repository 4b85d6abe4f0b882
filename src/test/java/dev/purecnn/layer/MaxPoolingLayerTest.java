package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.gaussians;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.purecnn.RandomSeed;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MaxPoolingLayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return new MaxPoolingLayer(3, 2);
    }

    @Override
    Shape input() {
        return Shape.of(2, 7, 6);
    }

    @Override
    Shape output() {
        return Shape.of(2, 3, 2);
    }

    /** The usual size has a kernel of its own, so the contract holds for it once more. */
    @Nested
    class PairsTest extends LayerContract {

        @Override
        Layer newLayer() {
            return new MaxPoolingLayer(2);
        }

        @Override
        Shape input() {
            return Shape.of(2, 5, 7);
        }

        @Override
        Shape output() {
            return Shape.of(2, 2, 3);
        }
    }

    private static Layer connected(Layer layer, Shape input) {
        layer.connect(input, new Random(1));
        return layer;
    }

    // ---- worked by hand

    @Test
    void forwardAndBackprop_pairs_giveHandWorkedValues() {
        Layer layer = connected(new MaxPoolingLayer(2), Shape.of(1, 3, 5));
        double[] image = {
            1, 7, -3, -2, 100,
            4, 5, -8, -6, 101,
            90, 91, 92, 93, 94 // the odd row and column belong to no window
        };
        assertThat(layer.forward(image)).containsExactly(7, -2);
        assertThat(layer.backprop(new double[] {10, 20}))
                .containsExactly(0, 10, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** Windows of 3 x 3 at columns 0 and 2: the 9 stands in both, and gets both gradients. */
    @Test
    void backprop_overlappingWindows_sumsGradients() {
        Layer layer = connected(new MaxPoolingLayer(3, 2), Shape.of(1, 3, 5));
        double[] image = {
            1, 2, 9, 4, 5,
            6, 7, 8, 3, -1,
            -2, -3, -4, -5, -6
        };
        assertThat(layer.forward(image)).containsExactly(9, 9);
        assertThat(layer.backprop(new double[] {10, 7})).containsExactly(0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void forwardAndBackprop_strideBeyondWindow_leavesCellsOut() {
        Layer layer = connected(new MaxPoolingLayer(1, 3), Shape.of(2, 1, 5));
        assertThat(layer.forward(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})).containsExactly(1, 4, 6, 9);
        assertThat(layer.backprop(new double[] {11, 12, 13, 14})).containsExactly(11, 0, 0, 12, 0, 13, 0, 0, 14, 0);
    }

    @Test
    void forward_strideOfAnySize_seesOneWindow() {
        Layer layer = connected(new MaxPoolingLayer(2, Integer.MAX_VALUE), Shape.of(1, 3, 3));
        assertThat(layer.forward(new double[] {1, 2, 30, 4, 5, 60, 70, 80, 90})).containsExactly(5);
    }

    // ---- ties, zeros and NaN, in both ways of pooling

    /** Every pattern of three values in a window of 2 x 2, as its own layer and as the corner of a wider stride. */
    @Test
    void forwardAndBackprop_ties_goToTheFirst() {
        double[] choice = {1, 2, 3};
        Layer pairs = connected(new MaxPoolingLayer(2), Shape.of(1, 2, 2));
        Layer general = connected(new MaxPoolingLayer(2, 3), Shape.of(1, 2, 2));
        for (int pattern = 0; pattern < 81; pattern++) {
            double[] image = {
                choice[pattern % 3], choice[pattern / 3 % 3], choice[pattern / 9 % 3], choice[pattern / 27]
            };
            int first = 0;
            for (int i = 1; i < 4; i++) {
                first = image[i] > image[first] ? i : first;
            }
            double[] expected = new double[4];
            expected[first] = 5;
            for (Layer layer : new Layer[] {pairs, general}) {
                assertThat(layer.forward(image)).containsExactly(image[first]);
                assertThat(layer.backprop(new double[] {5}))
                        .as(Arrays.toString(image))
                        .containsExactly(expected);
            }
        }
    }

    @Test
    void forwardAndBackprop_zerosOfBothSigns_areTies() {
        for (int stride = 2; stride <= 3; stride++) {
            Layer layer = connected(new MaxPoolingLayer(2, stride), Shape.of(1, 2, 2));
            assertSameBits(layer.forward(new double[] {-1, -0.0, 0.0, -2}), new double[] {0.0}); // the positive one
            assertThat(layer.backprop(new double[] {5})).containsExactly(0, 5, 0, 0);
            assertSameBits(layer.forward(new double[] {-1, -2, 0.0, -0.0}), new double[] {0.0});
            assertThat(layer.backprop(new double[] {5})).containsExactly(0, 0, 5, 0);
        }
    }

    @Test
    void forwardAndBackprop_nan_winsAndFirstOneGetsTheGradient() {
        double negative = Double.longBitsToDouble(0xfff8000000000000L);
        double payload = Double.longBitsToDouble(0x7ff8000000000123L);
        double[][] images = {
            {1, Double.NaN, 2, Double.POSITIVE_INFINITY},
            {9, negative, Double.NaN, payload},
            {3, payload, negative, 4},
            {3, Double.NaN, payload, negative}
        };
        for (int stride = 2; stride <= 3; stride++) {
            Layer layer = connected(new MaxPoolingLayer(2, stride), Shape.of(1, 2, 2));
            for (double[] image : images) {
                for (int round = 0; round < 5_000; round++) { // so that the compiler takes over
                    double output = layer.forward(image)[0];
                    double[] gradient = layer.backprop(new double[] {5});
                    if (!Double.isNaN(output)
                            || gradient[0] != 0
                            || gradient[1] != 5
                            || gradient[2] != 0
                            || gradient[3] != 0) {
                        throw new AssertionError(Arrays.toString(image) + " gives " + output + " and "
                                + Arrays.toString(gradient) + " in round " + round + " with stride " + stride);
                    }
                }
            }
        }
    }

    // ---- against a naive one, and against differences

    private static int winner(double[] images, Shape input, int plane, int row, int col, int poolSize, int stride) {
        int best = -1;
        for (int r = row * stride; r < row * stride + poolSize; r++) {
            for (int c = col * stride; c < col * stride + poolSize; c++) {
                int cell = (plane * input.height() + r) * input.width() + c;
                if (best < 0 || images[cell] > images[best]) {
                    best = cell;
                }
            }
        }
        return best;
    }

    @Test
    void forwardAndBackprop_randomOptions_giveBitsOfNaive() {
        RandomSeed.repeat(1000, random -> {
            int poolSize = random.nextBoolean() ? 2 : 1 + random.nextInt(4);
            int stride = poolSize == 2 && random.nextBoolean() ? 2 : 1 + random.nextInt(4);
            Shape input = Shape.of(1 + random.nextInt(3), poolSize + random.nextInt(8), poolSize + random.nextInt(8));
            int n = 1 + random.nextInt(3);
            Layer layer = new MaxPoolingLayer(poolSize, stride);
            Shape output = layer.connect(input, random);
            assertThat(output.height()).isEqualTo((input.height() - poolSize) / stride + 1);
            double[] images = gaussians(n * input.size(), random);
            for (int i = 0; i < images.length; i += 2) {
                images[i] = 1 + random.nextInt(3); // ties
            }
            double[] lossGradient = gaussians(n * output.size(), random);
            double[] outputs = new double[lossGradient.length];
            double[] inputGradient = new double[images.length];
            for (int i = 0; i < outputs.length; i++) {
                int plane = i / (output.height() * output.width());
                int row = i / output.width() % output.height();
                int winner = winner(images, input, plane, row, i % output.width(), poolSize, stride);
                outputs[i] = images[winner];
                inputGradient[winner] += lossGradient[i];
            }
            for (int twice = 0; twice < 2; twice++) {
                assertSameBits(layer.forward(images), outputs);
                assertSameBits(layer.backprop(lossGradient), inputGradient);
            }
        });
    }

    /** The check's images hold no two values nearer than 1e-3, so that no winner changes. */
    @Test
    void backprop_randomOptions_passGradientCheck() {
        RandomSeed.repeat(500, random -> {
            int poolSize = 1 + random.nextInt(3);
            MaxPoolingLayer layer = new MaxPoolingLayer(poolSize, 1 + random.nextInt(3));
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
    void backprop_imagesOfForwardOverwritten_isRefused() {
        Layer layer = connected(new MaxPoolingLayer(3, 2), Shape.of(1, 3, 3));
        double[] image = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        layer.forward(image);
        image[8] = 0;
        assertThatIllegalStateException()
                .isThrownBy(() -> layer.backprop(new double[] {1}))
                .withMessage(
                        "MaxPoolingLayer: expected the images of forward, got others in backprop. Keep the array as it is"
                                + " until then.");
    }

    @Test
    void constructor_wrongSizes_areRefused() {
        for (int size : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new MaxPoolingLayer(size))
                    .withMessage("MaxPoolingLayer: expected poolSize and stride of at least 1, got poolSize " + size
                            + " and stride " + size + ". Use 2 for windows of 2 x 2.");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new MaxPoolingLayer(2, size))
                    .withMessage(
                            "MaxPoolingLayer: expected poolSize and stride of at least 1, got poolSize 2 and stride "
                                    + size + ". Use 2 for windows of 2 x 2.");
        }
    }

    @Test
    void connect_imageSmallerThanWindow_isRefused() {
        for (int size : new int[] {4, Integer.MAX_VALUE}) {
            for (Shape shape : new Shape[] {Shape.of(8, 3, 9), Shape.of(8, 9, 3)}) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> new MaxPoolingLayer(size).connect(shape, new Random(1)))
                        .withMessage("MaxPoolingLayer: expected images of at least " + size + " x " + size
                                + " cells, got " + shape + ". Use a smaller poolSize or fewer pooling layers.");
            }
        }
    }

    @Test
    void toString_options_areNamed() {
        assertThat(new MaxPoolingLayer(2)).hasToString("<MaxPoolingLayer: 2>");
        assertThat(new MaxPoolingLayer(3, 2)).hasToString("<MaxPoolingLayer: 3, stride=2>");
        assertThat(new MaxPoolingLayer(3).parameters()).isEmpty();
        assertThat(new MaxPoolingLayer(3).multiplyAdds()).isZero();
    }
}
