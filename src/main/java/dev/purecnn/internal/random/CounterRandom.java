package dev.purecnn.internal.random;

/**
 * Random numbers that are a function of a key and a number alone, so that any thread may draw them in any order: those of
 * SplitMix64 (Steele, Lea and Flood 2014, doi 10.1145/2714064.2660195), each from its place in the sequence.
 */
public final class CounterRandom {
    /** The odd number nearest to 2^64 divided by the golden ratio. */
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private CounterRandom() {}

    /** The number at a place of the key's sequence; itself a key, where a sequence of sequences is needed. */
    public static long at(long key, long place) {
        long z = key + (place + 1) * GOLDEN_GAMMA;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** From 0 up to, not including, 1: a multiple of 2^-53. */
    public static double uniform(long key, long place) {
        return (at(key, place) >>> 11) * 0x1p-53;
    }

    /** A whole number from 0 up to, not including, the bound. */
    public static int below(int bound, long key, long place) {
        return (int) (uniform(key, place) * bound);
    }
}
