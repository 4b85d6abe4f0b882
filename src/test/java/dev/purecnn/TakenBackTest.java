package dev.purecnn;

import static dev.purecnn.Listeners.onStep;
import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.purecnn.data.Dataset;
import dev.purecnn.internal.file.Sha256;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.NotFiniteException;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A step that fails after it has begun to change parameters is undone completely. */
class TakenBackTest {
    private static final int BATCH = 9; // two shards
    private static final Dataset IMAGES = images(10 * BATCH, 1);

    private static TrainingOptions.Builder options() {
        return TrainingOptions.builder()
                .epochs(10)
                .batchSize(BATCH)
                .shuffle(false)
                .threads(1);
    }

    private static CNN network() {
        return network(new ReLULayer());
    }

    private static CNN network(Layer rectifier) {
        return withLayers(
                        new ConvolutionalLayer(1, 2, 3),
                        new MaxPoolingLayer(2),
                        new ConvolutionalLayer(2, 2, 3),
                        rectifier,
                        new DenseSoftmaxLayer(2 * 4 * 3, CLASSES))
                .optimizer(Optimizer.adam())
                .build();
    }

    private static NotFiniteException failure(Runnable training) {
        NotFiniteException e = catchThrowableOfType(NotFiniteException.class, training::run);
        assertThat(e).isNotNull();
        return e;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void train_rateTooHigh_takesTheStepBack(int threads) {
        for (Optimizer optimizer :
                List.of(Optimizer.sgd(), Optimizer.sgd().momentum(0.9), Optimizer.adam(), Optimizer.adamW())) {
            CNN cnn = network();
            List<String> before = new ArrayList<>();
            TrainingOptions options = options()
                    .threads(threads)
                    .optimizer(optimizer)
                    .schedule(epochs -> epochs < 0.65 ? 0.01 : Double.MAX_VALUE)
                    .listener(noting(cnn, before))
                    .build();
            // the longest possible step may just avoid overflow; then the next one, or its loss, overflows
            NotFiniteException e = failure(() -> cnn.train(IMAGES, null, options));
            assertThat(e.step()).isEqualTo(before.size()).isBetween(7L, 8L);
            assertThat(cnn.fingerprint()).isEqualTo(before.get(before.size() - 1));
        }
    }

    private static TrainingListener noting(CNN cnn, List<String> fingerprints) {
        return onStep(progress -> fingerprints.add(
                Sha256.of(cnn.parameters().stream().map(Parameter::values).toList())));
    }

    /** Moves values by the rate, and those of one parameter out of all bounds in one step. */
    private static Optimizer overflowing(int[] stepsLeft) {
        return parameter -> (number, scale, rate, from, to) -> {
            boolean overflows = parameter.name().equals("biases") && --stepsLeft[0] == 0;
            for (int i = from; i < to; i++) {
                parameter.values()[i] += overflows && i == to - 1 ? Double.POSITIVE_INFINITY : rate;
                parameter.gradient()[i] = 0;
            }
        };
    }

    @Test
    void train_valueOverflows_isNamedAndTakenBack() {
        CNN cnn = network();
        int[] stepsLeft = {3 * 5 + 2}; // three parameters of that name
        List<String> before = new ArrayList<>();
        NotFiniteException e = failure(() -> cnn.train(
                IMAGES,
                null,
                options()
                        .optimizer(overflowing(stepsLeft))
                        .listener(noting(cnn, before))
                        .build()));
        assertThat(before).hasSize(5);
        assertThat(e.step()).isEqualTo(5);
        assertThat(e.where()).startsWith("biases of layer 2, <ConvolutionalLayer: (2, 2, 3)");
        assertThat(e.layer()).isEqualTo(2);
        assertThat(e.image()).isEqualTo(-1);
        assertThat(cnn.fingerprint()).isEqualTo(before.get(4));
    }

    @Test
    void train_optimizerThrows_takesTheStepBack() {
        IllegalStateException thrown = new IllegalStateException("no more");
        CNN cnn = network();
        String before = cnn.fingerprint();
        Optimizer failing = parameter -> (number, scale, rate, from, to) -> {
            parameter.values()[from] += 1;
            if (parameter == cnn.parameters().get(3)) {
                throw thrown;
            }
        };
        for (int i = 0; i < 2; i++) {
            assertThat(catchThrowableOfType(
                            IllegalStateException.class,
                            () -> cnn.train(
                                    IMAGES, null, options().optimizer(failing).build())))
                    .isSameAs(thrown);
            assertThat(cnn.fingerprint()).isEqualTo(before);
        }
        CNN undisturbed = network();
        undisturbed.train(IMAGES, null, options().build());
        cnn.train(IMAGES, null, options().build());
        assertThat(cnn.fingerprint()).isEqualTo(undisturbed.fingerprint()); // no gradient was left behind
    }

    /** An optimizer that in one step changes everything that it should, and then fails. */
    private record Failing(Optimizer rule, AtomicInteger stepsLeft, boolean throwing) implements Optimizer {
        @Override
        public Update forParameter(Parameter parameter) {
            Update update = rule.forParameter(parameter);
            double[] count = {0, 0, 0};
            return new Update() {
                @Override
                public void step(long step, double scale, double learningRate, int from, int to) {
                    update.step(step, scale, learningRate * (1 + count[0] / 1024), from, to);
                    count[0] += from == 0 ? 1 : 0;
                    if (parameter.name().equals("biases") && stepsLeft.decrementAndGet() == 0) {
                        if (throwing) {
                            throw new IllegalStateException("no more");
                        }
                        parameter.values()[from] = Double.NaN;
                    }
                }

                @Override
                public Map<String, double[]> state() {
                    Map<String, double[]> memory = new HashMap<>(update.state());
                    memory.put("count", count);
                    return memory;
                }
            };
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "false, 1", "true, 3", "false, 3"})
    void resume_stepTakenBack_givesSameBits(boolean throwing, int threads) {
        for (Optimizer rule : List.of(Optimizer.sgd().momentum(0.9), Optimizer.adam(), Optimizer.adamW())) {
            CNN whole = network();
            whole.train(
                    IMAGES,
                    null,
                    options()
                            .optimizer(new Failing(rule, new AtomicInteger(), true))
                            .build());
            CNN cnn = network();
            AtomicInteger stepsLeft = new AtomicInteger(3 * 37 + 2);
            TrainingOptions options = options()
                    .threads(threads)
                    .optimizer(new Failing(rule, stepsLeft, throwing))
                    .build();
            assertThat(catchThrowable(() -> cnn.train(IMAGES, null, options)))
                    .isInstanceOf(throwing ? IllegalStateException.class : NotFiniteException.class);
            cnn.resume(IMAGES, null, options);
            assertThat(cnn.fingerprint()).as("%s", rule).isEqualTo(whole.fingerprint());
        }
    }

    /** Has a parameter without effect, which is the largest double and has a gradient that increases it. */
    private static final class LargestLayer extends PassingLayer {
        private final Parameter largest = new Parameter("largest", Shape.vector(1), 0.9);

        LargestLayer() {
            largest.values()[0] = Double.MAX_VALUE;
        }

        @Override
        void onBackprop(double[] lossGradient) {
            largest.gradient()[0] -= 1;
        }

        @Override
        public List<Parameter> parameters() {
            return List.of(largest);
        }
    }

    @Test
    void resume_overflowTakenBack_givesSameBits() {
        for (Optimizer rule :
                List.of(Optimizer.sgd(), Optimizer.sgd().momentum(0.9), Optimizer.adam(), Optimizer.adamW())) {
            CNN whole = network(new LargestLayer());
            whole.train(
                    IMAGES,
                    null,
                    options().optimizer(rule).schedule(epochs -> 0.01).build());
            CNN cnn = network(new LargestLayer());
            TrainingOptions wild = options()
                    .optimizer(rule)
                    .schedule(epochs -> epochs < 3.65 ? 0.01 : 1e307)
                    .build();
            NotFiniteException e = failure(() -> cnn.train(IMAGES, null, wild));
            assertThat(e.step()).isEqualTo(37);
            assertThat(e.where()).startsWith("largest of layer 3");
            cnn.resume(
                    IMAGES,
                    null,
                    options().optimizer(rule).schedule(epochs -> 0.01).build());
            assertThat(cnn.fingerprint()).as("%s", rule).isEqualTo(whole.fingerprint());
        }
    }

    @Test
    void train_gradientTooLong_isStopped() {
        CNN cnn = network(new PassingLayer() {
            @Override
            void onBackprop(double[] lossGradient) {
                lossGradient[3] = 1e200; // finite, but its square is not
            }
        });
        String before = cnn.fingerprint();
        NotFiniteException e = failure(() -> cnn.train(IMAGES, null, options().build()));
        assertThat(e.where()).isEqualTo("the length of the gradient");
        assertThat(e)
                .hasMessageContaining("got Infinity in the length of the gradient, in epoch 0 at step 0")
                .hasMessageEndingWith(
                        "scale images and class weights to about 1, or lower the learning rate. clipNorm cuts"
                                + " no gradient whose length is infinite.");
        assertThat(e.layer()).isEqualTo(-1);
        assertThat(e.image()).isEqualTo(-1);
        assertThat(cnn.fingerprint()).isEqualTo(before);
    }

    @Test
    void train_largeFiniteParameter_isNoReasonToStop() {
        CNN cnn = withLayers(new DenseSoftmaxLayer(48, CLASSES)).build();
        Parameter biases = cnn.parameters().get(1);
        biases.values()[0] = 1e200; // its square is infinite
        cnn.train(IMAGES, null, options().epochs(1).build());
        assertThat(biases.values()[0]).isFinite();
    }
}
