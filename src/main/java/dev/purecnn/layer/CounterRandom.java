package dev.purecnn.layer;

/**
 * Random numbers that are a function of a key and a counter alone, so that they may be drawn in any order, by any thread: the
 * numbers of SplitMix64 (Steele et al. 2014), each from its place in the sequence.
 */
final class CounterRandom {
    /** The odd number nearest to 2^64 divided by the golden ratio. */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private CounterRandom() {}

    /** The number at a place of the key's sequence; a key of its own, where a sequence of sequences is needed. */
    static long at(long key, long place) {
        long z = key + (place + 1) * STEP;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
