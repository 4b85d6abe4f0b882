package dev.purecnn;

import dev.purecnn.checks.MeasuredNetworks;
import dev.purecnn.layer.Shape;
import java.util.Random;

/** The networks that are measured: four small ones of the notebook's kind, and a large one. */
public enum BenchmarkNetwork {
    S1,
    S2,
    S3,
    S4,
    L5;

    static final Shape IMAGE = MeasuredNetworks.INPUT;
    static final int CLASSES = 10;
    private static final int BATCH = 32;
    private static final int SINGLE_STEPS = 100;
    private static final int BATCH_STEPS = 6;

    CNN build() {
        return CNN.builder(IMAGE)
                .layers(MeasuredNetworks.layers(name()))
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

    /** Trains a fresh network in steps of one image and of many, and returns its fingerprint. */
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
     * Trains all networks, and checks that each gets the same bits as with plain kernels. This also gives the JVM a realistic
     * history: code that HotSpot has optimized for one network alone is faster than what users see.
     */
    public static void trainAll() {
        for (BenchmarkNetwork network : values()) {
            Answers.check(network.name(), network.train());
        }
    }
}
