package dev.purecnn;

import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import java.util.Random;
import java.util.function.Supplier;

/** The networks that are measured: four small ones of the notebook's kind, and a large one. */
public enum BenchmarkNetwork {
    S1(() -> new Layer[] {new ConvolutionalLayer(1, 8, 3), new DenseSoftmaxLayer(8 * 28 * 28, 10)}),
    S2(() -> new Layer[] {
        new ConvolutionalLayer(1, 3, 3),
        new MaxPoolingLayer(2),
        new ConvolutionalLayer(3, 3, 3),
        new DenseSoftmaxLayer(3 * 14 * 14, 10)
    }),
    S3(() -> new Layer[] {
        new ConvolutionalLayer(1, 8, 3), new ConvolutionalLayer(8, 4, 3), new DenseSoftmaxLayer(4 * 28 * 28, 10)
    }),
    S4(() -> new Layer[] {
        new ConvolutionalLayer(1, 16, 3),
        new MaxPoolingLayer(2),
        new ReLULayer(),
        new ConvolutionalLayer(16, 32, 3),
        new MaxPoolingLayer(2),
        new ReLULayer(),
        new DenseSoftmaxLayer(32 * 7 * 7, 10)
    }),
    L5(() -> new Layer[] {
        new ConvolutionalLayer(1, 32, 3),
        new ReLULayer(),
        new ConvolutionalLayer(32, 64, 3),
        new ReLULayer(),
        new MaxPoolingLayer(2),
        new DenseLayer(64 * 14 * 14, 128),
        new ReLULayer(),
        new DenseSoftmaxLayer(128, 10)
    });

    static final Shape IMAGE = Shape.of(1, 28, 28);
    static final int CLASSES = 10;
    private static final int BATCH = 32;
    private static final int SINGLE_STEPS = 100;
    private static final int BATCH_STEPS = 6;

    private final Supplier<Layer[]> layers;

    BenchmarkNetwork(Supplier<Layer[]> layers) {
        this.layers = layers;
    }

    CNN build() {
        return CNN.builder(IMAGE)
                .layers(layers.get())
                .learningRate(0.005)
                .seed(42)
                .threads(1)
                .quiet()
                .build();
    }

    /** Noise around 0, back to back. */
    static double[] images(int count, long seed) {
        return new Random(seed).doubles((long) count * IMAGE.size(), -0.5, 0.5).toArray();
    }

    static int[] labels(int count, long seed) {
        return new Random(seed).ints(count, 0, CLASSES).toArray();
    }

    /** Trains a fresh network in steps of one image and of many, and answers its fingerprint. */
    String train() {
        CNN cnn = build();
        double[] images = images(BATCH, 1);
        int[] labels = labels(BATCH, 2);
        double before = cnn.trainOnBatch(images, labels);
        double after = before;
        for (int step = 0; step < BATCH_STEPS; step++) {
            after = cnn.trainOnBatch(images, labels);
        }
        if (!(after < before)) {
            throw new IllegalStateException(
                    "Network " + this + ": expected a loss that falls, got " + before + ", then " + after);
        }
        for (int step = 0; step < SINGLE_STEPS; step++) {
            cnn.trainOnBatch(images(1, step), labels(1, step));
            cnn.predict(images(1, -step));
        }
        return cnn.fingerprint();
    }

    /**
     * Trains all networks, and checks that each becomes what it becomes with plain kernels. It also makes the JVM a used one:
     * what HotSpot has learned from one network alone is faster than what users meet.
     */
    public static void trainAll() {
        for (BenchmarkNetwork network : values()) {
            Answers.check(network.name(), network.train());
        }
    }
}
