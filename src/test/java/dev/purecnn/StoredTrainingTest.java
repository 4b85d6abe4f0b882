package dev.purecnn;

import static dev.purecnn.CheckpointedTraining.checkpoint;
import static dev.purecnn.CheckpointedTraining.loadQuietly;
import static dev.purecnn.Listeners.stopAfter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.purecnn.data.Dataset;
import dev.purecnn.data.FileDataset;
import dev.purecnn.data.MnistCsv;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training on CSV files that stay on the disk: the same network as from memory, in less memory than the images take. */
class StoredTrainingTest {
    private static final int LARGE = 12_000; // images, which take 9.4 MB in memory
    private static final String HEAP = "-Xmx9m";

    @TempDir
    private Path folder;

    private Path first;
    private Path second;

    @BeforeEach
    void writeShards() throws IOException {
        first = write("first.csv", 40, 1);
        second = write("second.csv", 25, 2);
    }

    private Path write(String name, int images, long seed) throws IOException {
        Random random = new Random(seed);
        Path file = folder.resolve(name);
        StringBuilder row = new StringBuilder();
        try (Writer out = Files.newBufferedWriter(file)) {
            for (int i = 0; i < images; i++) {
                row.setLength(0);
                row.append(random.nextInt(10));
                for (int pixel = 0; pixel < 28 * 28; pixel++) {
                    row.append(',').append(random.nextInt(256));
                }
                out.append(row).append('\n');
            }
        }
        return file;
    }

    private static CNN network() {
        return CNN.builder(Shape.of(1, 28, 28))
                .layers(new ConvolutionalLayer(1, 2, 3), new MaxPoolingLayer(4), new DenseSoftmaxLayer(2 * 7 * 7, 10))
                .seed(42)
                .quiet()
                .build();
    }

    private static String fingerprint(Dataset images, TrainingOptions options) {
        CNN cnn = network();
        cnn.train(images, null, options);
        return cnn.fingerprint();
    }

    @Test
    void train_shardsOnTheDisk_givesTheBitsOfThoseInMemory() throws IOException {
        Dataset loaded = MnistCsv.load(first).concat(MnistCsv.load(second));
        String expected = fingerprint(
                loaded, TrainingOptions.builder().epochs(2).threads(1).build());

        try (FileDataset opened = MnistCsv.open(first, second)) {
            for (int threads : new int[] {1, 2, 5}) {
                TrainingOptions options =
                        TrainingOptions.builder().epochs(2).threads(threads).build();
                assertThat(fingerprint(opened, options)).isEqualTo(expected);
            }
        }
    }

    @Test
    void resume_withinAnEpoch_givesTheSameBits() throws IOException {
        Path checkpoints = folder.resolve("checkpoints");
        TrainingOptions.Builder options =
                TrainingOptions.builder().epochs(2).batchSize(8).threads(1);
        try (FileDataset opened = MnistCsv.open(first, second)) {
            String expected = fingerprint(opened, options.build());
            TrainingOptions stopped = TrainingOptions.builder()
                    .epochs(2)
                    .batchSize(8)
                    .checkpoints(checkpoints)
                    .checkpointEvery(1)
                    .listener(stopAfter(13))
                    .build();
            CNN cnn = network();
            assertThatIllegalStateException()
                    .isThrownBy(() -> cnn.train(opened, null, stopped))
                    .withMessage("stopped by the test");

            CNN loaded = loadQuietly(checkpoint(checkpoints, 12));
            loaded.resume(opened, null, options.build());

            assertThat(loaded.fingerprint()).isEqualTo(expected);
        }
    }

    @Test
    void train_fileThatBecomesShorter_endsAsTheLastStepLeftIt() throws IOException {
        try (FileDataset opened = MnistCsv.open(first, second)) {
            CNN cnn = network();
            String before = cnn.fingerprint();
            Files.writeString(second, "");
            UncheckedIOException thrown = null;
            try {
                cnn.train(opened, null, TrainingOptions.builder().batchSize(65).build());
            } catch (UncheckedIOException e) {
                thrown = e;
            }
            assertThat(thrown)
                    .hasMessageContaining("as it was when the file was opened, got the end of the file."
                            + " Leave files alone while they are open.");
            assertThat(cnn.fingerprint()).isEqualTo(before);
        }
    }

    /** What a JVM does that has less memory than the images take. */
    public static void main(String[] arguments) throws IOException {
        TrainingOptions options = TrainingOptions.builder().batchSize(64).build();
        if (arguments[0].equals("load")) {
            System.out.println(fingerprint(MnistCsv.load(Path.of(arguments[1])), options));
        } else {
            try (FileDataset opened = MnistCsv.open(Path.of(arguments[1]))) {
                System.out.println(fingerprint(opened, options));
            }
        }
    }

    @Test
    void train_fileLargerThanMemory_givesTheSameBits() throws Exception {
        Path file = write("large.csv", LARGE, 3);
        String expected = fingerprint(
                MnistCsv.load(file), TrainingOptions.builder().batchSize(64).build());

        assertThat(inLittleMemory("load", file))
                .contains("bytes of images to keep in memory")
                .doesNotContain(expected);
        assertThat(inLittleMemory("open", file)).endsWith(expected);
    }

    private static String inLittleMemory(String how, Path file) throws Exception {
        Process process = OtherJvm.of(StoredTrainingTest.class, List.of(HEAP, "-XX:+UseSerialGC"), how, file.toString())
                .redirectErrorStream(true)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return text;
    }
}
