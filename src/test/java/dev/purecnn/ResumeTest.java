package dev.purecnn;

import static dev.purecnn.Listeners.onEpoch;
import static dev.purecnn.Listeners.onStep;
import static dev.purecnn.Listeners.stopAfter;
import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.step;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.purecnn.data.Augmentation;
import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.DropoutLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.training.History;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A training that is cut short and goes on is one that never stopped. */
class ResumeTest {
    private static final Dataset TRAIN = images(50, 1);
    private static final Dataset VALIDATION = images(20, 2).mapLabels(CLASSES, label -> (label + 1) % CLASSES);
    private static final int STEPS = 15; // three epochs of five

    private static CNN network() {
        return withLayers(
                        new ConvolutionalLayer(1, 3, 3),
                        new BatchNormLayer(3),
                        new ReLULayer(),
                        new DropoutLayer(0.3),
                        new DenseSoftmaxLayer(3 * 8 * 6, CLASSES))
                .build();
    }

    private static TrainingOptions.Builder options() {
        return TrainingOptions.builder()
                .epochs(3)
                .batchSize(9)
                .sampleSize(40)
                .threads(1)
                .optimizer(Optimizer.adam())
                .learningRate(0.01)
                .learningRateDecay(0.9)
                .augmentation(Augmentation.builder().shift(1).build())
                .earlyStopping(3);
    }

    private record Figures(int epoch, Evaluation training, Evaluation validation, double learningRate) {}

    private static List<Figures> figures(History history) {
        return history.epochs().stream()
                .map(result ->
                        new Figures(result.epoch(), result.training(), result.validation(), result.learningRate()))
                .toList();
    }

    @Test
    void resume_afterAnyStep_isAsIfNeverStopped() {
        CNN whole = network();
        History expected = whole.train(TRAIN, VALIDATION, options().build());
        for (int steps = 1; steps <= STEPS; steps++) {
            CNN cut = network();
            TrainingOptions stopping = options().listener(stopAfter(steps)).build();
            assertThatThrownBy(() -> cut.train(TRAIN, VALIDATION, stopping)).hasMessage("stopped by the test");
            History history = cut.resume(TRAIN, VALIDATION, options().threads(2).build());
            assertThat(cut.fingerprint()).as("after step %d", steps).isEqualTo(whole.fingerprint());
            assertThat(figures(history)).as("after step %d", steps).isEqualTo(figures(expected));
            assertThat(history.ending()).isEqualTo(expected.ending());
        }
    }

    @Test
    void resume_cutShortAgainAndAgain_isAsIfNeverStopped() {
        CNN whole = network();
        History expected = whole.train(TRAIN, VALIDATION, options().build());
        CNN cut = network();
        TrainingOptions first = options().listener(stopAfter(1)).build();
        assertThatThrownBy(() -> cut.train(TRAIN, VALIDATION, first)).hasMessage("stopped by the test");
        for (int step = 1; step < STEPS; step++) {
            TrainingOptions next = options().listener(stopAfter(1)).build();
            assertThatThrownBy(() -> cut.resume(TRAIN, VALIDATION, next)).hasMessage("stopped by the test");
        }
        History history = cut.resume(TRAIN, VALIDATION, options().build());
        assertThat(cut.fingerprint()).isEqualTo(whole.fingerprint());
        assertThat(figures(history)).isEqualTo(figures(expected));
    }

    @Test
    void resume_listenerThrewAtEpochsEnd_goesOnWithTheNextEpoch() {
        CNN whole = network();
        whole.train(TRAIN, VALIDATION, options().build());
        CNN cut = network();
        List<Integer> epochs = new ArrayList<>();
        TrainingListener listener = onEpoch(result -> {
            epochs.add(result.epoch());
            if (epochs.size() == 2) {
                throw new IllegalStateException("stopped by the test");
            }
        });
        TrainingOptions both = options().listener(listener).build();
        assertThatThrownBy(() -> cut.train(TRAIN, VALIDATION, both)).hasMessage("stopped by the test");
        cut.resume(TRAIN, VALIDATION, both);
        assertThat(epochs).containsExactly(0, 1, 2);
        assertThat(cut.fingerprint()).isEqualTo(whole.fingerprint());
    }

    @Test
    void resume_brokenEpoch_addsUpItsSeconds() {
        CNN cut = network();
        double[] seconds = new double[2];
        TrainingListener clock = onStep(progress -> {
            seconds[0] = progress.seconds();
            assertThat(progress.imagesPerSecond()).isEqualTo(progress.imagesDone() / progress.seconds());
            assertThat(progress.secondsLeft()).isEqualTo((40 - progress.imagesDone()) / progress.imagesPerSecond());
        });
        TrainingOptions stopping =
                options().listener(clock).listener(stopAfter(4)).build();
        assertThatThrownBy(() -> cut.train(TRAIN, VALIDATION, stopping)).hasMessage("stopped by the test");
        TrainingOptions rest = options().epochs(1).build();
        assertThat(cut.resume(TRAIN, VALIDATION, rest).epochs().get(0).seconds())
                .isGreaterThan(seconds[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"batchSize", "sampleSize", "shuffle", "images"})
    void resume_otherBatches_isRefused(String other) {
        CNN cut = network();
        TrainingOptions stopping = options().listener(stopAfter(4)).build();
        assertThatThrownBy(() -> cut.train(TRAIN, VALIDATION, stopping)).hasMessage("stopped by the test");
        TrainingOptions changed = switch (other) {
            case "batchSize" -> options().batchSize(10).build();
            case "sampleSize" -> options().sampleSize(41).build();
            case "shuffle" -> options().shuffle(false).build();
            default -> options().build();
        };
        Dataset images = other.equals("images") ? images(51, 1) : TRAIN;
        String before = cut.fingerprint();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cut.resume(images, VALIDATION, changed))
                .withMessageStartingWith("CNN: expected to go on with the training's Plan[batchSize=9, numImages=50,"
                        + " sampleSize=40, shuffle=true], got Plan[")
                .withMessageEndingWith("Resume with the images and options that it began with, or call train.");
        assertThat(cut.fingerprint()).isEqualTo(before);
        cut.resume(TRAIN, VALIDATION, options().build()); // it still can go on
    }

    @Test
    void resume_nothingCutShort_isRefused() {
        CNN cnn = network();
        String none = "CNN: expected a training that was cut short, got none. Load a checkpoint first, or call train.";
        TrainingOptions options = options().epochs(1).build();
        assertThatIllegalStateException()
                .isThrownBy(() -> cnn.resume(TRAIN, VALIDATION, options))
                .withMessage(none);
        cnn.train(TRAIN, VALIDATION, options);
        assertThatIllegalStateException()
                .isThrownBy(() -> cnn.resume(TRAIN, VALIDATION, options))
                .withMessage(none);
    }

    @Test
    void resume_otherStepsSince_isRefused() {
        CNN cut = network();
        TrainingOptions stopping = options().listener(stopAfter(4)).build();
        assertThatThrownBy(() -> cut.train(TRAIN, VALIDATION, stopping)).hasMessage("stopped by the test");
        step(cut, TRAIN, 0, 9);
        assertThatIllegalStateException()
                .isThrownBy(() -> cut.resume(TRAIN, VALIDATION, options().build()))
                .withMessage("CNN: expected a training that was cut short, got one that was followed by other steps."
                        + " Load a checkpoint first, or call train.");
    }
}
