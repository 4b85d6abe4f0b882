package dev.purecnn;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.CheckpointedTraining.BATCHES;
import static dev.purecnn.CheckpointedTraining.TRAIN;
import static dev.purecnn.CheckpointedTraining.VALIDATION;
import static dev.purecnn.CheckpointedTraining.checkpoint;
import static dev.purecnn.CheckpointedTraining.figures;
import static dev.purecnn.CheckpointedTraining.loadQuietly;
import static dev.purecnn.CheckpointedTraining.names;
import static dev.purecnn.CheckpointedTraining.network;
import static dev.purecnn.CheckpointedTraining.optimizer;
import static dev.purecnn.CheckpointedTraining.options;
import static dev.purecnn.CheckpointedTraining.resume;
import static dev.purecnn.CheckpointedTraining.train;
import static dev.purecnn.Listeners.interruptAfter;
import static dev.purecnn.Listeners.stopAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.training.History;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir
    private Path temporary;

    private Path folder() {
        return temporary.resolve("new").resolve("checkpoints");
    }

    /** Trains until after that step, with a checkpoint after each. */
    private CNN cutShort(Optimizer optimizer, int step) {
        CNN cnn = network();
        TrainingOptions options = options(optimizer)
                .checkpoints(folder())
                .checkpointEvery(1)
                .listener(stopAfter(step + 1))
                .build();
        assertThatThrownBy(() -> train(cnn, options)).hasMessage("stopped by the test");
        return cnn;
    }

    // ---- going on

    @Test
    void resume_fromAnyCheckpoint_givesSameBits() {
        int[] count = {0};
        RandomSeed.repeat(50, random -> {
            Optimizer optimizer = optimizer(random.nextInt(4));
            CNN whole = network();
            History expected = train(whole, options(optimizer).build());
            int steps = expected.epochs().size() * BATCHES;
            int every = CheckpointedTraining.between(random, 1, 7);
            int stop = CheckpointedTraining.between(random, Math.min(every, BATCHES) + 1, steps);
            Path folder = temporary.resolve("run" + count[0]++);
            TrainingOptions cut = options(optimizer)
                    .checkpoints(folder)
                    .checkpointEvery(every)
                    .listener(stopAfter(stop))
                    .build();
            assertThatThrownBy(() -> train(network(), cut)).hasMessage("stopped by the test");
            CNN loaded = loadQuietly(folder);
            History history = resume(
                    loaded,
                    options(optimizer)
                            .checkpoints(folder)
                            .threads(CheckpointedTraining.between(random, 1, 3))
                            .build());
            String place = "every " + every + " steps, stopped after " + stop + " of " + steps + ", " + optimizer;
            assertThat(loaded.fingerprint()).as(place).isEqualTo(whole.fingerprint());
            assertThat(figures(history)).as(place).isEqualTo(figures(expected));
            assertThat(history.ending()).as(place).isEqualTo(expected.ending());
        });
    }

    @Test
    void train_withCheckpoints_isTheSameTraining() throws IOException {
        CNN plain = network();
        History expected = train(plain, options(optimizer(3)).build());
        assertThat(expected.ending()).isEqualTo(History.Ending.EARLY_STOPPING);
        CNN cnn = network();
        History history = train(
                cnn,
                options(optimizer(3)).checkpoints(folder()).checkpointEvery(3).build());
        assertThat(cnn.fingerprint()).isEqualTo(plain.fingerprint());
        assertThat(figures(history)).isEqualTo(figures(expected));
        int steps = history.epochs().size() * BATCHES;
        assertThat(names(folder()))
                .last()
                .isEqualTo(checkpoint(folder(), steps).getFileName().toString());
        CNN loaded = loadQuietly(folder()); // of the end: what is left to do is to take the best values back
        assertThat(loaded.fingerprint()).isNotEqualTo(plain.fingerprint());
        assertThat(figures(resume(loaded, options(optimizer(3)).build()))).isEqualTo(figures(expected));
        assertThat(loaded.fingerprint()).isEqualTo(plain.fingerprint());
    }

    @Test
    void resume_interruptedTraining_wroteItsCheckpoint() throws IOException {
        CNN whole = network();
        train(whole, options(optimizer(0)).build());
        TrainingOptions options = options(optimizer(0))
                .checkpoints(folder())
                .listener(interruptAfter(8))
                .build();
        try {
            assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> train(network(), options));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(names(folder()))
                .containsExactly("checkpoint-000000000005.safetensors", "checkpoint-000000000008.safetensors");
        CNN loaded = loadQuietly(folder());
        resume(loaded, options(optimizer(0)).build());
        assertThat(loaded.fingerprint()).isEqualTo(whole.fingerprint());
    }

    @Test
    void save_interruptedThread_isWritten() throws IOException {
        CNN cnn = network();
        Path file = temporary.resolve("model");
        Thread.currentThread().interrupt();
        cnn.save(file);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(CNN.load(file).fingerprint()).isEqualTo(cnn.fingerprint());
    }

    @Test
    void train_loadedWithEqualOptimizer_goesOnWithItsMemory() throws IOException {
        CNN cnn = network();
        TrainingOptions options = TrainingOptions.builder()
                .threads(1)
                .optimizer(Optimizer.adam())
                .checkpoints(folder())
                .build();
        cnn.train(TRAIN, null, options);
        CNN equal = loadQuietly(folder());
        CNN other = loadQuietly(folder());
        TrainingOptions plain =
                TrainingOptions.builder().threads(1).optimizer(Optimizer.adam()).build();
        cnn.train(TRAIN, null, plain);
        equal.train(TRAIN, null, plain);
        other.train(
                TRAIN,
                null,
                TrainingOptions.builder()
                        .threads(1)
                        .optimizer(Optimizer.adam().beta1(0.8))
                        .build());
        assertThat(equal.fingerprint()).isEqualTo(cnn.fingerprint());
        assertThat(other.fingerprint()).isNotEqualTo(cnn.fingerprint());
    }

    @Test
    void resume_otherOptimizer_isRefused() throws IOException {
        cutShort(Optimizer.adam(), 3);
        CNN loaded = loadQuietly(folder());
        String before = loaded.fingerprint();
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        resume(loaded, options(Optimizer.adam().beta1(0.8)).build()))
                .withMessage("TrainingOptions: expected the optimizer that the training was cut short with,"
                        + " Adam[beta1=0.9, beta2=0.999, epsilon=1.0E-8, weightDecay=0.0], got"
                        + " Adam[beta1=0.8, beta2=0.999, epsilon=1.0E-8, weightDecay=0.0]."
                        + " Use an equal one; your own must print its numbers in toString().");
        assertThat(loaded.fingerprint()).isEqualTo(before);
        resume(loaded, options(Optimizer.adam()).build());
    }

    @Test
    void resume_model_isRefused() throws IOException {
        CNN cnn = cutShort(Optimizer.adam(), 3);
        Path file = temporary.resolve("model");
        cnn.save(file);
        CNN loaded = loadQuietly(file);
        assertThatIllegalStateException()
                .isThrownBy(() -> resume(loaded, options(Optimizer.adam()).build()))
                .withMessageStartingWith("CNN: expected a training that was cut short, got none.");
    }

    // ---- files

    @Test
    void checkpoints_inFolder_areTheLastTwo() throws IOException {
        Files.createDirectories(folder());
        for (String name : new String[] {
            "checkpoint-000000000001.safetensors.0a1b.unfinished",
            "checkpoint-000000000001.safetensors.bak",
            "checkpoint-1.safetensors",
            "notes.txt"
        }) {
            Files.writeString(folder().resolve(name), "as it was");
        }
        cutShort(optimizer(1), 7);
        assertThat(names(folder()))
                .containsExactly(
                        "checkpoint-000000000001.safetensors.bak",
                        "checkpoint-000000000006.safetensors",
                        "checkpoint-000000000007.safetensors",
                        "checkpoint-1.safetensors",
                        "notes.txt");
        assertThat(folder().resolve("checkpoint-1.safetensors")).hasContent("as it was");
    }

    @Test
    void checkpoint_localeWithOtherDigits_isCalledAlike() throws IOException {
        Locale locale = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        try {
            cutShort(optimizer(1), 2);
            assertThat(names(folder()))
                    .containsExactly("checkpoint-000000000001.safetensors", "checkpoint-000000000002.safetensors");
        } finally {
            Locale.setDefault(locale);
        }
    }

    @Test
    void load_checkpoint_isAModelToo() throws IOException {
        CNN cnn = cutShort(Optimizer.adam(), 7);
        Path file = checkpoint(folder(), 7);
        CNN loaded = loadQuietly(file);
        CNN before = CNN.load(checkpoint(folder(), 6));
        assertThat(loaded.fingerprint()).isNotEqualTo(before.fingerprint());
        assertThat(loaded.seed()).isEqualTo(cnn.seed());
        Path model = temporary.resolve("model");
        loaded.save(model);
        assertThat(Files.size(model)).isLessThan(Files.size(file) / 2);
        assertSameBits(CNN.load(model).predictAll(VALIDATION), loaded.predictAll(VALIDATION));
        byte[] bytes = Files.readAllBytes(file);
        int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
        String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
        assertThat(header)
                .contains(
                        "\"training.batch_size\":\"9\"",
                        "\"training.batches_done\":\"2\"",
                        "\"training.shuffle\":\"1\"")
                .contains("\"optimizer.layers.0.weights.mean\":{\"dtype\":\"F64\",\"shape\":[3,1,3,3],")
                .contains("\"optimizer.layers.3.layers.0.weights.square\":{", "\"best.layers.1.running_mean\":{")
                .contains("\"history\":{\"dtype\":\"F64\",\"shape\":[1,10],")
                .doesNotContain("running_mean.mean");
    }

    /** More than a thousand tensors, and a header that no small file may have. */
    @Test
    void load_checkpointOfManyLayers_hasTheSameBits() throws IOException {
        Layer[] layers = Stream.concat(
                        Stream.generate(() -> new DenseLayer(48, 48)).limit(170),
                        Stream.of(new DenseSoftmaxLayer(48, TestNetworks.CLASSES)))
                .toArray(Layer[]::new);
        CNN cnn = TestNetworks.withLayers(layers).learningRate(1e-6).build();
        TrainingOptions options = TrainingOptions.builder()
                .sampleSize(8)
                .threads(1)
                .optimizer(Optimizer.adam())
                .earlyStopping(1)
                .checkpoints(folder())
                .build();
        train(cnn, options);
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(checkpoint(folder(), 1)));
        assertThat(bytes.order(ByteOrder.LITTLE_ENDIAN).getLong(0)).isGreaterThan(1 << 17);
        assertThat(CNN.load(folder()).fingerprint()).isEqualTo(cnn.fingerprint());
    }

    @Test
    void load_folderWithoutCheckpoints_saysSo() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> CNN.load(temporary))
                .withMessageContaining(
                        "expected a model file, or a directory of checkpoints, got a directory without one");
    }

    @Test
    void train_folderIsAFile_isRefusedAtOnce() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "as it was");
        CNN cnn = network();
        String before = cnn.fingerprint();
        TrainingOptions options = options(optimizer(1)).checkpoints(file).build();
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> train(cnn, options))
                .withMessageStartingWith(file + ": expected a folder for checkpoints, got ")
                .withMessageEndingWith("Make it usable, or name another.");
        assertThat(cnn.fingerprint()).isEqualTo(before);
    }

    @Test
    void train_folderOfLaterTraining_isRefused() throws IOException {
        cutShort(optimizer(1), 7);
        TrainingOptions options = options(optimizer(1)).checkpoints(folder()).build();
        CNN fresh = network();
        String before = fresh.fingerprint();
        assertThatIllegalStateException()
                .isThrownBy(() -> train(fresh, options))
                .withMessage("CNN: expected a folder without checkpoints of more than 0 steps, got "
                        + checkpoint(folder(), 7)
                        + ". Load that one and resume, or delete it, or name another folder.");
        CNN older = loadQuietly(checkpoint(folder(), 6));
        assertThatIllegalStateException()
                .isThrownBy(() -> resume(older, options))
                .withMessageStartingWith("CNN: expected a folder without checkpoints of more than 6 steps, got ");
        assertThat(fresh.fingerprint()).isEqualTo(before);
    }
}
