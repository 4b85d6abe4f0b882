package dev.purecnn.peers;

import java.util.Arrays;
import java.util.Random;

/** Random images and labels, the same for all. */
final class Images {
    private static final int COUNT = 512;

    private final double[] pixels = new double[COUNT * Network.PIXELS];
    private final int[] labels = new int[COUNT];

    Images() {
        Random random = new Random(2024);
        Arrays.setAll(pixels, i -> random.nextDouble() - 0.5);
        Arrays.setAll(labels, i -> random.nextInt(Network.CLASSES));
    }

    /** How many different batches there are. */
    int batches(int batchSize) {
        return COUNT / batchSize;
    }

    double[] pixels(int batch, int batchSize) {
        int length = batchSize * Network.PIXELS;
        return Arrays.copyOfRange(pixels, batch * length, (batch + 1) * length);
    }

    int[] labels(int batch, int batchSize) {
        return Arrays.copyOfRange(labels, batch * batchSize, (batch + 1) * batchSize);
    }
}
