package dev.purecnn.checks;

import dev.purecnn.CNN;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Trains the same networks in many virtual machines, each set up differently, and prints a table of their fingerprints. Fails if
 * two fingerprints of a network differ.
 *
 * <p>{@code mvn -q -P bits test-compile exec:java}; more virtual machines with {@code -Dpurecnn.javas=HOME,HOME}. {@code
 * -XX:-UseFMA} simulates a processor without fused multiply-add; there, and in the interpreter, a step takes many seconds, so these
 * set-ups train for a few steps only.
 */
public final class SameBits {
    private static final int BATCH_SIZE = 32;
    private static final int STEPS = Integer.getInteger("purecnn.bits.steps", 300);
    /** Half as many: one takes as long as three of L5. */
    private static final int R8_STEPS = STEPS / 2;

    private static final List<String> VECTOR =
            List.of("--add-modules=jdk.incubator.vector", "-Dpurecnn.kernels=vector");
    private static final List<String> PLAIN = List.of("-Dpurecnn.kernels=plain");
    private static final List<String> UNFORCED = List.of("--add-modules=jdk.incubator.vector");
    private static final String SWITCHED = "plain, then vector kernels";

    private SameBits() {}

    /** One set-up: its name, the virtual machine's options, the threads, and the steps of S2, S4, L5 and R8 (0: none). */
    private record Setup(
            String name, List<String> options, int threads, int s2Steps, int s4Steps, int l5Steps, int r8Steps) {
        static Setup whole(String name, List<String> options, int threads) {
            return new Setup(name, options, threads, STEPS, STEPS, STEPS, R8_STEPS);
        }
    }

    /**
     * Prints the table, or, given a network, steps and threads, trains that network here and prints its fingerprint.
     *
     * @param args none; or the network's name, steps and threads, such as {@code S4 300 2}
     * @throws IOException if a virtual machine cannot be started
     * @throws InterruptedException if interrupted while one runs
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length == 3) {
            System.out.println(fingerprint(args[0], Integer.parseInt(args[1]), Integer.parseInt(args[2])));
        } else if (!printTable()) {
            throw new IllegalStateException("Two fingerprints of the same network differ, see the table above.");
        }
    }

    private static boolean printTable() throws IOException, InterruptedException {
        Map<String, String> seen = new LinkedHashMap<>();
        boolean same = true;
        System.out.println("| set-up | network | steps | fingerprint | |");
        System.out.println("| --- | --- | ---: | --- | --- |");
        for (String java : javas()) {
            for (Setup setup : setups()) {
                Map<String, Integer> steps = new LinkedHashMap<>();
                steps.put("S2", setup.s2Steps);
                steps.put("S4", setup.s4Steps);
                steps.put("L5", setup.l5Steps);
                steps.put("R8", setup.r8Steps);
                for (var entry : steps.entrySet()) {
                    if (entry.getValue() > 0) {
                        String fingerprint = run(java, setup, entry.getKey(), entry.getValue());
                        String network = entry.getKey() + " after " + entry.getValue();
                        String first = seen.computeIfAbsent(network, key -> fingerprint);
                        same &= first.equals(fingerprint);
                        System.out.printf(
                                "| %s, %s | %s | %d | %.16s | %s |%n",
                                version(java),
                                setup.name,
                                entry.getKey(),
                                entry.getValue(),
                                fingerprint,
                                first.equals(fingerprint) ? "same" : "DIFFERENT");
                    }
                }
            }
        }
        return same;
    }

    private static List<Setup> setups() {
        List<Setup> setups = new ArrayList<>();
        for (int threads : new int[] {1, 2, 3, 7, 16}) {
            setups.add(Setup.whole("vector, threads " + threads, VECTOR, threads));
        }
        setups.add(Setup.whole("plain, threads 2", PLAIN, 2));
        setups.add(Setup.whole("kernels not forced, threads 2", UNFORCED, 2));
        for (String option : List.of("-XX:UseAVX=1", "-XX:UseAVX=2", "-XX:UseAVX=3", "-XX:MaxVectorSize=16")) {
            setups.add(Setup.whole("vector, " + option, and(VECTOR, option), 2));
        }
        // slow set-ups, and what they are compared with
        setups.add(new Setup("vector, fewer steps", VECTOR, 2, 3, 1, 1, 1));
        setups.add(new Setup("plain, C1 only", and(PLAIN, "-XX:TieredStopAtLevel=1"), 2, STEPS, STEPS, 1, 1));
        setups.add(new Setup("plain, -Xint", and(PLAIN, "-Xint"), 2, 3, 1, 1, 1));
        setups.add(new Setup("plain, -XX:-UseFMA", and(PLAIN, "-XX:-UseFMA"), 2, 3, 0, 0, 0));
        return setups;
    }

    private static List<String> and(List<String> options, String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return all;
    }

    private static List<String> javas() {
        String homes = System.getProperty("purecnn.javas", FreshJvm.home());
        return List.of(homes.split(","));
    }

    private static String version(String home) throws IOException, InterruptedException {
        String text = output(List.of(Path.of(home, "bin", "java").toString(), "--version"));
        return text.lines().findFirst().orElse("").replaceAll("^(\\S+ \\S+).*", "$1");
    }

    private static String run(String home, Setup setup, String network, int steps)
            throws IOException, InterruptedException {
        List<String> options = and(setup.options, "-cp", FreshJvm.classPath(CNN.class, SameBits.class));
        List<String> command = FreshJvm.command(
                home, options, SameBits.class, network, String.valueOf(steps), String.valueOf(setup.threads));
        String text = output(command);
        if (setup.options.equals(UNFORCED) && network.equals("L5") && !text.contains(SWITCHED)) {
            throw new IllegalStateException("SameBits: expected L5 to switch from plain to vector kernels within "
                    + steps + " steps, got:\n" + text + "Train for more steps with -Dpurecnn.bits.steps.");
        }
        return text.lines()
                .filter(line -> line.matches("[0-9a-f]{64}"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        String.join(" ", command) + ": expected a fingerprint, got: " + text));
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }

    private static String fingerprint(String name, int steps, int threads) {
        CNN cnn = CNN.builder(MeasuredNetworks.input(name))
                .layers(MeasuredNetworks.layers(name))
                .seed(1)
                .threads(threads)
                .quiet()
                .build();
        boolean startsPlain = cnn.summary().contains("plain kernels");
        Random random = new Random(2);
        double[] images = new double[BATCH_SIZE * MeasuredNetworks.input(name).size()];
        int[] labels = new int[BATCH_SIZE];
        for (int step = 0; step < steps; step++) {
            for (int i = 0; i < images.length; i++) {
                images[i] = random.nextDouble();
            }
            for (int i = 0; i < labels.length; i++) {
                labels[i] = random.nextInt(10);
            }
            cnn.trainOnBatch(images, labels);
        }
        if (startsPlain && cnn.summary().contains("vector kernels")) {
            System.out.println(SWITCHED);
        }
        return cnn.fingerprint();
    }
}
