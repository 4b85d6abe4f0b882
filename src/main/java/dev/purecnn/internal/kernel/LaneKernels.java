package dev.purecnn.internal.kernel;

import java.util.Arrays;

/**
 * Activation and pooling of cells of 8 channels side by side. A slope of 0 means ReLU, another one the leaky one. This is the definition;
 * values and gradients have the bits that the layers give.
 */
public class LaneKernels {
    private static final int LANES = WinogradKernels.LANES;
    private static final int ROW = WinogradKernels.ROW;
    /** The slope of no activation. */
    public static final double NONE = 1;

    /** Added to a pooled window's winner, 0 to 3 in row order, if the activation does not let its gradient pass. */
    static final int BLOCKED = 4;

    /** What is added to {@code gradient * slope}: makes 0.0 of -0.0 for ReLU, and changes nothing else. */
    static double addend(double slope) {
        return slope == 0 ? 0.0 : -0.0;
    }

    /**
     * A row of outputs of at most 32 filters and 32 columns: {@code C[col][f] = start[f] + sum over k of A[offset[k] + col] * B[k][f]}, each a
     * chain of {@code Math.fma} over ascending k; then {@code floor}, 0 for ReLU and else negative infinity, if that is larger. Rows of B are
     * 32 apart.
     *
     * @param cellStep from the cells of 8 filters in C to those of the next 8
     * @param filters a multiple of 8
     */
    public void convolve(
            double[] a,
            int from,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] start,
            int startFrom,
            double floor,
            double[] c,
            int cFrom,
            int cellStep,
            int cols,
            int filters,
            Scratch scratch) {
        double[][] sums = sum(a, from, 0, 1, offsets, b, bFrom, start, startFrom, cols, filters, scratch);
        for (int f = 0; f < filters; f++) {
            double[] sum = sums[f / Scratch.SUMS];
            int first = f % Scratch.SUMS * Scratch.ROW;
            int to = cFrom + f / LANES * cellStep + f % LANES;
            for (int col = 0; col < cols; col++) {
                c[to + col * LANES] = Math.max(sum[first + col], floor);
            }
        }
    }

    /** One or two rows of outputs, side by side, for each filter. */
    private static double[][] sum(
            double[] a,
            int from,
            int row,
            int rows,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] start,
            int startFrom,
            int cols,
            int filters,
            Scratch scratch) {
        double[][] sums = scratch.sums(filters);
        for (int f = 0; f < filters; f++) {
            int first = f % Scratch.SUMS * Scratch.ROW;
            Arrays.fill(sums[f / Scratch.SUMS], first, first + rows * cols, start[startFrom + f]);
        }
        for (int k = 0; k < offsets.length; k++) {
            for (int r = 0; r < rows; r++) {
                System.arraycopy(a, from + offsets[k] + r * row, scratch.pair, k % 2 * Scratch.ROW + r * cols, cols);
            }
            if (k % 2 == 1) {
                scratch.addPair(b, bFrom + (k - 1) * ROW, 1, ROW, filters, rows * cols);
            } else if (k + 1 == offsets.length) {
                scratch.addOne(b, bFrom + k * ROW, 1, filters, rows * cols);
            }
        }
        return sums;
    }

    /**
     * Two rows as by {@link #convolve}, pooled: of each 2 x 2 outputs the largest. NaN counts as largest.
     *
     * @param row from the numbers of A for the first row to those for the second
     * @param c gets a row of pooled cells
     * @param cols pooled ones, at most 16
     */
    public void convolvePooled(
            double[] a,
            int from,
            int row,
            int[] offsets,
            double[] b,
            int bFrom,
            double[] start,
            int startFrom,
            double floor,
            double[] c,
            int cFrom,
            int cellStep,
            int cols,
            int filters,
            Scratch scratch) {
        int width = 2 * cols;
        double[][] sums = sum(a, from, row, 2, offsets, b, bFrom, start, startFrom, width, filters, scratch);
        for (int f = 0; f < filters; f++) {
            double[] sum = sums[f / Scratch.SUMS];
            int first = f % Scratch.SUMS * Scratch.ROW;
            int to = cFrom + f / LANES * cellStep + f % LANES;
            for (int col = 0; col < cols; col++) {
                int p = first + 2 * col;
                double upper = Math.max(sum[p], sum[p + 1]);
                double lower = Math.max(sum[p + width], sum[p + width + 1]);
                c[to + col * LANES] = Math.max(Math.max(upper, lower), floor);
            }
        }
    }

    /**
     * For three taps side by side, 8 filters, and a multiple of 8 places: {@code sums[tap][f] = sum over q of A[q + tap] * G[q][f]}, in
     * parts and in the order of {@link Kernels#dot}.
     */
    public void threeTaps(double[] a, int from, double[] g, int gFrom, int places, double[] sums, int to) {
        Arrays.fill(sums, to, to + 3 * LANES, -0.0); // to which anything may be added
        for (int lane = 0; lane < LANES; lane++) {
            addThreeTaps(a, from, g, gFrom + lane, places, sums, to + lane);
            addThreeTaps(a, from + 4, g, gFrom + 4 * LANES + lane, places, sums, to + lane);
        }
    }

    /** Four of eight parts, so that registers suffice. */
    private static void addThreeTaps(double[] a, int from, double[] g, int gFrom, int places, double[] sums, int to) {
        double r0 = 0;
        double r1 = 0;
        double r2 = 0;
        double r3 = 0;
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double t0 = 0;
        double t1 = 0;
        double t2 = 0;
        double t3 = 0;
        for (int q = 0; q < places; q += 8) {
            int p = from + q;
            int i = gFrom + q * LANES;
            double g0 = g[i];
            double g1 = g[i + LANES];
            double g2 = g[i + 2 * LANES];
            double g3 = g[i + 3 * LANES];
            r0 = Math.fma(a[p], g0, r0);
            r1 = Math.fma(a[p + 1], g1, r1);
            r2 = Math.fma(a[p + 2], g2, r2);
            r3 = Math.fma(a[p + 3], g3, r3);
            s0 = Math.fma(a[p + 1], g0, s0);
            s1 = Math.fma(a[p + 2], g1, s1);
            s2 = Math.fma(a[p + 3], g2, s2);
            s3 = Math.fma(a[p + 4], g3, s3);
            t0 = Math.fma(a[p + 2], g0, t0);
            t1 = Math.fma(a[p + 3], g1, t1);
            t2 = Math.fma(a[p + 4], g2, t2);
            t3 = Math.fma(a[p + 5], g3, t3);
        }
        sums[to] += (r0 + r1) + (r2 + r3);
        sums[to + LANES] += (s0 + s1) + (s2 + s3);
        sums[to + 2 * LANES] += (t0 + t1) + (t2 + t3);
    }

    /** The same for one tap. */
    public void oneTap(double[] a, int from, double[] g, int gFrom, int places, double[] sums, int to) {
        for (int lane = 0; lane < LANES; lane++) {
            sums[to + lane] = dot(a, from, g, gFrom + lane, places);
        }
    }

    private static double dot(double[] a, int from, double[] g, int gFrom, int places) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        for (int q = 0; q < places; q += 8) {
            int p = from + q;
            int r = gFrom + q * LANES;
            s0 = Math.fma(a[p], g[r], s0);
            s1 = Math.fma(a[p + 1], g[r + LANES], s1);
            s2 = Math.fma(a[p + 2], g[r + 2 * LANES], s2);
            s3 = Math.fma(a[p + 3], g[r + 3 * LANES], s3);
            s4 = Math.fma(a[p + 4], g[r + 4 * LANES], s4);
            s5 = Math.fma(a[p + 5], g[r + 5 * LANES], s5);
            s6 = Math.fma(a[p + 6], g[r + 6 * LANES], s6);
            s7 = Math.fma(a[p + 7], g[r + 7 * LANES], s7);
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }

    /** In place. NaN stays NaN. */
    public void activate(double[] cells, int from, int length, double slope) {
        for (int i = from; i < from + length; i++) {
            cells[i] = activated(cells[i], slope);
        }
    }

    /**
     * Normalizes 8 channels, in place: {@code cell = scale * ((cell - mean) * inverse) + shift}.
     *
     * @param norms from {@code norm} on: their means, inverse deviations, scales and shifts, 8 of each
     */
    public void normalize(double[] cells, int from, int length, double[] norms, int norm) {
        for (int i = 0; i < length; i++) {
            int n = norm + i % LANES;
            cells[from + i] =
                    norms[n + 2 * LANES] * ((cells[from + i] - norms[n]) * norms[n + LANES]) + norms[n + 3 * LANES];
        }
    }

    private static double activated(double x, double slope) {
        return slope == 0 ? Math.max(x, 0.0) : x > 0 ? x : slope * x;
    }

    /** The gradient in place, from what {@link #activate} gave. NaN where an output is, or where an infinite gradient meets ReLU's 0. */
    public void activateGradient(
            double[] outputs, int from, double[] gradient, int gradientFrom, int length, double slope) {
        double addend = addend(slope);
        for (int i = 0; i < length; i++) {
            double output = outputs[from + i];
            double g = gradient[gradientFrom + i];
            gradient[gradientFrom + i] = choose(notAbove0(output), g * slope + addend, g);
            if (Double.isNaN(output)) { // never, as long as all goes well: always foreseen
                gradient[gradientFrom + i] = output;
            }
        }
    }

    // without branches, which would be mispredicted half the time: masks are all ones for true, 0 for false

    private static long notAbove0(double x) {
        return Double.doubleToRawLongBits(x + 0.0) - 1 >> 63;
    }

    /** Neither is NaN. */
    private static long differ(double x, double y) {
        long difference = Double.doubleToRawLongBits(x + 0.0) ^ Double.doubleToRawLongBits(y + 0.0);
        return (difference | -difference) >> 63;
    }

    private static double choose(long mask, double ifTrue, double ifFalse) {
        return Double.longBitsToDouble(
                Double.doubleToRawLongBits(ifTrue) & mask | Double.doubleToRawLongBits(ifFalse) & ~mask);
    }

    /** The largest of each window of 2 x 2 cells, or {@code floor} as in {@link #convolve}; NaN counts as largest. */
    public void pool(
            double[] cells,
            int from,
            int cellRow,
            double[] pooled,
            int to,
            int toRow,
            int rows,
            int cols,
            double floor) {
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < cols * LANES; i++) {
                int p = from + 2 * row * cellRow + corner(i);
                double upper = Math.max(cells[p], cells[p + LANES]);
                double lower = Math.max(cells[p + cellRow], cells[p + cellRow + LANES]);
                pooled[to + row * toRow + i] = Math.max(Math.max(upper, lower), floor);
            }
        }
    }

    /** The first cell, in its row, of the window of a pooled cell. */
    private static int corner(int i) {
        return i / LANES * 2 * LANES + i % LANES;
    }

    /**
     * Which cell of each window is the first to have the value that {@link #pool} gave, 0 to 3, and 4 more if this is not above 0; NaN if
     * it is NaN. Winners lie back to back.
     */
    public void winners(
            double[] cells,
            int from,
            int cellRow,
            double[] pooled,
            int pooledFrom,
            int pooledRow,
            double[] winners,
            int to,
            int toRow,
            int rows,
            int cols) {
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < cols * LANES; i++) {
                int p = from + 2 * row * cellRow + corner(i);
                double value = pooled[pooledFrom + row * pooledRow + i];
                long beyond0 = differ(cells[p], value);
                long beyond1 = beyond0 & differ(cells[p + LANES], value);
                long beyond2 = beyond1 & differ(cells[p + cellRow], value);
                int winner = (int) ((notAbove0(value) & BLOCKED) - beyond0 - beyond1 - beyond2);
                winners[to + row * toRow + i] = winner;
                if (Double.isNaN(value)) {
                    winners[to + row * toRow + i] = value;
                }
            }
        }
    }

    /**
     * Hands each gradient to its window's winner, and 0 to the three others; {@code gradient * slope} if the activation blocks it. A slope
     * of 1 is no activation.
     */
    public void unpool(
            double[] gradient,
            int from,
            int row,
            double[] winners,
            int winnersFrom,
            int winnersRow,
            double[] cells,
            int to,
            int cellRow,
            int rows,
            int cols,
            double slope) {
        double addend = addend(slope);
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < cols * LANES; i++) {
                double winner = winners[winnersFrom + r * winnersRow + i];
                double g = gradient[from + r * row + i];
                int number = (int) winner;
                int q = to + 2 * r * cellRow + corner(i);
                cells[q] = 0.0;
                cells[q + LANES] = 0.0;
                cells[q + cellRow] = 0.0;
                cells[q + cellRow + LANES] = 0.0;
                int cell = q + (number & 1) * LANES + (number >> 1 & 1) * cellRow;
                cells[cell] = choose(-(number / BLOCKED), g * slope + addend, g);
                if (Double.isNaN(winner)) {
                    cells[q] = winner;
                }
            }
        }
    }
}
