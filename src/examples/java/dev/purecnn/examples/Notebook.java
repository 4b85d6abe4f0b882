package dev.purecnn.examples;

import dev.purecnn.CNN;
import dev.purecnn.CnnBuilder;
import dev.purecnn.data.Dataset;
import dev.purecnn.data.MnistCsv;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.ConsoleListener;
import dev.purecnn.view.FilterPicture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/**
 * The notebook that this library grew out of, section by section: every network it trains, on MNIST, with its budget.
 *
 * <p>Run it with {@code mvn -q test-compile exec:java}. Pictures of the filters go to {@code target/notebook}.
 */
public final class Notebook {
    private static final long SEED = 42;
    private static final Path PICTURES = Path.of("target", "notebook");

    private final Dataset train;
    private final Dataset test;
    private final StringBuilder results = new StringBuilder();

    private Notebook(Dataset train, Dataset test) {
        this.train = train;
        this.test = test;
    }

    /**
     * Runs the notebook.
     *
     * @param arguments none
     * @throws IOException if the data cannot be read, or the pictures cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        long start = System.nanoTime();
        Files.createDirectories(PICTURES);
        Notebook notebook = new Notebook(
                load("data/mnist_train.csv.gz", 20_000), // as in the notebook
                load("data/mnist_test.csv.gz", 10_000));
        notebook.untrainedLayers();
        notebook.ownLayer();
        notebook.untrainedNetwork();
        notebook.demonstrations();
        print("%-21s  %9s  %8s  %8s  %s%n", "network", "test", "images/s", "notebook", "times");
        System.out.print(notebook.results);
        print("%nEverything took %.1f s.%n", (System.nanoTime() - start) * 1e-9);
    }

    private static Dataset load(String file, int maxRows) throws IOException {
        System.out.print("loading " + file + "... ");
        Dataset images = MnistCsv.load(Path.of(file), maxRows);
        System.out.println(
                "done. (" + images.size() + ", " + (1 + images.shape().size()) + ")");
        return images;
    }

    /** Two layers, chained by hand. */
    private void untrainedLayers() {
        heading("1.1 Proof of concept: simple neural net layer");
        Random random = new Random(SEED);
        NotebookDenseLayer layer1 = new NotebookDenseLayer(28 * 28, 64);
        NotebookDenseLayer layer2 = new NotebookDenseLayer(64, 10);
        layer2.connect(layer1.connect(train.shape(), random), random);
        int correct = 0;
        for (int i = 0; i < test.size(); i++) {
            double[] output = layer2.forward(layer1.forward(test.image(i)));
            correct += Evaluation.mostProbable(output, 0, 10) == test.label(i) ? 1 : 0;
        }
        print("Accuracy: %.1f%%%n", 100.0 * correct / test.size()); // should be about 1 / classes
    }

    /** The same layer, with back propagation, in a network. */
    private void ownLayer() {
        heading("1.2 Adding back propagation");
        CNN cnn = network(
                        new ConvolutionalLayer(1, 4, 3),
                        new NotebookDenseLayer(28 * 28 * 4, 64),
                        new ReLULayer(),
                        new DenseSoftmaxLayer(64, 10))
                .learningRate(0.008)
                .build();
        System.out.println(cnn);
        cnn.trainTestCycle(5, 1, train, test, 400);
        System.out.println("fingerprint " + cnn.fingerprint());
    }

    private void untrainedNetwork() {
        heading("2 Demonstration of full networks");
        CNN cnn = network(
                        new ConvolutionalLayer(1, 3, 3),
                        new MaxPoolingLayer(2),
                        new ConvolutionalLayer(3, 1, 3),
                        new ReLULayer(),
                        new DenseSoftmaxLayer(14 * 14, 10))
                .build();
        System.out.println(cnn);
        cnn.test(test);
        System.out.println("fingerprint " + cnn.fingerprint());
    }

    private static CnnBuilder network(Layer... layers) {
        return CNN.builder(Shape.of(1, 28, 28)).layers(layers).seed(SEED);
    }

    private void demonstrations() throws IOException {
        heading("2.1 Demonstration of back propagation");
        for (NotebookNetworks network : NotebookNetworks.values()) {
            demonstrate(network);
        }
    }

    private void demonstrate(NotebookNetworks network) throws IOException {
        TrainingClock clock = new TrainingClock(new ConsoleListener(System.out));
        CNN cnn = network.builder(SEED).listener(clock).build();
        System.out.println(cnn);
        System.out.print(cnn.summary());
        savePictures(cnn, network.title() + "-before");
        Evaluation tested = network.train(cnn, train, test);
        savePictures(cnn, network.title() + "-after");
        System.out.println("fingerprint " + cnn.fingerprint() + System.lineSeparator());
        results.append(String.format(
                Locale.ROOT,
                "%-21s  %7.2f %%  %8.0f  %8.1f  %,d%n",
                network.title(),
                100 * tested.accuracy(),
                clock.imagesPerSecond(),
                network.notebookImagesPerSecond,
                Math.round(clock.imagesPerSecond() / network.notebookImagesPerSecond)));
    }

    /** One picture for each convolution: the notebook could show the first one only. */
    private static void savePictures(CNN cnn, String name) throws IOException {
        for (int i = 0; i < cnn.layers().size(); i++) {
            if (cnn.layers().get(i) instanceof ConvolutionalLayer convolution) {
                Path file = PICTURES.resolve(name + "-layer" + i + ".png");
                FilterPicture.of(convolution).savePng(file);
                System.out.println("filters of layer " + i + ": " + file);
            }
        }
    }

    private static void heading(String title) {
        System.out.println(System.lineSeparator() + "== " + title + System.lineSeparator());
    }

    private static void print(String format, Object... values) {
        System.out.print(String.format(Locale.ROOT, format, values));
    }
}
