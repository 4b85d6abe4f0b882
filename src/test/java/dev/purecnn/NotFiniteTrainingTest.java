package dev.purecnn;

import static dev.purecnn.Listeners.onStep;
import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.step;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.internal.training.TrainingState;
import dev.purecnn.layer.AveragePoolingLayer;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.GELULayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LeakyReLULayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.NotFiniteLayer;
import dev.purecnn.layer.NotFiniteLayer.Target;
import dev.purecnn.layer.OutputLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.layer.TanhLayer;
import dev.purecnn.training.EpochResult;
import dev.purecnn.training.NotFiniteException;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The first NaN or infinity in a training is found in its step, reported with its origin, and has no effect. */
class NotFiniteTrainingTest {
    private static final int STEPS = 100;
    private static final int STEPS_PER_EPOCH = 10;
    private static final int BATCH = 9; // two shards
    private static final Dataset IMAGES = images(STEPS_PER_EPOCH * BATCH, 1);
    private static final double[] VALUES = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    private static final long NEVER = -2;

    private static TrainingOptions.Builder options() {
        return TrainingOptions.builder()
                .epochs(STEPS / STEPS_PER_EPOCH)
                .batchSize(BATCH)
                .shuffle(false)
                .threads(1);
    }

    /** A leaky rectifier hides neither infinities nor gradients. */
    private static List<Layer> plain() {
        return List.of(
                new ConvolutionalLayer(1, 2, 3),
                new MaxPoolingLayer(2),
                new ConvolutionalLayer(2, 2, 3),
                new LeakyReLULayer(0.1),
                new DenseSoftmaxLayer(2 * 4 * 3, CLASSES));
    }

    private static List<Layer> modern() {
        return List.of(
                new ConvolutionalLayer(1, 2, 3),
                new BatchNormLayer(2),
                new GELULayer(),
                new ResidualLayer(
                        ConvolutionalLayer.builder(2, 2).groups(2).padding(1).build()),
                new AveragePoolingLayer(2),
                new DenseLayer(2 * 4 * 3, 6),
                new TanhLayer(),
                new DenseSoftmaxLayer(6, CLASSES));
    }

    /** A network with one more layer at that place. */
    private static CnnBuilder builder(List<Layer> most, int place, Layer more) {
        List<Layer> layers = new ArrayList<>(most);
        layers.add(place, more);
        return withLayers(layers.toArray(new Layer[0])).threads(1);
    }

    private static CNN network(int place, Layer more) {
        return builder(plain(), place, more).optimizer(Optimizer.adam()).build();
    }

    private static NotFiniteException failure(Runnable training) {
        try {
            training.run();
        } catch (NotFiniteException e) {
            return e;
        }
        throw new AssertionError("expected a NotFiniteException");
    }

    /** The parameters before each step. */
    private static List<double[][]> parameters(CNN cnn) {
        List<double[][]> before = new ArrayList<>();
        before.add(copy(cnn));
        cnn.train(
                IMAGES,
                null,
                options().listener(onStep(progress -> before.add(copy(cnn)))).build());
        return before;
    }

    private static double[][] copy(CNN cnn) {
        return cnn.parameters().stream()
                .map(parameter -> parameter.values().clone())
                .toArray(double[][]::new);
    }

    /** A network just before that step of its training. */
    private static CNN before(int step, double[][] parameters, CnnBuilder builder) {
        int epoch = step / STEPS_PER_EPOCH;
        CNN cnn = new CNN(builder, epoch, step);
        for (int i = 0; i < parameters.length; i++) {
            System.arraycopy(parameters[i], 0, cnn.parameters().get(i).values(), 0, parameters[i].length);
        }
        EpochResult any = new EpochResult(0, 1, new Evaluation(1, 0.5, IMAGES.size()), null, 0.01, 1);
        TrainingState fresh = TrainingState.fresh(options().build(), IMAGES.size());
        cnn.cutShortAt(
                new TrainingState(
                        fresh.plan(),
                        fresh.settings(),
                        Collections.nCopies(epoch, any),
                        new TrainingState.Running(step % STEPS_PER_EPOCH, 0, 0, 0),
                        fresh.best()),
                null);
        return cnn;
    }

    // ---- every layer, every step

    static Stream<Arguments> places() {
        return Stream.of(false, true)
                .flatMap(isModern -> Stream.of(Target.values())
                        .flatMap(target -> IntStream.range(
                                        target == Target.INPUT_GRADIENT ? 1 : 0, // the first layer's is irrelevant
                                        (isModern ? modern() : plain()).size())
                                .mapToObj(place -> Arguments.of(isModern, target, place))));
    }

