package dev.purecnn;

import java.util.Random;

/**
 * Runs a test with many seeds, and reports the one that fails. {@code -Dpurecnn.seed=42} repeats that one alone.
 */
public final class RandomSeed {
    private static final String REPLAY = "purecnn.seed";
    /** The golden ratio of 2^64: the first draws of Random are nearly alike for seeds that are small, and so are all first choices. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final int REPEATS = Integer.getInteger("purecnn.repeats", 1);

    private RandomSeed() {}

    /** A test that draws its case from a source of random numbers. */
    @FunctionalInterface
    public interface RandomTest {
        void run(Random random) throws Exception;
    }

    /** Runs the test with the seeds {@code 0, 1, ..., times - 1}, or with more by {@code -Dpurecnn.repeats}. */
    public static void repeat(int times, RandomTest test) {
        Long replayed = Long.getLong(REPLAY);
        if (replayed != null) {
            run(replayed, test);
            return;
        }
        for (int seed = 0; seed < REPEATS * times; seed++) {
            run(seed, test);
        }
    }

    private static void run(long seed, RandomTest test) {
        try {
            test.run(new Random(seed * SPREAD));
        } catch (Exception | AssertionError e) {
            throw new AssertionError("seed " + seed + " (replay: -D" + REPLAY + "=" + seed + "): " + e.getMessage(), e);
        }
    }
}
