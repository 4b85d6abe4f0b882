package dev.purecnn.data;

/**
 * Random numbers that are a function of their number, not of which came before: each is a step of SplitMix64 from a key,
 * which is made of seed, epoch and image number by such steps too.
 *
 * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele, Lea and Flood 2014</a>
 */
final class Draws {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Draws() {}

    static long key(long seed, int epoch, int image) {
        return step(step(step(seed, 0), epoch), image);
    }

    private static long step(long state, long number) {
        long z = state + (number + 1) * GOLDEN_GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** From 0 up to, not including, 1: a multiple of 2^-53. */
    static double uniform(long key, long number) {
        return (step(key, number) >>> 11) * 0x1p-53;
    }

    /** One of so many whole numbers, from 0 on. */
    static int below(int bound, long key, long number) {
        return (int) (uniform(key, number) * bound);
    }
}
