package dev.purecnn;

import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.INPUT;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.small;
import static dev.purecnn.TestNetworks.step;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingOptions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training with other optimizers than plain gradient descent. */
class OptimizedTrainingTest {
    private static final Dataset IMAGES = images(200, 1);

    private static TrainingOptions.Builder options() {
        return TrainingOptions.builder().batchSize(33).threads(1).learningRate(0.01);
    }

    // ---- threads

    @Test
    void train_everythingOn_givesSameBitsOnAnyThreads() {
        String one = clippedAdamW(1);
        for (int threads : new int[] {2, 3, 7}) {
            assertThat(clippedAdamW(threads)).as("%d threads", threads).isEqualTo(one);
        }
    }

    private static String clippedAdamW(int threads) {
        // the dense layer's weights are more than one range of an update
        CNN cnn = withLayers(new DenseLayer(INPUT.size(), 120), new ReLULayer(), new DenseSoftmaxLayer(120, CLASSES))
                .build();
        cnn.train(
                IMAGES,
                null,
                options()
                        .threads(threads)
                        .epochs(2)
                        .optimizer(Optimizer.adamW())
                        .clipNorm(0.1)
                        .build());
        return cnn.fingerprint();
    }

    // ---- what is remembered

    @Test
    void train_equalOptimizersInTurn_goOnAsOne() {
        CNN once = small(3).build();
        once.train(IMAGES, null, options().epochs(2).optimizer(Optimizer.adam()).build());
        CNN twice = small(3).build();
        for (int i = 0; i < 2; i++) {
            twice.train(
                    IMAGES,
                    null,
                    options().optimizer(Optimizer.adam().epsilon(1e-8)).build());
        }
        assertThat(twice.fingerprint()).isEqualTo(once.fingerprint());
    }

    @Test
    void train_anotherOptimizerBetween_beginsAnew() {
        CNN plain = small(3).build();
        CNN interrupted = small(3).build();
        for (CNN cnn : new CNN[] {plain, interrupted}) {
            cnn.train(IMAGES, null, options().optimizer(Optimizer.adam()).build());
        }
        // a step too short to change anything
        interrupted.train(
                IMAGES,
                null,
                options().learningRate(1e-300).optimizer(Optimizer.sgd()).build());
        plain.train(
                IMAGES,
                null,
                options().learningRate(1e-300).optimizer(Optimizer.adam()).build());
        assertThat(interrupted.fingerprint()).isEqualTo(plain.fingerprint());
        for (CNN cnn : new CNN[] {plain, interrupted}) {
            cnn.train(IMAGES, null, options().optimizer(Optimizer.adam()).build());
        }
        assertThat(interrupted.fingerprint()).isNotEqualTo(plain.fingerprint());
    }

    @Test
    void builder_optimizer_isUsedByTrainAndTrainOnBatch() {
        CNN own = small(3).optimizer(Optimizer.adam()).learningRate(0.01).build();
        CNN given = small(3).build();
        own.train(IMAGES, null, TrainingOptions.builder().threads(1).build());
        given.train(
                IMAGES,
                null,
                TrainingOptions.builder().threads(1).optimizer(Optimizer.adam()).build());
        assertThat(own.fingerprint()).isEqualTo(given.fingerprint());
        step(own, IMAGES, 0, 10);
        step(given, IMAGES, 0, 10); // by plain gradient descent
        assertThat(own.fingerprint()).isNotEqualTo(given.fingerprint());
    }

    @Test
    void train_byAdam_learns() {
        CNN cnn = small(3).build();
        cnn.train(IMAGES, null, options().epochs(30).optimizer(Optimizer.adam()).build());
        assertThat(cnn.test(IMAGES).accuracy()).isGreaterThan(0.95);
    }

    // ---- clipping

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void clipNorm_longGradient_isShortenedToIt(int threads) {
        CNN cnn = small(3).build();
        double[] before = values(cnn);
        cnn.train(IMAGES, null, oneStep().threads(threads).clipNorm(0.03125).build());
        assertThat(distance(before, values(cnn))).isCloseTo(0.03125, within(1e-14));

        CNN free = small(3).build();
        free.train(IMAGES, null, oneStep().build());
        double[] clipped = values(cnn);
        double[] whole = values(free);
        double share = 0.03125 / distance(before, whole);
        assertThat(share).isLessThan(0.5);
        for (int i = 0; i < before.length; i++) {
            assertThat(clipped[i] - before[i]).isCloseTo(share * (whole[i] - before[i]), within(1e-15));
        }
    }

    @Test
    void clipNorm_shortGradient_isLeftAsItIs() {
        CNN clipped = small(3).build();
        CNN free = small(3).build();
        clipped.train(IMAGES, null, oneStep().clipNorm(1000).build());
        free.train(IMAGES, null, oneStep().build());
        assertThat(clipped.fingerprint()).isEqualTo(free.fingerprint());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void clipNorm_impossible_isRefused(double norm) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingOptions.builder().clipNorm(norm))
                .withMessage("TrainingOptions: expected a positive, finite clipNorm, got " + norm + ". Use 1.");
    }

    /** One step whose length is the gradient's. */
    private static TrainingOptions.Builder oneStep() {
        return options().batchSize(40).sampleSize(40).learningRate(1);
    }

    private static double[] values(CNN cnn) {
        return cnn.parameters().stream()
                .map(Parameter::values)
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }
}