    @ParameterizedTest
    @MethodSource("places")
    void train_anyStep_isStoppedThereAndNamesThePlace(boolean isModern, Target target, int place) {
        Supplier<List<Layer>> layers = isModern ? NotFiniteTrainingTest::modern : NotFiniteTrainingTest::plain;
        Layer harmless = new NotFiniteLayer(target, Double.NaN, NEVER, 0, 1);
        List<double[][]> expected =
                parameters(builder(layers.get(), place, harmless).build());
        for (int step = 0; step < STEPS; step++) {
            for (int i = 0; i < VALUES.length; i++) {
                double value = VALUES[i];
                boolean isOthersTurn = isModern && i != step % VALUES.length; // all of them would take too long
                if (isOthersTurn || isHarmless(layers.get().get(place), target, value)) {
                    continue;
                }
                Layer spoiling = new NotFiniteLayer(target, value, step, step % BATCH, step);
                CNN cnn = before(step, expected.get(step), builder(layers.get(), place, spoiling));
                TrainingOptions options =
                        options().threads(step % 10 == 0 ? 2 : 1).build();

                NotFiniteException e = failure(() -> cnn.resume(IMAGES, null, options));

                assertThat(Arrays.deepEquals(copy(cnn), expected.get(step)))
                        .as("parameters as before step %d", step)
                        .isTrue();
                assertNames(e, step, place, array(target) + " of layer " + place + ", " + spoiling, value);
            }
        }
    }

    /** What the next layer turns into a finite number, as it should. */
    private static boolean isHarmless(Layer next, Target target, double value) {
        boolean isNegative = value < 0;
        return target == Target.OUTPUT
                && (next instanceof MaxPoolingLayer && isNegative
                        || next instanceof GELULayer && isNegative
                        || next instanceof TanhLayer && Double.isInfinite(value));
    }

    private static void assertNames(NotFiniteException e, int step, int layer, String where, double value) {
        int number = where.contains("gradient of cells") ? -1 : step % STEPS_PER_EPOCH * BATCH + step % BATCH;
        assertThat(e.step()).isEqualTo(step);
        assertThat(e.epoch()).isEqualTo(step / STEPS_PER_EPOCH);
        assertThat(e.layer()).isEqualTo(layer);
        assertThat(e.image()).isEqualTo(number);
        assertThat(e.where()).isEqualTo(where);
        assertThat(e.getMessage())
                .isEqualTo("CNN: expected finite numbers, got " + value + " in " + where
                        + (number < 0 ? "" : ", image " + number) + ", in epoch " + e.epoch() + " at step " + step
                        + ", counted from 0 over the network's life. The network is as the step before left it; lower"
                        + " the learning rate, or cut gradients with clipNorm.");
    }

    private static String array(Target target) {
        return switch (target) {
            case OUTPUT -> "the output";
            case INPUT_GRADIENT -> "the input gradient";
            case PARAMETER_GRADIENT -> "the gradient of cells";
        };
    }

    @Test
    void train_shuffled_namesTheImageOfTheDataset() {
        CNN cnn = network(2, new NotFiniteLayer(Target.OUTPUT, Double.NaN, 3, 5, 1));
        int[] read = new int[IMAGES.size()];
        int[] reads = {0};
        Dataset recording = new ForwardingDataset(IMAGES) {
            @Override
            public void copyImage(int index, double[] target, int offset) {
                read[reads[0]++] = index;
                super.copyImage(index, target, offset);
            }
        };
        TrainingOptions options = options().shuffle(true).build();
        assertThat(failure(() -> cnn.train(recording, null, options)).image()).isEqualTo(read[3 * BATCH + 5]);
    }

    // ---- resuming

    /** Spoils what passes through, if its flags say so. */
    private static final class Spoiler extends PassingLayer {
        private boolean output;
        private boolean gradient;

        @Override
        void onForward(double[] images) {
            if (output) {
                images[3] = Double.NaN;
            }
        }

        @Override
        void onBackprop(double[] lossGradient) {
            if (gradient) {
                lossGradient[3] = Double.NaN;
            }
        }

