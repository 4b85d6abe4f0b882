package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.DropoutLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.Progress;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files that earlier versions wrote are loaded for ever, with the bits that they had. The resources {@code 1-*} are of the
 * first format and {@code 3-*} of the third; {@link #main} of this class wrote them, run with the library of that time, and what is
 * expected of them, which was the same. {@code 3-python-*} have the content of {@code 3-*} in another order, read and written by the
 * script of {@code src/docs/model-files.md} with Python 3.11 and numpy 1.24.
 */
class GoldenFilesTest {
    private static final Shape INPUT = Shape.of(2, 7, 6);
    private static final int CLASSES = 3;
    /** In the middle of the second epoch, of three batches each. */
    private static final int CHECKPOINT_STEP = 5;

    @TempDir
    private Path folder;

    private static CNN network() {
        return CNN.builder(INPUT)
                .layers(
                        new ConvolutionalLayer(2, 3, 3, 0.75),
                        new BatchNormLayer(3),
                        new ReLULayer(),
                        new ResidualLayer(new ConvolutionalLayer(3, 3, 3), new DropoutLayer(0.25)),
                        new MaxPoolingLayer(2),
                        new DenseLayer(27, 5),
                        new ReLULayer(),
                        new DenseSoftmaxLayer(5, CLASSES))
                .learningRate(0.02)
                .learningRateDecay(0.95)
                .seed(20_261_127)
                .quiet()
                .build();
    }

    /** Made by a formula, and so the same for ever. */
    private static Dataset images() {
        double[][] images = new double[24][INPUT.size()];
        int[] labels = new int[images.length];
        for (int i = 0; i < images.length; i++) {
            labels[i] = (i * i + i / 5) % CLASSES;
            for (int j = 0; j < images[i].length; j++) {
                images[i][j] = (i * 31 + j * 17 + labels[i] * j * 5) % 97 / 96.0;
            }
        }
        return Dataset.of(images, labels, INPUT, CLASSES);
    }

    private static TrainingOptions.Builder options() {
        return TrainingOptions.builder()
                .epochs(4)
                .batchSize(8)
                .threads(1)
                .optimizer(Optimizer.adamW().weightDecay(0.02))
                .schedule(Schedule.cosine(0.02, 5))
                .clipNorm(3)
                .earlyStopping(3);
    }

    /** Writes the files, and prints what is expected of them. */
    public static void main(String[] arguments) throws IOException {
        Path target = Path.of(arguments[0]);
        Path checkpoints = Files.createTempDirectory("golden");
        TrainingListener stopper = new TrainingListener() {
            private int steps;

            @Override
            public void stepEnded(Progress progress) {
                if (++steps > CHECKPOINT_STEP) {
                    throw new UncheckedIOException(new IOException("far enough"));
                }
            }
        };
        CNN cnn = network();
        try {
            cnn.train(
                    images(),
                    images(),
                    options()
                            .checkpoints(checkpoints)
                            .checkpointEvery(1)
                            .listener(stopper)
                            .build());
        } catch (UncheckedIOException e) {
            System.out.println("# written by " + GoldenFilesTest.class.getName() + ", JDK " + Runtime.version());
        }
        Files.copy(CheckpointedTraining.checkpoint(checkpoints, CHECKPOINT_STEP), target.resolve("checkpoint"));
        CNN loaded = CNN.loader().quiet().load(target.resolve("checkpoint"));
        print("checkpoint", loaded);
        loaded.resume(images(), images(), options().build());
        print("resumed", loaded);
        loaded.save(target.resolve("model"));
        print("model", loaded);
    }

    private static void print(String name, CNN cnn) {
        System.out.println(name + ".fingerprint=" + cnn.fingerprint());
        System.out.println(name + ".predictions=" + predictions(cnn));
    }

    /** All bits of them. */
    private static String predictions(CNN cnn) {
        return Arrays.stream(cnn.predictAll(images()))
                .limit(6)
                .mapToObj(Double::toHexString)
                .collect(Collectors.joining(" "));
    }

    private Path resource(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = GoldenFilesTest.class.getResourceAsStream("golden/" + name)) {
            Files.copy(in, file);
        }
        return file;
    }

    private static void check(Properties expected, String name, CNN cnn) {
        assertThat(cnn.fingerprint()).as(name).isEqualTo(expected.getProperty(name + ".fingerprint"));
        assertThat(predictions(cnn)).as(name).isEqualTo(expected.getProperty(name + ".predictions"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3", "3-python"})
    void load_filesOfEarlierVersions_haveTheirBits(String format) throws IOException {
        Properties expected = new Properties();
        try (InputStream in = GoldenFilesTest.class.getResourceAsStream("golden/1.properties")) {
            expected.load(in);
        }
        check(expected, "model", CNN.load(resource(format + "-model.safetensors")));
        CNN cnn = CNN.loader().quiet().load(resource(format + "-checkpoint.safetensors"));
        check(expected, "checkpoint", cnn);
        cnn.resume(images(), images(), options().build());
        check(expected, "resumed", cnn);
    }
}
