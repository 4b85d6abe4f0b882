package dev.purecnn.internal.convolution;

/**
 * Where tiles go, and where their gradients come from. A strip is a row of tiles of 8 filters in lanes: 4 rows of cells, of which those over
 * the edge are not looked at, and get no gradient.
 */
interface Strips {
    /**
     * Takes outputs.
     *
     * @param strip begins at {@code from}; may be overwritten
     * @param cell which 8 filters
     * @param tileCol where the strip begins
     */
    void take(double[] strip, int from, int image, int cell, int tileRow, int tileCol, int tiles);

    /** Whether outputs come pooled, to {@link #takePooled}. */
    default boolean pools() {
        return false;
    }

    /** The least that pooled outputs are, 0 for ReLU. */
    default double floor() {
        return Double.NEGATIVE_INFINITY;
    }

    /** Takes pooled outputs instead: two rows of cells, which lie back to back. */
    default void takePooled(double[] strip, int from, int image, int cell, int tileRow, int tileCol, int tiles) {
        throw new UnsupportedOperationException("only where outputs come pooled");
    }

    /** Overwrites a strip, which begins at {@code to}, with gradients of outputs. */
    void fill(double[] strip, int to, int image, int cell, int tileRow, int tileCol, int tiles);
}