        void stop() {
            output = false;
            gradient = false;
        }
    }

    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "3, true", "3, false"})
    void resume_afterNaN_isAsIfThereHadBeenNone(int place, boolean output) {
        CNN whole = network(place, new Spoiler());
        whole.train(IMAGES, null, options().build());
        Spoiler spoiler = new Spoiler();
        CNN cnn = network(place, spoiler);
        int[] steps = {0};
        TrainingListener spoiling = onStep(progress -> {
            steps[0]++;
            spoiler.output = output && steps[0] == 37;
            spoiler.gradient = !output && steps[0] == 37;
        });
        assertThat(failure(() -> cnn.train(
                                IMAGES, null, options().listener(spoiling).build()))
                        .step())
                .isEqualTo(37);
        spoiler.stop();
        cnn.resume(IMAGES, null, options().build());
        assertThat(cnn.fingerprint()).isEqualTo(whole.fingerprint()); // Adam's memory included
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void trainOnBatch_afterNaN_isAsIfThereHadBeenNone(boolean output) {
        Spoiler spoiler = new Spoiler();
        CNN cnn = network(3, spoiler);
        CNN undisturbed = network(3, new Spoiler());
        for (int i = 0; i < 5; i++) {
            spoiler.output = output;
            spoiler.gradient = !output;
            int from = i * BATCH;
            String before = cnn.fingerprint();
            NotFiniteException e = failure(() -> step(cnn, IMAGES, from, BATCH));
            assertThat(e.step()).isEqualTo(i);
            assertThat(e.epoch()).isZero();
            assertThat(e.image()).isZero(); // counted in the batch
            assertThat(cnn.fingerprint()).isEqualTo(before);
            spoiler.stop();
            step(cnn, IMAGES, from, BATCH);
            step(undisturbed, IMAGES, from, BATCH);
        }
        assertThat(cnn.fingerprint()).isEqualTo(undisturbed.fingerprint());
    }

    // ---- images

    @ParameterizedTest
    @CsvSource({"0, NaN", "1, NaN", "3, NaN", "4, NaN", "0, Infinity", "1, -Infinity", "2, -Infinity", "3, -Infinity"})
    void train_imageThatIsNotFinite_isNamed(int first, double value) {
        Dataset spoilt = new ForwardingDataset(IMAGES) {
            @Override
            public void copyImage(int index, double[] target, int offset) {
                super.copyImage(index, target, offset);
                if (index == 17) {
                    target[offset + 5] = value;
                }
            }
        };
        List<Layer> layers = List.of(
                new ConvolutionalLayer(1, 1, 3),
                new MaxPoolingLayer(2),
                new ReLULayer(),
                new ReLULayer(),
                new DenseSoftmaxLayer(first > 1 ? 48 : 12, CLASSES));
        CNN cnn = withLayers(layers.subList(first, 5).toArray(new Layer[0])).build();
        NotFiniteException e = failure(() -> cnn.train(spoilt, null, options().build()));
        assertThat(e.image()).isEqualTo(17);
        assertThat(e.layer()).isEqualTo(-1);
        assertThat(e.step()).isEqualTo(1);
        assertThat(e)
                .hasMessageContaining("got " + value + " in the images, image 17, in epoch 0 at step 1")
                .hasMessageEndingWith("fix the image.");
    }

    // ---- parameters

    @Test
    void train_parameterSetToNaN_isNamed() {
        CNN cnn = network(2, new Spoiler());
        cnn.parameters().get(0).values()[4] = Double.NaN;
        NotFiniteException e = failure(() -> cnn.train(IMAGES, null, options().build()));
        assertThat(e.layer()).isZero();
        assertThat(e.image()).isEqualTo(-1);
        assertThat(e).hasMessageContaining("NaN in weights of layer 0, <ConvolutionalLayer: (1, 2, 3)");
    }

    // ---- losses

    /** An output layer whose loss may be infinite although all numbers and gradients are finite. */
    private static final class OwnLoss extends PassingLayer implements OutputLayer {
        private double loss;
        private double[] gradient = {};

        @Override
        void onForward(double[] images) {
            gradient = new double[images.length];
        }

        @Override
        public double[] losses(int[] labels) {
            double[] losses = new double[labels.length];
            losses[labels.length - 1] = loss;
            return losses;
        }

        @Override
        public double[] backpropLabels(int[] labels) {
            return gradient;
        }
    }

    @Test
    void train_lossAloneNotFinite_isStopped() {
        OwnLoss output = new OwnLoss();
        CNN cnn = withLayers(new DenseLayer(48, CLASSES), output).build();
        String before = cnn.fingerprint();
        for (double value : VALUES) {
            output.loss = value;
            NotFiniteException e = failure(() -> step(cnn, IMAGES, 0, BATCH));
            assertThat(e.where()).isEqualTo("the losses");
            assertThat(e.layer()).isEqualTo(-1);
            assertThat(e.image()).isEqualTo(BATCH - 1);
            assertThat(e).hasMessageContaining("got " + value + " in the losses, image 8, in epoch 0 at step 0");
            assertThat(cnn.fingerprint()).isEqualTo(before);
        }
        output.loss = 1;
        assertThat(step(cnn, IMAGES, 0, BATCH)).isEqualTo(1.0 / BATCH);
    }
}
