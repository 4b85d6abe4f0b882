package dev.purecnn.internal.kernel;

/**
 * The loops of Winograd's F(4 x 4, 3 x 3) (Lavin and Gray 2015, arXiv 1509.09308), defined down to the order of additions: four outputs
 * of a filter of three weights take six multiplications instead of twelve. This is the definition, in plain Java.
 *
 * <p>Everywhere, 8 channels or filters lie side by side as lanes. A window of 6 x 6 cells, a tile of 4 x 4 outputs and a filter of 3 x 3
 * weights each have 36 numbers. Number {@code 6 * i + j} of tile {@code t} is at {@code (6 * i + j) * STEP + 32 * t}, with room for 32
 * channels and {@link #BLOCK_TILES} tiles. In two directions, rows are transformed first, then columns.
 */
public class WinogradKernels {
    /** Numbers of a window, of a tile or of a filter. */
    public static final int NUMBERS = 36;
    /** From one tile, or row of a product, to the next. */
    public static final int ROW = 32;
    /** Channels side by side in a cell. */
    public static final int LANES = 8;
    /** Tiles that are transformed at once, at most. */
    public static final int BLOCK_TILES = 32;
    /** From one number of tiles to the next; not a power of 2, which caches dislike. */
    public static final int STEP = BLOCK_TILES * ROW + LANES;

    static final int WINDOW = 6;
    static final int TILE = 4;
    /** What {@link #filters} needs between its passes. */
    public static final int FILTERS_HALF = (9 + WINDOW * 3) * LANES;

    private static final int TILE_CELLS = TILE * LANES; // from one tile's cells to the next
    /** Between two directions, what is read together lies together: a column of a window's cells, and a tile's numbers. */
    static final int COLUMN = WINDOW * LANES;

    static final int TILE_NUMBERS = TILE * COLUMN;

    // ---- transforms of a row of tiles: rows first, then columns, with half of the work between

    /** Cells that a row of tiles reaches over, with all lanes. */
    static int halfRow(int tiles) {
        return tiles * TILE_CELLS + (WINDOW - TILE) * LANES;
    }

    /** The most that lies between the two directions of any transform of a row of tiles. */
    public static int halfLength(int tiles) {
        return Math.max(WINDOW * halfRow(tiles), TILE * WINDOW * tiles * LANES);
    }

    /**
     * Windows, which begin 4 cells apart, to their numbers.
     *
     * @param cellRow from one row of cells to the next
     */
    public final void windows(double[] cells, int from, int cellRow, double[] v, int to, int tiles, Scratch scratch) {
        double[] half = scratch.half(WINDOW * halfRow(tiles));
        int first = scratch.halfFrom();
        windowColumns(cells, from, cellRow, half, first, halfRow(tiles) / LANES);
        for (int i = 0; i < WINDOW; i++) {
            windowRow(half, first + i * LANES, v, to + i * WINDOW * STEP, tiles);
        }
    }

    /** The first direction of {@link #windows}. */
    void windowColumns(double[] cells, int from, int cellRow, double[] half, int to, int count) {
        window(cells, from, LANES, cellRow, half, to, COLUMN, LANES, count);
    }

    /** The second one, for a row of numbers. */
    void windowRow(double[] half, int from, double[] v, int to, int tiles) {
        window(half, from, TILE * COLUMN, COLUMN, v, to, ROW, STEP, tiles);
    }

    /** One direction, at {@code count} places of 8 lanes; {@code next} is from place to place. */
    private void window(
            double[] d, int from, int next, int step, double[] v, int to, int toNext, int toStep, int count) {
        for (int i = 0; i < count * LANES; i++) {
            int p = from + i / LANES * next + i % LANES;
            int q = to + i / LANES * toNext + i % LANES;
            double d1 = d[p + step];
            double d2 = d[p + 2 * step];
            double d3 = d[p + 3 * step];
            double d4 = d[p + 4 * step];
            double even1 = Math.fma(d2, -4, d4);
            double odd1 = Math.fma(d1, -4, d3);
            double even2 = d4 - d2;
            double odd2 = d3 - d1;
            v[q] = Math.fma(d[p], 4, Math.fma(d2, -5, d4));
            v[q + toStep] = even1 + odd1;
            v[q + 2 * toStep] = even1 - odd1;
            v[q + 3 * toStep] = Math.fma(odd2, 2, even2);
            v[q + 4 * toStep] = Math.fma(odd2, -2, even2);
            v[q + 5 * toStep] = Math.fma(d1, 4, Math.fma(d3, -5, d[p + 5 * step]));
        }
    }

