package dev.purecnn;

import static dev.purecnn.CheckpointedTraining.checkpoint;
import static dev.purecnn.CheckpointedTraining.loadQuietly;
import static dev.purecnn.CheckpointedTraining.network;
import static dev.purecnn.CheckpointedTraining.resume;
import static dev.purecnn.CheckpointedTraining.train;
import static dev.purecnn.Listeners.stopAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.purecnn.data.Augmentation;
import dev.purecnn.internal.file.Disk;
import dev.purecnn.internal.file.ModelReader;
import dev.purecnn.internal.file.ModelWriter;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A training goes on by the options that it began with; with others it would be neither the one training nor the other. */
class ResumeSettingsTest {
    private static final int STOP = 7;

    @TempDir
    private Path folder;

    private static TrainingOptions.Builder options() {
        return CheckpointedTraining.options(Optimizer.adam());
    }

    /** Trains until after that step, with a checkpoint after each; names the file. */
    private Path cutShort(CNN cnn, TrainingOptions.Builder options) {
        TrainingOptions stopping = options.checkpoints(folder)
                .checkpointEvery(1)
                .listener(stopAfter(STOP))
                .build();
        assertThatThrownBy(() -> train(cnn, stopping)).hasMessage("stopped by the test");
        return checkpoint(folder, STOP - 1);
    }

    static Stream<Arguments> others() {
        Augmentation other = Augmentation.builder().shift(1).noise(0.1).build();
        return Stream.of(
                Arguments.of("schedule", options().schedule(Schedule.cosine(0.02, 7.5))),
                Arguments.of("schedule", options().schedule(epochs -> 0.02)),
                Arguments.of("clipNorm", options().clipNorm(3)),
                Arguments.of("classWeights", options().classWeights(1, 2, 1, 1)),
                Arguments.of("labelSmoothing", options().labelSmoothing(0.1)),
                Arguments.of("augmentation", options().augmentation(other)),
                Arguments.of("earlyStopping", options().earlyStopping(3)),
                Arguments.of("batchSize", options().batchSize(8)),
                Arguments.of("sampleSize", options().sampleSize(41)),
                Arguments.of("shuffle", options().shuffle(false)),
                Arguments.of("optimizer", options().optimizer(Optimizer.adamW())));
    }

    @ParameterizedTest
    @MethodSource("others")
    void resume_otherOption_isRefusedByName(String name, TrainingOptions.Builder other) throws Exception {
        CNN whole = network();
        train(whole, options().build());
        CNN cut = network();
        CNN loaded = loadQuietly(cutShort(cut, options()));
        for (CNN cnn : List.of(cut, loaded)) {
            String before = cnn.fingerprint();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> resume(cnn, other.build()))
                    .withMessageContaining("expected")
                    .withMessageContaining(name)
                    .withMessageContaining("got");
            assertThat(cnn.fingerprint()).isEqualTo(before);
            resume(cnn, options().build()); // it still can go on
        }
        assertThat(cut.fingerprint()).isEqualTo(whole.fingerprint());
        assertThat(loaded.fingerprint()).isEqualTo(whole.fingerprint());
    }

    @Test
    void resume_severalOthers_areAllNamed() throws Exception {
        CNN loaded = loadQuietly(cutShort(network(), options()));
        TrainingOptions other =
                options().clipNorm(3).schedule(Schedule.constant(0.1)).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> resume(loaded, other))
                .withMessage("TrainingOptions: expected what the training was cut short with, clipNorm=2.0, schedule="
                        + "WarmUp[schedule=Cosine[learningRate=0.02, length=7.5], start=0.1, length=0.7]; got"
                        + " clipNorm=3.0, schedule=Constant[learningRate=0.1]. Name the same to resume, or call train,"
                        + " which begins another training from here.");
    }

    /** What changes no bit may differ. */
    @Test
    void resume_otherThreadsEpochsListenersAndFolder_goesOn() throws Exception {
        CNN whole = network();
        train(whole, options().epochs(3).build());
        CNN loaded = loadQuietly(cutShort(network(), options().epochs(2)));
        resume(
                loaded,
                options()
                        .epochs(3)
                        .threads(3)
                        .executor(Runnable::run)
                        .listener(stopAfter(-1))
                        .checkpoints(folder.resolve("other"))
                        .checkpointEvery(4)
                        .build());
        assertThat(loaded.fingerprint()).isEqualTo(whole.fingerprint());
    }

    /** The rate of the options, given the network's own numbers, is the network's own. */
    @Test
    void resume_networksOwnRateNamed_goesOn() throws Exception {
        CNN loaded = loadQuietly(
                cutShort(network(), TrainingOptions.builder().sampleSize(9).epochs(9)));
        TrainingOptions equal = TrainingOptions.builder()
                .sampleSize(9)
                .epochs(9)
                .learningRate(0.01)
                .learningRateDecay(0.9)
                .build();
        CNN whole = network();
        train(whole, equal);
        resume(loaded, equal);
        assertThat(loaded.fingerprint()).isEqualTo(whole.fingerprint());
    }

    @Test
    void resume_scheduleIsALambda_goesOnByAnother() throws Exception {
        CNN whole = network();
        train(whole, options().schedule(epochs -> 0.02 / (1 + epochs)).build());
        CNN loaded = loadQuietly(cutShort(network(), options().schedule(epochs -> 0.02 / (1 + epochs))));
        resume(loaded, options().schedule(epochs -> 0.02 / (1 + epochs)).build());
        assertThat(loaded.fingerprint()).isEqualTo(whole.fingerprint());
    }

    /** As versions wrote them that noted no settings: to go on by the right options is then up to the user. */
    @Test
    void resume_checkpointWithoutSettings_goesOnByAnyAndNotesThem() throws Exception {
        CNN whole = network();
        train(whole, options().build());
        Path file = cutShort(network(), options());
        Path old = folder.resolve("old");
        writeWithoutSettings(file, old);
        assertThat(Files.size(old)).isLessThan(Files.size(file));
        CNN loaded = loadQuietly(old);
        resume(loaded, options().build());
        assertThat(loaded.fingerprint()).isEqualTo(whole.fingerprint());

        CNN again = loadQuietly(old);
        Path other = folder.resolve("other");
        TrainingOptions stopping = options()
                .clipNorm(3)
                .checkpoints(other)
                .checkpointEvery(1)
                .listener(stopAfter(2))
                .build();
        assertThatThrownBy(() -> resume(again, stopping)).hasMessage("stopped by the test");
        CNN noted = loadQuietly(checkpoint(other, STOP));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> resume(noted, options().build()))
                .withMessageContaining(
                        "expected what the training was cut short with, clipNorm=3.0; got clipNorm=2.0.");
    }

    private static void writeWithoutSettings(Path from, Path to) throws Exception {
        try (ModelReader reader = ModelReader.open(from)) {
            Map<String, String> texts = new HashMap<>(reader.model().training());
            assertThat(texts.keySet().removeIf(name -> name.startsWith("setting.")))
                    .isTrue();
            ModelWriter.write(to, reader.model().withTraining(texts), reader.read(List.of()), () -> {}, Disk.real());
        }
    }
}
