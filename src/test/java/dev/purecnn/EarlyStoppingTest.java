package dev.purecnn;

import static dev.purecnn.Listeners.onEpoch;
import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.small;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.training.EpochResult;
import dev.purecnn.training.History;
import dev.purecnn.training.NotFiniteException;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training that ends when the validation loss stops improving. */
class EarlyStoppingTest {
    private static final Dataset TRAIN = images(80, 1);
    /** The better the network learns, the worse it does on these. */
    private static final Dataset MISLABELLED = images(40, 2).mapLabels(CLASSES, label -> (label + 1) % CLASSES);

    private static TrainingOptions.Builder options(int epochs) {
        return TrainingOptions.builder().epochs(epochs).batchSize(8).learningRate(0.1);
    }

    private static CNN normalized() {
        return withLayers(
                        new ConvolutionalLayer(1, 3, 3),
                        new BatchNormLayer(3),
                        new ReLULayer(),
                        new DenseSoftmaxLayer(3 * 8 * 6, CLASSES))
                .build();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void train_validationLossRises_endsWithTheBestEpochsParameters(int patience) {
        CNN stopped = normalized();
        History history = stopped.train(
                TRAIN, MISLABELLED, options(50).earlyStopping(patience).build());
        assertThat(history.ending()).isEqualTo(History.Ending.EARLY_STOPPING);
        EpochResult best = history.best().orElseThrow();
        assertThat(history.epochs()).hasSize(best.epoch() + 1 + patience);

        CNN once = normalized();
        once.train(TRAIN, null, options(best.epoch() + 1).build());
        assertThat(stopped.fingerprint()).isEqualTo(once.fingerprint()); // running statistics included
        assertThat(stopped.test(MISLABELLED)).isEqualTo(best.validation());
    }

    @Test
    void train_epochsRunOutFirst_stillEndsWithTheBest() {
        CNN stopped = normalized();
        History history =
                stopped.train(TRAIN, MISLABELLED, options(4).earlyStopping(50).build());
        assertThat(history.ending()).isEqualTo(History.Ending.ALL_EPOCHS);
        assertThat(history.epochs()).hasSize(4);
        assertThat(history.best().orElseThrow().epoch()).isLessThan(3);
        assertThat(stopped.test(MISLABELLED))
                .isEqualTo(history.best().orElseThrow().validation());
    }

    @Test
    void train_lossKeepsFalling_changesNothing() {
        CNN patient = small(7).build();
        CNN plain = small(7).build();
        History history =
                patient.train(TRAIN, TRAIN, options(3).earlyStopping(1).build());
        plain.train(TRAIN, null, options(3).build());
        assertThat(history.ending()).isEqualTo(History.Ending.ALL_EPOCHS);
        assertThat(patient.fingerprint()).isEqualTo(plain.fingerprint());
    }

    @Test
    void train_afterStop_optimizerBeginsAnew() {
        CNN stopped = small(7).build();
        stopped.train(
                TRAIN,
                MISLABELLED,
                options(50)
                        .optimizer(Optimizer.adam())
                        .learningRate(0.01)
                        .earlyStopping(1)
                        .build());
        double[] before = stopped.parameters().get(5).values().clone();
        stopped.train(
                TRAIN,
                null,
                options(1)
                        .optimizer(Optimizer.adam())
                        .batchSize(TRAIN.size())
                        .learningRate(0.5)
                        .build());
        double[] after = stopped.parameters().get(5).values();
        for (int i = 0; i < before.length; i++) {
            // Adam's first step has the length of the rate
            assertThat(Math.abs(after[i] - before[i])).isBetween(0.4999, 0.5001);
        }
    }

    /** Spoils predictions if a value is set, but no training step. */
    private static final class Spoiler extends PassingLayer {
        private boolean training;
        private double value;

        @Override
        public void training(boolean on) {
            training = on;
        }

        @Override
        void onForward(double[] images) {
            if (!training && value != 0) {
                images[3] = value;
            }
        }
    }

    private static CNN spoilt(Spoiler spoiler) {
        return withLayers(spoiler, new DenseSoftmaxLayer(48, CLASSES)).build();
    }

    /** Spoils the predictions of the second epoch. */
    private static TrainingListener inSecondEpoch(Spoiler spoiler, double value) {
        return onEpoch(result -> spoiler.value = result.epoch() == 0 ? value : 0);
    }

    @Test
    void train_validationLossNaN_isStoppedAndResumed() {
        CNN whole = spoilt(new Spoiler());
        whole.train(TRAIN, TRAIN, options(4).earlyStopping(1).build());
        Spoiler spoiler = new Spoiler();
        CNN cnn = spoilt(spoiler);
        TrainingOptions options = options(4)
                .earlyStopping(1)
                .listener(inSecondEpoch(spoiler, Double.NaN))
                .build();
        NotFiniteException e = catchThrowableOfType(NotFiniteException.class, () -> cnn.train(TRAIN, TRAIN, options));
        assertThat(e)
                .hasMessage(
                        "CNN: expected finite numbers, got NaN in the loss on the validation images, in epoch 1 at step"
                                + " 20, counted from 0 over the network's life. The network is as the step before left it; find the"
                                + " validation images for which predictAll returns NaN, and fix them; or lower the learning"
                                + " rate, or leave out earlyStopping.");
        assertThat(e.epoch()).isEqualTo(1);
        assertThat(e.step()).isEqualTo(20);
        assertThat(e.image()).isEqualTo(-1);
        spoiler.value = 0;
        assertThat(cnn.resume(TRAIN, TRAIN, options).epochs()).hasSize(4);
        assertThat(cnn.fingerprint()).isEqualTo(whole.fingerprint());
    }

    @Test
    void train_validationLossNaNWithoutEarlyStopping_isForTheListener() {
        Spoiler spoiler = new Spoiler();
        CNN cnn = spoilt(spoiler);
        TrainingListener spoiling = inSecondEpoch(spoiler, Double.NaN);
        History history = cnn.train(TRAIN, TRAIN, options(3).listener(spoiling).build());
        assertThat(history.epochs().get(1).validation().loss()).isNaN();
        assertThat(history.epochs().get(2).validation().loss()).isFinite();
    }

    @Test
    void train_withoutValidation_isRefused() {
        CNN cnn = small(7).build();
        String before = cnn.fingerprint();
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> cnn.train(TRAIN, null, options(3).earlyStopping(2).build()))
                .withMessage("TrainingOptions: expected validation images for earlyStopping to go by, got none."
                        + " Pass some to train, or leave out earlyStopping.");
        assertThat(cnn.fingerprint()).isEqualTo(before);
    }
}
