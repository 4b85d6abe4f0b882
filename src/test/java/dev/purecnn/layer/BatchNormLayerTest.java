package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.assertClose;
import static dev.purecnn.layer.TestArrays.gaussians;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.purecnn.RandomSeed;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The contract holds it to what it does in prediction; most tests below to what it does in training. */
class BatchNormLayerTest extends LayerContract {
    private static final double EPSILON = 1e-5;

    @Override
    Layer newLayer() {
        return new BatchNormLayer(3);
    }

    @Override
    int numParameters() {
        return 4;
    }

    @Override
    Shape input() {
        return Shape.of(3, 4, 5);
    }

    @Override
    Shape output() {
        return input();
    }

    /** No first weight is drawn. */
    @Override
    @Test
    void connect_equalSeeds_giveEqualWeights() {
        for (int i = 0; i < 4; i++) {
            assertThat(connected().parameters().get(i).values()).containsOnly(i == 0 || i == 3 ? 1 : 0);
        }
    }

    /** In prediction, running statistics observe nothing. */
    @Override
    @Test
    void backprop_nan_isNotHidden() {
        Layer layer = connected();
        layer.forward(images(1));
        double[] lossGradient = lossGradient(1);
        Arrays.fill(lossGradient, Double.NaN);
        assertThat(layer.backprop(lossGradient)).containsOnly(Double.NaN);
        for (int i = 0; i < 4; i++) {
            assertThat(gradient(layer, i)).containsOnly(i < 2 ? Double.NaN : 0);
        }
    }

    private static Layer training(Layer layer, Shape input) {
        layer.connect(input, new Random(1));
        layer.training(true);
        return layer;
    }

    private static void set(Layer layer, int parameter, double... values) {
        System.arraycopy(values, 0, layer.parameters().get(parameter).values(), 0, values.length);
    }

    private static double[] gradient(Layer layer, int parameter) {
        return layer.parameters().get(parameter).gradient();
    }

    // ---- prediction

    /** (7 - 1) / 3 * 2 + 5 = 9; (2 + 4) / 0.5 * -1 + 3 = -9. */
    @Test
    void forwardAndBackprop_prediction_giveHandWorkedValues() {
        Layer layer = new BatchNormLayer(2);
        layer.connect(Shape.of(2, 1, 2), new Random(1));
        set(layer, 0, 2, -1);
        set(layer, 1, 5, 3);
        set(layer, 2, 1, -4);
        set(layer, 3, 9 - EPSILON, 0.25 - EPSILON);
        assertThat(layer.forward(new double[] {7, -2, 2, -5}))
                .containsExactly(new double[] {9, 3, -9, 5}, within(1e-13));
        assertThat(layer.backprop(new double[] {3, 6, 10, 7}))
                .containsExactly(new double[] {2, 4, -20, -14}, within(1e-13));
        // 3 * 2 + 6 * -1 = 0, 10 * 12 + 7 * -2 = 106
        assertThat(gradient(layer, 0)).containsExactly(new double[] {0, 106}, within(1e-13));
        assertThat(gradient(layer, 1)).containsExactly(9, 17);
        assertThat(gradient(layer, 2)).containsOnly(0);
        assertThat(gradient(layer, 3)).containsOnly(0);
    }

    // ---- training

    /** Channel 0 holds 1, 3 and 5, 7: mean 4, variance 5; channel 1 holds 10, 10 and 40, 20: mean 20, variance 150. */
    @Test
    void forward_training_normalizesOverImagesAndCells() {
        Layer layer = training(new BatchNormLayer(2), Shape.of(2, 1, 2));
        set(layer, 0, 2, -3);
        set(layer, 1, 100, 200);
        double one = 2 / Math.sqrt(5 + EPSILON);
        double two = -3 / Math.sqrt(150 + EPSILON);
        assertThat(layer.forward(new double[] {1, 3, 10, 10, 5, 7, 40, 20}))
                .containsExactly(
                        new double[] {
                            100 - 3 * one,
                            100 - one,
                            200 - 10 * two,
                            200 - 10 * two,
                            100 + one,
                            100 + 3 * one,
                            200 + 20 * two,
                            200
                        },
                        within(1e-12));
        layer.backprop(new double[] {1, 2, 3, 4, 5, 6, 7, 8});
        assertThat(gradient(layer, 1)).containsExactly(14, 22);
        // -3 - 2 + 5 + 18 = 18, -30 - 40 + 140 = 70
        assertThat(gradient(layer, 0)).containsExactly(new double[] {18 * one / 2, 70 * two / -3}, within(1e-12));
        // for each of the two images: the mean, and the variance with 3 below instead of 4
        assertThat(gradient(layer, 2)).containsExactly(8, 40);
        assertThat(gradient(layer, 3)).containsExactly(new double[] {2 * 20.0 / 3, 2 * 200.0}, within(1e-12));
    }

