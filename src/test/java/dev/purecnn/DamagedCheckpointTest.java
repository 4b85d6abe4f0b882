package dev.purecnn;

import static dev.purecnn.CheckpointedTraining.checkpoint;
import static dev.purecnn.CheckpointedTraining.loadQuietly;
import static dev.purecnn.CheckpointedTraining.names;
import static dev.purecnn.CheckpointedTraining.network;
import static dev.purecnn.CheckpointedTraining.optimizer;
import static dev.purecnn.CheckpointedTraining.options;
import static dev.purecnn.CheckpointedTraining.resume;
import static dev.purecnn.CheckpointedTraining.train;
import static dev.purecnn.Listeners.stopAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged checkpoint is passed over for the one before it, and not in silence. */
class DamagedCheckpointTest {
    private static final Logger LOGGER = Logger.getLogger("dev.purecnn");

    @TempDir
    private Path folder;

    private final List<LogRecord> logged = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            logged.add(entry);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void writeCheckpoints() {
        TrainingOptions options = options(optimizer(2))
                .checkpoints(folder)
                .checkpointEvery(1)
                .listener(stopAfter(8))
                .build();
        assertThatThrownBy(() -> train(network(), options)).hasMessage("stopped by the test");
        LOGGER.addHandler(handler);
        LOGGER.setUseParentHandlers(false);
    }

    @AfterEach
    void logAsBefore() {
        LOGGER.removeHandler(handler);
        LOGGER.setUseParentHandlers(true);
    }

    private void damage(int step) throws IOException {
        Path file = checkpoint(folder, step);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void load_newestDamaged_takesTheOneBeforeAndWarns() throws IOException {
        CNN whole = network();
        train(whole, options(optimizer(2)).build());
        damage(7);
        CNN loaded = loadQuietly(folder);
        assertThat(logged).hasSize(1);
        assertThat(logged.get(0).getLevel()).isEqualTo(Level.WARNING);
        assertThat(logged.get(0).getMessage())
                .startsWith("CNN: expected to load the newest checkpoint, " + checkpoint(folder, 7) + ", got ")
                .contains("sha256")
                .endsWith(" Loaded " + checkpoint(folder, 6) + " instead.");
        assertThat(loaded.fingerprint())
                .isEqualTo(CNN.load(checkpoint(folder, 6)).fingerprint());
        resume(loaded, options(optimizer(2)).checkpoints(folder).build());
        assertThat(loaded.fingerprint()).isEqualTo(whole.fingerprint());
    }

    @Test
    void load_newestWhole_doesNotWarn() throws IOException {
        damage(6);
        loadQuietly(folder);
        loadQuietly(checkpoint(folder, 7));
        assertThat(logged).isEmpty();
    }

    @Test
    void load_allDamaged_isRefusedWithAllReasons() throws IOException {
        for (String name : names(folder)) {
            Files.writeString(folder.resolve(name), "damaged");
        }
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> CNN.load(folder))
                .withMessageContaining(checkpoint(folder, 7).toString())
                .satisfies(e -> {
                    assertThat(e.getSuppressed()).hasSize(1);
                    assertThat(e.getSuppressed()[0])
                            .hasMessageContaining(checkpoint(folder, 6).toString());
                });
        assertThat(logged).isEmpty();
    }
}