    /**
     * The reverse of {@link #windows}: adds gradients of numbers to those of cells. In a row of a window's numbers, cells of two windows
     * get the left one's first.
     */
    public final void windowGradients(
            double[] v, int from, int step, double[] cells, int to, int cellRow, int tiles, Scratch scratch) {
        double[] half = scratch.half(WINDOW * halfRow(tiles));
        int first = scratch.halfFrom();
        int row = halfRow(tiles);
        for (int i = 0; i < WINDOW; i++) {
            windowGradientRow(v, from + i * WINDOW * step, step, half, first + i * row, tiles);
        }
        windowGradientColumns(half, first, row, cells, to, cellRow, row / LANES);
    }

    void windowGradientRow(double[] v, int from, int step, double[] d, int to, int tiles) {
        for (int lane = 0; lane < LANES; lane++) {
            double left0 = 0;
            double left1 = 0;
            int q = to + lane;
            for (int tile = 0; tile < tiles; tile++) {
                int p = from + tile * ROW + lane;
                double v0 = v[p];
                double v5 = v[p + 5 * step];
                double even1 = v[p + step] + v[p + 2 * step];
                double odd1 = v[p + step] - v[p + 2 * step];
                double even2 = v[p + 3 * step] + v[p + 4 * step];
                double odd2 = v[p + 3 * step] - v[p + 4 * step];
                d[q] = Math.fma(v0, 4, left0);
                d[q + LANES] = Math.fma(v5, 4, Math.fma(odd1, -4, Math.fma(odd2, -2, left1)));
                d[q + 2 * LANES] = Math.fma(v0, -5, Math.fma(even1, -4, -even2));
                d[q + 3 * LANES] = Math.fma(v5, -5, Math.fma(odd2, 2, odd1));
                left0 = v0 + even1 + even2;
                left1 = v5;
                q += TILE_CELLS;
            }
            d[q] = left0;
            d[q + LANES] = left1;
        }
    }

    void windowGradientColumns(double[] v, int from, int step, double[] cells, int to, int cellRow, int count) {
        for (int i = 0; i < count * LANES; i++) {
            int q = to + i;
            int p = from + i;
            double v0 = v[p];
            double v5 = v[p + 5 * step];
            double even1 = v[p + step] + v[p + 2 * step];
            double odd1 = v[p + step] - v[p + 2 * step];
            double even2 = v[p + 3 * step] + v[p + 4 * step];
            double odd2 = v[p + 3 * step] - v[p + 4 * step];
            cells[q] = Math.fma(v0, 4, cells[q]);
            cells[q + cellRow] = Math.fma(v5, 4, Math.fma(odd1, -4, Math.fma(odd2, -2, cells[q + cellRow])));
            cells[q + 2 * cellRow] += Math.fma(v0, -5, Math.fma(even1, -4, -even2));
            cells[q + 3 * cellRow] += Math.fma(v5, -5, Math.fma(odd2, 2, odd1));
            cells[q + 4 * cellRow] += v0 + even1 + even2;
            cells[q + 5 * cellRow] += v5;
        }
    }