    @Test
    void forward_training_givesMeanZeroAndVarianceOne() {
        RandomSeed.repeat(100, random -> {
            Shape shape = Shape.of(3, 2 + random.nextInt(9), 2 + random.nextInt(9));
            Layer layer = training(newLayer(), shape);
            int cells = shape.height() * shape.width();
            double[] images = gaussians(2 * shape.size(), random);
            for (int i = 0; i < images.length; i++) {
                images[i] = 30 * images[i] + 1000;
            }
            double[] outputs = layer.forward(images);
            for (int channel = 0; channel < 3; channel++) {
                double sum = 0;
                double squares = 0;
                for (int i = 0; i < outputs.length; i++) {
                    if (i / cells % 3 == channel) {
                        sum += outputs[i];
                        squares += outputs[i] * outputs[i];
                    }
                }
                assertThat(sum / (2 * cells)).isCloseTo(0, within(1e-12));
                assertThat(squares / (2 * cells)).isCloseTo(1, within(1e-6));
            }
        });
    }

    /** With sums of squares a mean of a hundred million would leave no digit of the variance. */
    @Test
    void forward_largeMean_losesNoDigits() {
        Layer near = training(newLayer(), input());
        Layer far = training(newLayer(), input());
        double[] images = gaussians(4 * 60, new Random(3));
        double[] moved = images.clone();
        for (int i = 0; i < images.length; i++) {
            images[i] = Math.rint(images[i] * 1024) / 1024; // so that adding loses nothing
            moved[i] = images[i] + 1e8;
        }
        assertClose(far.forward(moved), near.forward(images), 1e-7);
    }

    @Test
    void forwardAndBackprop_constantChannel_givesShiftAndNoGradient() {
        Layer layer = training(newLayer(), input());
        set(layer, 1, 7, 8, 9);
        double[] images = new double[120];
        Arrays.fill(images, 0.5);
        double[] outputs = layer.forward(images);
        for (int i = 0; i < 120; i++) {
            assertThat(outputs[i]).isEqualTo(7 + i / 20 % 3);
        }
        double[] ones = new double[120];
        Arrays.fill(ones, 1);
        assertThat(layer.backprop(ones)).containsOnly(0);
    }

    /** As PyTorch does: a variance of one value is no variance. */
    @Test
    void forward_singleValueInTraining_isRefused() {
        Layer layer = training(newLayer(), Shape.vector(3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> layer.forward(new double[] {11, 12, 13}))
                .withMessage("BatchNormLayer: expected more than 1 value per channel in training, got 1 (1 image of"
                        + " 3 x 1 x 1). Train on batches of at least 2 images.");
        layer.training(false);
        assertThat(layer.forward(new double[] {11, 12, 13})).hasSize(3);
    }

    @Test
    void forward_partOfABatchInTraining_isRefused() {
        Layer layer = training(newLayer(), input());
        layer.samples(0, 8);
        assertThatIllegalStateException()
                .isThrownBy(() -> layer.forward(images(8)))
                .withMessageStartingWith("BatchNormLayer: expected the whole batch in training, got a part of it, from"
                        + " image 8 on. ");
    }

    @Test
    void backprop_modeChangedAfterForward_belongsToForward() {
        Layer one = training(newLayer(), input());
        Layer other = training(newLayer(), input());
        one.forward(images(2));
        other.forward(images(2));
        other.training(false);
        assertSameBits(other.backprop(lossGradient(2)), one.backprop(lossGradient(2)));
        assertSameBits(gradient(other, 3), gradient(one, 3));
    }

    @Test
    void forward_alone_movesNoStatistics() {
        Layer layer = training(newLayer(), input());
        layer.forward(images(2));
        for (int i = 0; i < 4; i++) {
            assertThat(gradient(layer, i)).containsOnly(0);
            assertThat(layer.parameters().get(i).values()).containsOnly(i == 0 || i == 3 ? 1 : 0);
        }
    }

    @Test
    void forward_trainingWithNan_isNotHidden() {
        Layer layer = training(newLayer(), input());
        double[] images = images(2);
        images[25] = Double.NaN;
        assertThat(Arrays.stream(layer.forward(images)).filter(Double::isNaN)).hasSize(40);
        layer.backprop(lossGradient(2));
        assertThat(gradient(layer, 3)[1]).isNaN();
        Layer fresh = training(newLayer(), input());
        assertSameBits(layer.forward(images(2)), fresh.forward(images(2)));
        assertSameBits(layer.backprop(lossGradient(2)), fresh.backprop(lossGradient(2)));
    }

    @Test
    void backprop_trainingRandomShapes_passGradientCheck() {
        RandomSeed.repeat(500, random -> {
            int channels = 1 + random.nextInt(4);
            Shape shape = Shape.of(channels, 1 + random.nextInt(6), 2 + random.nextInt(5));
            Layer layer = training(new BatchNormLayer(channels), shape);
            set(layer, 0, random.doubles(channels, 0.5, 2).toArray());
            set(layer, 1, gaussians(channels, random));
            GradientCheck.Result result = GradientCheck.of(layer, shape)
                    .images(2 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError()).as(shape + ": " + result).isLessThanOrEqualTo(1e-7);
        });
    }

    @Test
    void backprop_trainingVectors_passGradientCheck() {
        RandomSeed.repeat(200, random -> {
            int size = 1 + random.nextInt(9);
            Layer layer = training(new BatchNormLayer(size), Shape.vector(size));
            GradientCheck.Result result = GradientCheck.of(layer, Shape.vector(size))
                    .images(4 + random.nextInt(4))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError()).as(size + ": " + result).isLessThanOrEqualTo(1e-7);
        });
    }

