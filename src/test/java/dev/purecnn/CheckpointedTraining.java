package dev.purecnn;

import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.withLayers;

import dev.purecnn.data.Augmentation;
import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.DropoutLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.training.History;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/** A small training in which everything has a memory or draws at random, and which ends early. */
final class CheckpointedTraining {
    static final Dataset TRAIN = images(50, 1);
    /** Labels that cannot be learned, so that the loss soon rises. */
    static final Dataset VALIDATION = images(20, 2).mapLabels(CLASSES, label -> (label + 1) % CLASSES);

    static final int BATCHES = 5;

    private CheckpointedTraining() {}

    static CNN network() {
        return withLayers(
                        new ConvolutionalLayer(1, 3, 3, 0.75),
                        new BatchNormLayer(3),
                        new ReLULayer(),
                        new ResidualLayer(
                                ConvolutionalLayer.builder(3, 3)
                                        .groups(3)
                                        .momentum(0.5)
                                        .build(),
                                new DropoutLayer(0.2)),
                        new DropoutLayer(0.3),
                        new DenseSoftmaxLayer(3 * 8 * 6, CLASSES))
                .build();
    }

    /** Four optimizers in turn: those with momentum of their own and of the layers, and both Adams. */
    static Optimizer optimizer(int number) {
        return List.of(
                        Optimizer.sgd().momentum(0.9).nesterov().weightDecay(0.001),
                        Optimizer.sgd(),
                        Optimizer.adam().weightDecay(0.001),
                        Optimizer.adamW().beta2(0.95))
                .get(number % 4);
    }

    static TrainingOptions.Builder options(Optimizer optimizer) {
        return TrainingOptions.builder()
                .epochs(6)
                .batchSize(9)
                .sampleSize(40)
                .threads(1)
                .optimizer(optimizer)
                .schedule(Schedule.cosine(0.02, 7.5).withWarmUp(0.1, 0.7))
                .clipNorm(2)
                .augmentation(Augmentation.builder().shift(1).build())
                .earlyStopping(2);
    }

    static History train(CNN cnn, TrainingOptions options) {
        return cnn.train(TRAIN, VALIDATION, options);
    }

    static History resume(CNN cnn, TrainingOptions options) {
        return cnn.resume(TRAIN, VALIDATION, options);
    }

    /** Loads a network that prints nothing. */
    static CNN loadQuietly(Path file) throws IOException {
        return CNN.loader().quiet().load(file);
    }

    /** An epoch without what the clock says. */
    record Figures(int epoch, int epochs, Evaluation training, Evaluation validation, double learningRate) {}

    static List<Figures> figures(History history) {
        return history.epochs().stream()
                .map(result -> new Figures(
                        result.epoch(), result.epochs(), result.training(), result.validation(), result.learningRate()))
                .toList();
    }

    static Path checkpoint(Path folder, long step) {
        return folder.resolve(String.format(Locale.ROOT, "checkpoint-%012d.safetensors", step));
    }

    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    static int between(Random random, int first, int last) {
        return first + random.nextInt(last - first + 1);
    }
}
