package dev.purecnn.checks;

import dev.purecnn.CNN;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Starts fresh virtual machines, and fails if the first prediction comes too late or one of the first thousand takes too long.
 *
 * <p>{@code mvn -q -P cold test-compile exec:java}: eleven virtual machines, with the vector module and without it. The time to
 * the first prediction runs from the start of the process to the line that it prints.
 */
public final class ColdStart {
    private static final int STARTS = 11;
    private static final int PREDICTIONS = 1000;
    private static final double FIRST_LIMIT_MILLIS = 250;
    private static final double SLOWEST_LIMIT_MILLIS = 20;
    private static final double NANOS_PER_MILLI = 1e6;

    private ColdStart() {}

    /**
     * Measures, or, given an argument, predicts.
     *
     * @param args none; or "predict"
     * @throws IOException if a virtual machine cannot be started
     * @throws InterruptedException if interrupted while one runs
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length > 0) {
            predict();
            return;
        }
        boolean soon = measure("with the vector module", List.of("--add-modules", "jdk.incubator.vector"));
        soon &= measure("without it", List.of());
        if (!soon) {
            throw new IllegalStateException("ColdStart: expected a first prediction within " + FIRST_LIMIT_MILLIS
                    + " ms and none slower than " + SLOWEST_LIMIT_MILLIS + " ms, got the times above. Find what delays"
                    + " them, or run this program on an idle machine.");
        }
    }

    private static boolean measure(String name, List<String> options) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of("-cp", FreshJvm.classPath(CNN.class, ColdStart.class)));
        List<String> command = FreshJvm.command(FreshJvm.home(), all, ColdStart.class, "predict");
        double[] firsts = new double[STARTS];
        double[] slowests = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            long start = System.nanoTime();
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                String first = output.readLine();
                firsts[i] = (System.nanoTime() - start) / NANOS_PER_MILLI;
                String slowest = output.readLine();
                if (first == null || slowest == null || process.waitFor() != 0) {
                    throw new IllegalStateException("ColdStart: expected two lines, got " + first + ", " + slowest);
                }
                slowests[i] = Long.parseLong(slowest) / NANOS_PER_MILLI;
            }
        }
        Arrays.sort(firsts);
        Arrays.sort(slowests);
        double first = firsts[STARTS / 2];
        double slowest = slowests[STARTS / 2];
        System.out.printf(
                "%s: first prediction after %.0f ms (%.0f-%.0f), slowest of the first %d %.1f ms (%.1f-%.1f);"
                        + " medians of %d starts (lowest-highest)%n",
                name,
                first,
                firsts[0],
                firsts[STARTS - 1],
                PREDICTIONS,
                slowest,
                slowests[0],
                slowests[STARTS - 1],
                STARTS);
        return first < FIRST_LIMIT_MILLIS && slowest < SLOWEST_LIMIT_MILLIS;
    }

    private static void predict() {
        CNN cnn = CNN.builder(MeasuredNetworks.INPUT)
                .layers(MeasuredNetworks.layers("S4"))
                .seed(1)
                .quiet()
                .build();
        double[] image = new Random(2).doubles(MeasuredNetworks.INPUT.size()).toArray();
        long slowest = 0;
        for (int i = 0; i < PREDICTIONS; i++) {
            long start = System.nanoTime();
            double[] probabilities = cnn.predict(image);
            slowest = Math.max(slowest, System.nanoTime() - start);
            if (i == 0) {
                System.out.println(probabilities[0]);
            }
        }
        System.out.println(slowest);
    }
}