    @Test
    void backprop_predictionRandomShapes_passGradientCheck() {
        RandomSeed.repeat(300, random -> {
            int channels = 1 + random.nextInt(4);
            Shape shape = Shape.of(channels, 1 + random.nextInt(6), 1 + random.nextInt(6));
            Layer layer = new BatchNormLayer(channels);
            layer.connect(shape, random);
            set(layer, 0, gaussians(channels, random));
            set(layer, 2, gaussians(channels, random));
            set(layer, 3, random.doubles(channels, 0.1, 9).toArray());
            GradientCheck.Result result = GradientCheck.of(layer, shape)
                    .images(1 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError()).as(shape + ": " + result).isLessThanOrEqualTo(1e-7);
        });
    }

    @Test
    void backprop_chainInTraining_passesGradientCheck() {
        RandomSeed.repeat(20, random -> {
            LayerChain chain = new LayerChain(
                    new ConvolutionalLayer(2, 3, 3),
                    new TanhLayer(), // without it the mean would take the biases away, and leave gradients of nothing
                    new BatchNormLayer(3),
                    new ResidualLayer(new GELULayer(), new DropoutLayer(0.3)),
                    new DenseSoftmaxLayer(36, 4));
            chain.training(true);
            GradientCheck.Result result = GradientCheck.of(chain, Shape.of(2, 3, 4))
                    .images(3)
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError()).as(result.toString()).isLessThanOrEqualTo(1e-7);
        });
    }

    @Test
    void replica_ofTrainingLayer_predictsWithSharedStatistics() {
        Layer layer = training(newLayer(), input());
        set(layer, 2, 1, 2, 3);
        set(layer, 3, 4, 5, 6);
        Layer replica = layer.replica();
        layer.training(false);
        assertSameBits(replica.forward(images(2)), layer.forward(images(2)));
        assertThat(replica.parameters().get(3).isTrained()).isFalse();
    }

    @Test
    void forwardAndBackprop_training_allocateNothing() {
        Layer layer = training(newLayer(), input());
        double[] images = images(3);
        double[] lossGradient = lossGradient(3);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            layer.forward(images);
            layer.backprop(lossGradient);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(i == 0 ? 0 : allocated)
                    .as("bytes allocated by call " + i)
                    .isZero();
        }
    }

    // ---- messages

    @Test
    void constructor_wrongOptions_areRefused() {
        for (int channels : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new BatchNormLayer(channels))
                    .withMessage("BatchNormLayer: expected channels of at least 1, got " + channels
                            + ". Use as many as the layer before has filters.");
        }
        for (double momentum : new double[] {-0.1, 1, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new BatchNormLayer(2, momentum))
                    .withMessage("BatchNormLayer: expected a momentum in [0, 1), got " + momentum
                            + ". Use 0 for none, or a value such as 0.9.");
        }
    }

    @Test
    void builder_wrongEpsilon_isRefused() {
        for (double epsilon : new double[] {0, -1e-5, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> BatchNormLayer.builder(2).epsilon(epsilon).build())
                    .withMessage("BatchNormLayer: expected a finite epsilon above 0, got " + epsilon
                            + ". Use a small number such as 1e-5.");
        }
    }

    @Test
    void connect_wrongChannels_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> newLayer().connect(Shape.of(2, 4, 5), new Random(1)))
                .withMessage(
                        "BatchNormLayer: expected 3 channels, got 2 (2 x 4 x 5). Build the layer with channels=2.");
    }

    @Test
    void toString_options_areNamed() {
        assertThat(newLayer()).hasToString("<BatchNormLayer: 3>");
        assertThat(new BatchNormLayer(4, 0.99)).hasToString("<BatchNormLayer: 4, momentum=0.99>");
        assertThat(BatchNormLayer.builder(4).epsilon(0.001).momentum(0.5).build())
                .hasToString("<BatchNormLayer: 4, momentum=0.5, epsilon=0.001>");
        assertThat(newLayer().parameters())
                .hasToString(
                        "[scale (3 x 1 x 1), shift (3 x 1 x 1), running mean (3 x 1 x 1), running variance (3 x 1 x 1)]");
        assertThat(connected().multiplyAdds()).isEqualTo(60);
    }
}
