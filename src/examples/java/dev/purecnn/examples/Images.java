package dev.purecnn.examples;

import dev.purecnn.CNN;
import dev.purecnn.data.Augmentation;
import dev.purecnn.data.Dataset;
import dev.purecnn.data.DatasetSplit;
import dev.purecnn.data.FileDataset;
import dev.purecnn.data.Idx;
import dev.purecnn.data.MnistCsv;
import dev.purecnn.data.PixelScaling;
import dev.purecnn.evaluation.ConfusionMatrix;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.evaluation.Mistake;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** The code of the page on images: split them, augment them in training, test a network, and stream images from files. */
public final class Images {
    private static final Path FOLDER = Path.of("target/images");

    private Images() {}

    /**
     * Trains on images in memory, then on images streamed from files.
     *
     * @param arguments none
     * @throws IOException if the data cannot be read, or a file cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        inMemory();
        onTheDisk(shards());
    }

    private static void inMemory() throws IOException {
        Dataset all = MnistCsv.load(Path.of("data/mnist_train.csv.gz"));
        DatasetSplit parts = all.shuffled(42).take(6_000).stratifiedSplit(0.9, 42); // each digit has its share in both
        Dataset train = parts.first();
        Dataset validation = parts.rest();

        CNN cnn = network();
        TrainingOptions options = TrainingOptions.builder()
                .epochs(4)
                .optimizer(Optimizer.adamW())
                .learningRate(0.002)
                .augmentation(Augmentation.builder()
                        .shift(2)
                        .rotate(10)
                        .zoom(0.9, 1.1)
                        .build())
                .build();
        cnn.train(train, validation, options);

        Dataset test = MnistCsv.load(Path.of("data/mnist_test.csv.gz"));
        Evaluation evaluation = cnn.test(test);
        System.out.printf(
                "%.2f %% right, %.2f %% with a second guess%n",
                100 * evaluation.accuracy(), 100 * evaluation.topAccuracy(2));
        ConfusionMatrix matrix = evaluation.confusionMatrix();
        System.out.println(matrix); // precision, recall and F1 of each digit, and all confusions
        for (Mistake mistake : evaluation.worstMistakes(3)) {
            System.out.println(
                    "image " + mistake.index() + " is a " + mistake.label() + ", taken for a " + mistake.predicted());
        }
    }

    private static void onTheDisk(List<Path> shards) throws IOException {
        CNN cnn = network();
        try (FileDataset train = MnistCsv.open(shards.toArray(new Path[0]))) {
            cnn.train(train, null, TrainingOptions.builder().epochs(2).build());
            Idx.save(train, FOLDER.resolve("images"), FOLDER.resolve("labels"), PixelScaling.UNIT);
        }
        try (FileDataset train = Idx.open(FOLDER.resolve("images"), FOLDER.resolve("labels"), 10, PixelScaling.UNIT)) {
            cnn.train(train, null, TrainingOptions.builder().epochs(2).build()); // the same images, read faster
        }
        System.out.println(cnn.fingerprint());
    }

    private static CNN network() {
        return CNN.builder(Shape.of(1, 28, 28))
                .layers(
                        new ConvolutionalLayer(1, 8, 3),
                        new MaxPoolingLayer(2),
                        new ReLULayer(),
                        new DenseSoftmaxLayer(8 * 14 * 14, 10))
                .seed(42)
                .build();
    }

    /** Unpacks some rows into files, as an example of files larger than memory. */
    private static List<Path> shards() throws IOException {
        Files.createDirectories(FOLDER);
        List<Path> shards = List.of(FOLDER.resolve("shard1.csv"), FOLDER.resolve("shard2.csv"));
        try (BufferedReader rows = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(Path.of("data/mnist_test.csv.gz"))),
                StandardCharsets.UTF_8))) {
            for (Path shard : shards) {
                Files.write(shard, rows.lines().limit(2_000).collect(Collectors.toList()));
            }
        }
        return shards;
    }
}