    /**
     * Numbers to tiles of outputs, to which biases are added. All outputs of a lane are added to its sum, too, which so tells whether all
     * are finite.
     */
    public final void outputs(
            double[] m,
            int from,
            double[] biases,
            int bias,
            double[] cells,
            int to,
            int cellRow,
            int tiles,
            double[] sums,
            int sum,
            Scratch scratch) {
        double[] half = scratch.half(TILE_NUMBERS * tiles);
        int first = scratch.halfFrom();
        for (int col = 0; col < WINDOW; col++) {
            output(m, from + col * STEP, half, first + col * LANES, tiles);
        }
        for (int row = 0; row < TILE; row++) {
            int at = first + row * COLUMN;
            outputRow(half, at, biases, bias, cells, to + row * cellRow, tiles, sums, sum);
        }
    }

    /** The first direction of {@link #outputs}. */
    void output(double[] m, int from, double[] half, int to, int tiles) {
        for (int i = 0; i < tiles * LANES; i++) {
            int p = from + i / LANES * ROW + i % LANES;
            int q = to + i / LANES * TILE_NUMBERS + i % LANES;
            double even1 = m[p + WINDOW * STEP] + m[p + 2 * WINDOW * STEP];
            double odd1 = m[p + WINDOW * STEP] - m[p + 2 * WINDOW * STEP];
            double even2 = m[p + 3 * WINDOW * STEP] + m[p + 4 * WINDOW * STEP];
            double odd2 = m[p + 3 * WINDOW * STEP] - m[p + 4 * WINDOW * STEP];
            half[q] = m[p] + even1 + even2;
            half[q + COLUMN] = Math.fma(odd2, 2, odd1);
            half[q + 2 * COLUMN] = Math.fma(even2, 4, even1);
            half[q + 3 * COLUMN] = Math.fma(odd2, 8, odd1) + m[p + 5 * WINDOW * STEP];
        }
    }

    /** The second one, for a row of cells. */
    void outputRow(
            double[] m,
            int from,
            double[] biases,
            int bias,
            double[] cells,
            int to,
            int tiles,
            double[] sums,
            int sum) {
        for (int i = 0; i < tiles * LANES; i++) {
            int lane = i % LANES;
            int p = from + i / LANES * TILE_NUMBERS + lane;
            int q = to + i / LANES * TILE_CELLS + lane;
            double even1 = m[p + LANES] + m[p + 2 * LANES];
            double odd1 = m[p + LANES] - m[p + 2 * LANES];
            double even2 = m[p + 3 * LANES] + m[p + 4 * LANES];
            double odd2 = m[p + 3 * LANES] - m[p + 4 * LANES];
            double y0 = m[p] + even1 + even2 + biases[bias + lane];
            double y1 = Math.fma(odd2, 2, odd1) + biases[bias + lane];
            double y2 = Math.fma(even2, 4, even1) + biases[bias + lane];
            double y3 = Math.fma(odd2, 8, odd1) + m[p + 5 * LANES] + biases[bias + lane];
            cells[q] = y0;
            cells[q + LANES] = y1;
            cells[q + 2 * LANES] = y2;
            cells[q + 3 * LANES] = y3;
            sums[sum + lane] += (y0 + y1) + (y2 + y3);
        }
    }

    /** The reverse of {@link #outputs}: gradients of outputs to those of numbers. */
    public final void outputGradients(
            double[] cells, int from, int cellRow, double[] m, int to, int step, int tiles, Scratch scratch) {
        int row = tiles * TILE_CELLS;
        double[] half = scratch.half(WINDOW * row);
        int first = scratch.halfFrom();
        outputGradient(cells, from, LANES, cellRow, half, first, LANES, row, tiles * TILE);
        for (int i = 0; i < WINDOW; i++) {
            outputGradient(half, first + i * row, TILE_CELLS, LANES, m, to + i * WINDOW * step, ROW, step, tiles);
        }
    }

