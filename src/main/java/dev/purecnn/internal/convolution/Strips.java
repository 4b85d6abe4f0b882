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

    /** Overwrites a strip, which begins at {@code to}, with gradients of outputs. */
    void fill(double[] strip, int to, int image, int cell, int tileRow, int tileCol, int tiles);
}
