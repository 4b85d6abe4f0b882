package dev.purecnn.checks;

import dev.purecnn.CNN;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Predicts and trains for a long time, and fails if a prediction differs or the heap grows.
 *
 * <p>{@code mvn -q -P soak test-compile exec:java}: 16 threads predict 20,000 times each, then ten minutes of training
 * ({@code -Dpurecnn.soak.minutes=10}).
 */
public final class Soak {
    private static final int MINUTES = Integer.getInteger("purecnn.soak.minutes", 10);
    private static final int THREADS = 16;
    private static final int PREDICTIONS = 20_000;
    private static final int BATCH_SIZE = 32;

    private Soak() {}

    /**
     * Runs the predictions, then the training.
     *
     * @param args not used
     * @throws InterruptedException if interrupted
     */
    public static void main(String[] args) throws InterruptedException {
        CNN cnn = CNN.builder(MeasuredNetworks.INPUT)
                .layers(MeasuredNetworks.layers("S4"))
                .seed(1)
                .quiet()
                .build();
        Random random = new Random(2);
        double[] images = random.doubles((long) BATCH_SIZE * MeasuredNetworks.INPUT.size())
                .toArray();
        int[] labels = random.ints(BATCH_SIZE, 0, 10).toArray();
        predict(cnn, images);
        train(cnn, images, labels);
    }

    private static void predict(CNN cnn, double[] images) throws InterruptedException {
        double[][] singles = new double[BATCH_SIZE][];
        double[][] serial = new double[BATCH_SIZE][];
        for (int i = 0; i < BATCH_SIZE; i++) {
            singles[i] = Arrays.copyOfRange(
                    images, i * MeasuredNetworks.INPUT.size(), (i + 1) * MeasuredNetworks.INPUT.size());
            serial[i] = cnn.predict(singles[i]);
        }
        AtomicInteger equal = new AtomicInteger();
        Thread[] threads = new Thread[THREADS];
        for (int t = 0; t < THREADS; t++) {
            int first = t;
            threads[t] = new Thread(() -> {
                for (int i = first; i < first + PREDICTIONS; i++) {
                    // Arrays.equals compares doubles by their bits
                    if (Arrays.equals(cnn.predict(singles[i % BATCH_SIZE]), serial[i % BATCH_SIZE])) {
                        equal.incrementAndGet();
                    }
                }
            });
            threads[t].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf(
                "%d threads, %d predictions each: %d of %d equal to the serial prediction%n",
                THREADS, PREDICTIONS, equal.get(), THREADS * PREDICTIONS);
        require(equal.get() == THREADS * PREDICTIONS, "some predictions differ");
    }

    private static void train(CNN cnn, double[] images, int[] labels) throws InterruptedException {
        long first = 0;
        for (int minute = 0; minute <= MINUTES; minute++) {
            long end = System.nanoTime() + (minute == 0 ? 20_000_000_000L : 60_000_000_000L); // first a warm-up
            long steps = 0;
            for (; System.nanoTime() < end; steps++) {
                cnn.trainOnBatch(images, labels);
            }
            long used = usedHeap();
            first = minute == 0 ? used : first;
            System.out.printf("minute %d: %,d steps, %,d bytes of heap in use%n", minute, steps, used);
            require(used < first + 1_000_000, "the heap grows");
        }
    }

    private static long usedHeap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void require(boolean right, String complaint) {
        if (!right) {
            throw new IllegalStateException(
                    "Soak: expected equal predictions and a heap that does not grow, but " + complaint);
        }
    }
}
