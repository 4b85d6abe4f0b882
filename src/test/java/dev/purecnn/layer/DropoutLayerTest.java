package dev.purecnn.layer;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.layer.TestArrays.image;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import dev.purecnn.RandomSeed;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The contract holds it to what it does in prediction; the tests below to what it does in training. */
class DropoutLayerTest extends LayerContract {

    @Override
    Layer newLayer() {
        return new DropoutLayer(0.25);
    }

    @Override
    Shape input() {
        return Shape.of(2, 3, 5);
    }

    @Override
    Shape output() {
        return input();
    }

    private static Layer training(double rate, int size, long seed) {
        Layer layer = new DropoutLayer(rate);
        layer.connect(Shape.vector(size), new Random(seed));
        layer.training(true);
        return layer;
    }

    private static double[] ones(int length) {
        double[] ones = new double[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    // ---- prediction

    @Test
    void forwardAndBackprop_prediction_handOn() {
        Layer layer = connected();
        assertSameBits(layer.forward(images(2)), images(2));
        assertSameBits(layer.backprop(lossGradient(2)), lossGradient(2));
        layer.training(true);
        assertThat(layer.forward(images(2))).isNotEqualTo(images(2));
        layer.training(false);
        assertSameBits(layer.forward(images(2)), images(2));
    }

    @Test
    void replica_ofTrainingLayer_predicts() {
        Layer layer = connected();
        layer.training(true);
        assertSameBits(layer.replica().forward(images(2)), images(2));
    }

    // ---- training

    /** Kept values and their gradients are divided by 3 / 4, the others are 0. */
    @Test
    void forwardAndBackprop_training_scaleWhatTheyKeep() {
        Layer layer = training(0.25, 1000, 1);
        double[] images = new Random(2).doubles(1000, 1, 2).toArray();
        double[] outputs = layer.forward(images);
        double[] gradient = layer.backprop(ones(1000));
        int dropped = 0;
        for (int i = 0; i < 1000; i++) {
            dropped += outputs[i] == 0 ? 1 : 0;
            assertThat(outputs[i]).isIn(0.0, images[i] * (4 / 3.0));
            assertThat(gradient[i]).isEqualTo(outputs[i] == 0 ? 0 : 4 / 3.0);
        }
        assertThat(dropped).isBetween(200, 300);
    }

    @Test
    void backprop_trainingModeEndedAfterForward_belongsToForward() {
        Layer layer = training(0.5, 100, 1);
        double[] outputs = layer.forward(ones(100)).clone();
        layer.training(false);
        layer.samples(9, 9);
        assertSameBits(layer.backprop(ones(100)), outputs);
    }

    /** A million draws: the share is within 5 standard deviations of the rate, and so is that of each step, place and image. */
    @Test
    void forward_manyDraws_dropTheRate() {
        for (double rate : new double[] {0.1, 0.5, 0.9}) {
            Layer layer = training(rate, 100, 3);
            int[] byPlace = new int[100];
            int[] byImage = new int[100];
            for (int step = 0; step < 100; step++) {
                layer.samples(step, 0);
                double[] outputs = layer.forward(ones(100 * 100));
                int inStep = 0;
                for (int i = 0; i < outputs.length; i++) {
                    int dropped = outputs[i] == 0 ? 1 : 0;
                    byPlace[i % 100] += dropped;
                    byImage[i / 100] += dropped;
                    inStep += dropped;
                }
                assertShare(inStep, 10_000, rate);
            }
            assertShare(Arrays.stream(byPlace).sum(), 1_000_000, rate);
            for (int i = 0; i < 100; i++) {
                assertShare(byPlace[i], 10_000, rate);
                assertShare(byImage[i], 10_000, rate);
            }
        }
    }

    private static void assertShare(int dropped, int of, double rate) {
        double deviation = Math.sqrt(of * rate * (1 - rate));
        assertThat((double) dropped).isBetween(of * rate - 5 * deviation, of * rate + 5 * deviation);
    }

    /** Two masks that have nothing to do with each other agree in half of their places. */
    @Test
    void forward_otherStepImageOrSeed_drawsAnew() {
        double[] first = mask(1, 0, 0);
        assertSameBits(mask(1, 0, 0), first);
        for (double[] other : new double[][] {mask(1, 1, 0), mask(1, 0, 1), mask(2, 0, 0), mask(1, 1L << 40, 0)}) {
            int equal = 0;
            for (int i = 0; i < first.length; i++) {
                equal += other[i] == first[i] ? 1 : 0;
            }
            assertThat(equal).isBetween(4750, 5250);
        }
    }

    private static double[] mask(long seed, long step, int image) {
        Layer layer = training(0.5, 10_000, seed);
        layer.samples(step, image);
        return layer.forward(ones(10_000));
    }

    @Test
    void forward_batchInPieces_givesBitsOfWhole() {
        Layer whole = connected();
        whole.training(true);
        whole.samples(3, 0);
        double[] images = images(7);
        double[] expected = whole.forward(images);
        Layer replica = whole.replica();
        replica.training(true);
        for (int i = 0; i < 7; i++) {
            replica.samples(3, i);
            assertSameBits(replica.forward(image(images, i, input().size())), image(expected, i, input().size()));
        }
    }

    @Test
    void forward_trainingWithNan_isNotHidden() {
        Layer layer = training(0.9, 200, 1);
        double[] images = new double[200];
        Arrays.fill(images, Double.NaN);
        assertThat(layer.forward(images)).containsOnly(Double.NaN);
        assertThat(layer.backprop(images)).containsOnly(Double.NaN);
    }

    @Test
    void forward_rateZero_keepsAll() {
        assertThat(training(0, 500, 1).forward(ones(500))).containsOnly(1);
    }

    @Test
    void connect_seed_isDrawnFromTheSource() {
        Random random = new Random(5);
        new DropoutLayer(0.5).connect(Shape.vector(2), random);
        Random other = new Random(5);
        other.nextLong();
        assertThat(random.nextLong()).isEqualTo(other.nextLong());
    }

    @Test
    void backprop_trainingRandomShapes_passGradientCheck() {
        RandomSeed.repeat(500, random -> {
            Shape shape = Shape.of(1 + random.nextInt(4), 1 + random.nextInt(6), 1 + random.nextInt(6));
            Layer layer = new DropoutLayer(random.nextDouble());
            layer.training(true);
            layer.samples(random.nextInt(1000), random.nextInt(1000));
            GradientCheck.Result result = GradientCheck.of(layer, shape)
                    .images(1 + random.nextInt(3))
                    .seed(random.nextLong())
                    .run();
            assertThat(result.worstRelativeError()).as(layer + ": " + result).isLessThanOrEqualTo(1e-7);
        });
    }

    @Test
    void forwardAndBackprop_training_allocateNothing() {
        Layer layer = training(0.5, 100, 1);
        double[] images = ones(300);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            layer.samples(i, 5);
            layer.forward(images);
            layer.backprop(images);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(i == 0 ? 0 : allocated)
                    .as("bytes allocated by call " + i)
                    .isZero();
        }
    }

    // ---- messages

    @Test
    void constructor_wrongRate_isRefused() {
        for (double rate : new double[] {-0.1, 1, 2, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new DropoutLayer(rate))
                    .withMessage("DropoutLayer: expected a rate of at least 0 and below 1, got " + rate
                            + ". Use the share of values to drop, such as 0.5.");
        }
    }

    @Test
    void toString_rate_isNamed() {
        assertThat(new DropoutLayer(0.5)).hasToString("<DropoutLayer: 0.5>");
        assertThat(new DropoutLayer(0.5).parameters()).isEmpty();
        assertThat(connected().multiplyAdds()).isZero();
    }
}