    /** One direction, as {@link #window}. */
    void outputGradient(
            double[] y, int from, int next, int step, double[] m, int to, int toNext, int toStep, int count) {
        for (int i = 0; i < count * LANES; i++) {
            int p = from + i / LANES * next + i % LANES;
            int q = to + i / LANES * toNext + i % LANES;
            double y0 = y[p];
            double y3 = y[p + 3 * step];
            double even1 = y0 + y[p + 2 * step];
            double odd1 = y[p + step] + y3;
            double even2 = Math.fma(y[p + 2 * step], 4, y0);
            double odd2 = Math.fma(y3, 4, y[p + step]);
            m[q] = y0;
            m[q + toStep] = even1 + odd1;
            m[q + 2 * toStep] = even1 - odd1;
            m[q + 3 * toStep] = Math.fma(odd2, 2, even2);
            m[q + 4 * toStep] = Math.fma(odd2, -2, even2);
            m[q + 5 * toStep] = y3;
        }
    }

    // ---- transforms of filters

    /**
     * The weights of up to 8 filters, {@code apart} from one to the next, to their numbers, 8 lanes each: those of filters that are
     * not there are 0.
     */
    public final void filters(
            double[] weights, int from, int apart, int count, double[] u, int to, int step, Scratch scratch) {
        double[] w = scratch.half(FILTERS_HALF);
        int first = scratch.halfFrom();
        int half = first + 9 * LANES; // where the weights end
        for (int tap = 0; tap < 9; tap++) {
            for (int lane = 0; lane < LANES; lane++) {
                w[first + tap * LANES + lane] = lane < count ? weights[from + lane * apart + tap] : 0;
            }
        }
        for (int col = 0; col < 3; col++) {
            filter(w, first + col * LANES, 3 * LANES, w, half + col * LANES, 3 * LANES);
        }
        for (int row = 0; row < WINDOW; row++) {
            filter(w, half + row * 3 * LANES, LANES, u, to + row * WINDOW * step, step);
        }
    }

    void filter(double[] g, int from, int step, double[] u, int to, int toStep) {
        for (int lane = 0; lane < LANES; lane++) {
            int p = from + lane;
            int q = to + lane;
            double g0 = g[p];
            double g1 = g[p + step];
            double g2 = g[p + 2 * step];
            double outer1 = (g0 + g2) * (-1 / 6.0);
            double inner1 = g1 * (1 / 6.0);
            double outer2 = Math.fma(g2, 4, g0) * (1 / 24.0);
            double inner2 = g1 * (1 / 12.0);
            u[q] = g0 * 0.25;
            u[q + toStep] = outer1 - inner1;
            u[q + 2 * toStep] = outer1 + inner1;
            u[q + 3 * toStep] = outer2 + inner2;
            u[q + 4 * toStep] = outer2 - inner2;
            u[q + 5 * toStep] = g2;
        }
    }

    /**
     * The reverse of {@link #filters}, for 8 filters side by side: gradients of their numbers to those of their 9 weights, 8 lanes each.
     */
    public final void filterGradients(double[] u, int from, int step, double[] gradients, Scratch scratch) {
        double[] half = scratch.half(WINDOW * WINDOW * LANES);
        int first = scratch.halfFrom();
        for (int col = 0; col < WINDOW; col++) {
            filterGradient(u, from + col * step, WINDOW * step, half, first + col * LANES, WINDOW * LANES);
        }
        for (int row = 0; row < 3; row++) {
            filterGradient(half, first + row * WINDOW * LANES, LANES, gradients, row * 3 * LANES, LANES);
        }
    }

    void filterGradient(double[] u, int from, int step, double[] g, int to, int toStep) {
        for (int lane = 0; lane < LANES; lane++) {
            int p = from + lane;
            int q = to + lane;
            double even1 = u[p + step] + u[p + 2 * step];
            double odd1 = u[p + 2 * step] - u[p + step];
            double even2 = u[p + 3 * step] + u[p + 4 * step];
            double odd2 = u[p + 3 * step] - u[p + 4 * step];
            g[q] = Math.fma(even2, 1 / 24.0, Math.fma(even1, -1 / 6.0, u[p] * 0.25));
            g[q + toStep] = Math.fma(odd2, 1 / 12.0, odd1 * (1 / 6.0));
            g[q + 2 * toStep] = Math.fma(even2, 1 / 6.0, Math.fma(even1, -1 / 6.0, u[p + 5 * step]));
        }
    }
}
