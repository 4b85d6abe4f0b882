package dev.purecnn.examples;

import dev.purecnn.CNN;
import dev.purecnn.CnnBuilder;
import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import java.util.function.Supplier;

/** The four networks that the notebook trains, each with its budget. */
public enum NotebookNetworks {
    EIGHT_DENSE("8-dense", 3, 2, 2000, 0.9, 11, () -> new Layer[] {
        new ConvolutionalLayer(1, 8, 3), //
        new DenseSoftmaxLayer(28 * 28 * 8, 10),
    }),
    THREE_POOL_THREE_DENSE("3-pool-3-dense", 3, 2, 2000, 0.9, 25, () -> new Layer[] {
        new ConvolutionalLayer(1, 3, 3),
        new MaxPoolingLayer(2),
        new ConvolutionalLayer(3, 3, 3),
        new DenseSoftmaxLayer(14 * 14 * 3, 10),
    }),
    EIGHT_FOUR_DENSE("8-4-dense", 3, 2, 2000, 0.9, 7.6, () -> new Layer[] {
        new ConvolutionalLayer(1, 8, 3), //
        new ConvolutionalLayer(8, 4, 3),
        new DenseSoftmaxLayer(28 * 28 * 4, 10),
    }),
    NETWORK_7("16-pool-32-pool-dense", 3, 3, 3000, 0.8, 2.8, () -> new Layer[] {
        new ConvolutionalLayer(1, 16, 3),
        new MaxPoolingLayer(2),
        new ReLULayer(),
        new ConvolutionalLayer(16, 32, 3),
        new MaxPoolingLayer(2),
        new ReLULayer(),
        new DenseSoftmaxLayer(7 * 7 * 32, 10),
    });

    private final String title;
    private final int epochs;
    private final int cycles;
    private final int sampleSize;
    private final double learningRateDecay;
    /** Images per second that the notebook's algorithm (Cython, NumPy 1.24) trained on one core. */
    final double notebookImagesPerSecond;

    private final Supplier<Layer[]> layers;

    NotebookNetworks(
            String title,
            int epochs,
            int cycles,
            int sampleSize,
            double learningRateDecay,
            double notebookImagesPerSecond,
            Supplier<Layer[]> layers) {
        this.title = title;
        this.epochs = epochs;
        this.cycles = cycles;
        this.sampleSize = sampleSize;
        this.learningRateDecay = learningRateDecay;
        this.notebookImagesPerSecond = notebookImagesPerSecond;
        this.layers = layers;
    }

    /** The network's name, after its layers. */
    public String title() {
        return title;
    }

    /** New layers of the network. */
    public Layer[] layers() {
        return layers.get();
    }

    /** A builder that lacks only a listener. */
    public CnnBuilder builder(long seed) {
        return CNN.builder(Shape.of(1, 28, 28))
                .layers(layers())
                .learningRate(0.01)
                .learningRateDecay(learningRateDecay)
                .seed(seed);
    }

    /** Trains a network for as long as the notebook did. */
    public Evaluation train(CNN cnn, Dataset train, Dataset test) {
        return cnn.trainTestCycle(epochs, cycles, train, test, sampleSize);
    }
}
