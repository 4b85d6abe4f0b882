package dev.purecnn;

import java.util.ArrayList;
import java.util.List;

/**
 * What networks and layers compute with plain kernels. {@link Benchmarks} computes it and passes it to the JVMs that measure, so
 * that each can check itself before it is timed.
 */
final class Answers {
    private static final String PREFIX = "purecnn.answer.";

    private Answers() {}

    /** Computes everything, and returns it as options for a JVM. */
    static List<String> asOptions() {
        List<String> options = new ArrayList<>();
        for (BenchmarkNetwork network : BenchmarkNetwork.values()) {
            options.add("-D" + PREFIX + network.name() + "=" + network.train());
        }
        for (BenchmarkLayer layer : BenchmarkLayer.values()) {
            options.add("-D" + PREFIX + layer.name() + "=" + layer.answer());
        }
        return options;
    }

    static void check(String name, String actual) {
        String expected = System.getProperty(PREFIX + name);
        if (!actual.equals(expected)) {
            throw new IllegalStateException(name + ": expected " + expected + " as with plain kernels, got " + actual
                    + ". Run dev.purecnn.Benchmarks.");
        }
    }
}
