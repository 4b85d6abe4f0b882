package dev.purecnn.peers;

import java.util.Arrays;
import java.util.Random;

/** Random images and labels for a network, the same for all programs. */
final class Images {
    private static final int COUNT = 512;

    private final int size;
    private final double[] pixels;
    private final int[] labels = new int[COUNT];

    Images(Network network) {
        Random random = new Random(2024);
        size = network.shape().size();
        pixels = new double[COUNT * size];
        Arrays.setAll(pixels, i -> random.nextDouble() - 0.5);
        Arrays.setAll(labels, i -> random.nextInt(Network.CLASSES));
    }

    /** How many different batches there are. */
    int batches(int batchSize) {
        return COUNT / batchSize;
    }

    double[] pixels(int batch, int batchSize) {
        int length = batchSize * size;
        return Arrays.copyOfRange(pixels, batch * length, (batch + 1) * length);
    }

    int[] labels(int batch, int batchSize) {
        return Arrays.copyOfRange(labels, batch * batchSize, (batch + 1) * batchSize);
    }
}
