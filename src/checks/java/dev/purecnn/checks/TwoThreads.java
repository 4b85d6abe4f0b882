package dev.purecnn.checks;

import dev.purecnn.CNN;
import java.util.Arrays;
import java.util.Random;

/**
 * How much faster two threads train than one.
 *
 * <p>{@code mvn -q -P threads test-compile exec:java}: both train the same network, in turns, forty times each for 400 milliseconds, on
 * batches of 32; the figure is the median of the ratios of their speeds. Before that, both must have come to the same model.
 */
public final class TwoThreads {
    private static final String[] NETWORKS = {"S4", "L5", "R8"};
    private static final int BATCH_SIZE = 32;
    private static final int SAME_STEPS = 50;
    private static final int TURNS = 40;
    private static final long TURN_NANOS = 400_000_000;

    private final double[] images;
    private final int[] labels = new Random(2).ints(BATCH_SIZE, 0, 10).toArray();

    private TwoThreads(String network) {
        images = new Random(1)
                .doubles(BATCH_SIZE * MeasuredNetworks.input(network).size())
                .toArray();
    }

    /**
     * Measures.
     *
     * @param args networks' names; S4, L5 and R8 if there are none
     */
    public static void main(String[] args) {
        for (String name : args.length > 0 ? args : NETWORKS) {
            double[] ratios = new TwoThreads(name).ratios(name);
            System.out.printf(
                    "%s, batch %d: two threads train %.2f times as fast as one (median of %d; %.2f-%.2f)%n",
                    name, BATCH_SIZE, ratios[TURNS / 2], TURNS, ratios[0], ratios[TURNS - 1]);
        }
    }

    private double[] ratios(String name) {
        CNN one = network(name, 1);
        CNN two = network(name, 2);
        for (int step = 0; step < SAME_STEPS; step++) {
            one.trainOnBatch(images, labels);
            two.trainOnBatch(images, labels);
        }
        if (!one.fingerprint().equals(two.fingerprint())) {
            throw new IllegalStateException(
                    "TwoThreads: expected one model of " + name + " on one thread and on two, got " + one.fingerprint()
                            + " and " + two.fingerprint() + ". Find out which step differs.");
        }
        double[] ratios = new double[TURNS];
        stepsPerSecond(one);
        stepsPerSecond(two);
        for (int turn = 0; turn < TURNS; turn++) {
            double alone = stepsPerSecond(one);
            ratios[turn] = stepsPerSecond(two) / alone;
        }
        Arrays.sort(ratios);
        return ratios;
    }

    private static CNN network(String name, int threads) {
        return CNN.builder(MeasuredNetworks.input(name))
                .layers(MeasuredNetworks.layers(name))
                .threads(threads)
                .learningRate(1e-6) // so that random labels leave the weights as they are
                .seed(1)
                .quiet()
                .build();
    }

    private double stepsPerSecond(CNN cnn) {
        long start = System.nanoTime();
        long nanos = 0;
        int steps = 0;
        while (nanos < TURN_NANOS) {
            cnn.trainOnBatch(images, labels);
            steps++;
            nanos = System.nanoTime() - start;
        }
        return steps * 1e9 / nanos;
    }
}
