package dev.purecnn.internal.convolution;

import static dev.purecnn.internal.convolution.Lanes.LANES;
import static dev.purecnn.internal.convolution.WinogradLayout.TILE;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.LaneKernels;
import java.util.Arrays;

/**
 * What follows a convolution in its stage: normalization, activation and pooling of strips that are still in the cache, on to the next
 * stage's cells or, after the last stage, to planes; and the same way back.
 */
final class Tail implements Strips {
    private final StageShape shape;
    private final int filterCells;
    private final int outputRows;
    private final int outputCols;
    private final PlaneStrips planes;
    private final double[] pooled;
    /** Null after the last stage. */
    private WinogradStage next;
    /** Null for none. */
    private ChannelNorms norms;
    /** Of the whole run; only the last stage's tail looks at them. */
    private double[] outputs;

    private double[] lossGradient;
    /** Of pooled windows, image after image; null if nothing is kept for the way back. */
    private double[] winners;

    private boolean keep;

    Tail(StageShape shape) {
        this.shape = shape;
        filterCells = Lanes.blocks(shape.convolution().filters());
        outputRows = shape.convolution().rows().output();
        outputCols = shape.convolution().cols().output();
        planes = new PlaneStrips(shape.convolution().filters(), shape.rows(), shape.cols());
        pooled = new double[WinogradLayout.tiles(shape.convolution().cols()) * TILE * TILE * LANES];
    }

    void follow(WinogradStage stage) {
        next = stage;
    }

    /** Before the first of {@code n} images. */
    void begin(int n, boolean keepsWinners, ChannelNorms newNorms, double[] allOutputs) {
        norms = newNorms;
        outputs = allOutputs;
        keep = keepsWinners && shape.pool();
        int length = n * filterCells * shape.rows() * shape.cols() * LANES;
        if (keep && (winners == null || winners.length < length)) {
            winners = new double[length];
        }
    }

    void beginBackprop(double[] allOutputs, double[] allGradients) {
        outputs = allOutputs;
        lossGradient = allGradients;
    }

    /** The stage that takes whole rows of outputs, no less than {@link #floor}, as they are; null if there is more to do with them. */
    WinogradStage takesRows() {
        return shape.pool() && !pools() || leaks() || norms != null ? null : next;
    }

    /** Whether outputs may be pooled first, for predictions: activations keep the order of values, so the largest is the same. */
    boolean pools() {
        return shape.pool() && !keep && norms == null;
    }

    /** The least that outputs are, 0 with ReLU. */
    double floor() {
        return shape.slope() == 0 ? 0.0 : Double.NEGATIVE_INFINITY;
    }

    /** Takes outputs that are pooled, and no less than {@link #floor}: two rows of cells, which lie back to back. */
    void takePooled(double[] strip, int from, int image, int cell, int tileRow, int tiles) {
        int width = TILE / 2 * tiles;
        if (leaks()) {
            Kernels.active().lanes().activate(strip, from, TILE / 2 * width * LANES, shape.slope());
        }
        give(strip, from, width, image, cell, TILE / 2 * tileRow, 0, TILE / 2);
    }

    private boolean leaks() {
        return shape.activates() && shape.slope() != 0;
    }

    @Override
    public void take(double[] strip, int from, int image, int cell, int tileRow, int tileCol, int tiles) {
        LaneKernels kernels = Kernels.active().lanes();
        int width = TILE * tiles;
        if (norms != null) {
            norms.apply(strip, from, TILE * width * LANES, cell);
        }
        if (shape.activates() && (!shape.pool() || keep && shape.activationFirst())) {
            kernels.activate(strip, from, TILE * width * LANES, shape.slope());
        }
        if (shape.pool()) {
            pool(kernels, strip, from, width, image, cell, TILE / 2 * tileRow, TILE / 2 * tileCol);
        } else {
            give(strip, from, width, image, cell, TILE * tileRow, TILE * tileCol, TILE);
        }
    }

    private void pool(LaneKernels kernels, double[] strip, int from, int width, int image, int cell, int row, int col) {
        int rows = Math.min(TILE / 2, shape.rows() - row);
        int cols = Math.min(width / 2, shape.cols() - col);
        if (rows <= 0 || cols <= 0) {
            return; // an odd last row or column
        }
        double[] target = next == null ? pooled : next.cells;
        int to = next == null ? 0 : next.cell(image, cell, row, col);
        int toRow = next == null ? cols * LANES : next.cellRow();
        double least = keep ? Double.NEGATIVE_INFINITY : floor();
        kernels.pool(strip, from, width * LANES, target, to, toRow, rows, cols, least);
        if (keep) {
            int winner = winner(image, cell, row, col);
            int winnerRow = shape.cols() * LANES;
            kernels.winners(strip, from, width * LANES, target, to, toRow, winners, winner, winnerRow, rows, cols);
        }
        if (keep ? shape.activates() && !shape.activationFirst() : leaks()) {
            for (int r = 0; r < rows; r++) {
                kernels.activate(target, to + r * toRow, cols * LANES, shape.slope());
            }
        }
        if (next == null) {
            planes.of(outputs).take(pooled, 0, cols, image, cell, row, col, rows);
        }
    }

    /** On to the next stage or to planes: as much as there is of some rows of cells, which lie back to back. */
    private void give(double[] strip, int from, int width, int image, int cell, int row, int col, int count) {
        int rows = Math.min(count, shape.rows() - row);
        int cols = Math.min(width, shape.cols() - col);
        if (rows <= 0 || cols <= 0) {
            return; // an odd last row or column, which pooling leaves out
        }
        if (next == null) {
            planes.of(outputs).take(strip, from, width, image, cell, row, col, rows);
            return;
        }
        for (int r = 0; r < rows; r++) {
            int to = next.cell(image, cell, row + r, col);
            System.arraycopy(strip, from + r * width * LANES, next.cells, to, cols * LANES);
        }
    }

    private int winner(int image, int cell, int row, int col) {
        return (((image * filterCells + cell) * shape.rows() + row) * shape.cols() + col) * LANES;
    }

    @Override
    public void fill(double[] strip, int to, int image, int cell, int tileRow, int tileCol, int tiles) {
        LaneKernels kernels = Kernels.active().lanes();
        int width = TILE * tiles;
        int row = TILE * tileRow;
        int col = TILE * tileCol;
        int rows = Math.min(TILE, outputRows - row);
        int cols = Math.min(width, outputCols - col);
        if (rows < TILE || cols < width) {
            Arrays.fill(strip, to, to + TILE * width * LANES, 0.0);
        }
        if (shape.pool()) {
            fillPooled(kernels, strip, to, width, image, cell, row / 2, col / 2);
        } else if (next == null) {
            planes.of(lossGradient).fill(strip, to, width, image, cell, row, col, TILE);
            if (shape.activates()) {
                planes.of(outputs).fill(pooled, 0, width, image, cell, row, col, TILE);
                kernels.activateGradient(pooled, 0, strip, to, TILE * width * LANES, shape.slope());
            }
        } else {
            for (int r = 0; r < rows; r++) {
                int at = to + r * width * LANES;
                int from = next.gradientCell(image, cell, row + r, col);
                System.arraycopy(next.gradientCells(), from, strip, at, cols * LANES);
                if (shape.activates()) {
                    int output = next.cell(image, cell, row + r, col);
                    kernels.activateGradient(next.cells, output, strip, at, cols * LANES, shape.slope());
                }
            }
        }
    }

    private void fillPooled(
            LaneKernels kernels, double[] strip, int to, int width, int image, int cell, int row, int col) {
        int rows = Math.min(TILE / 2, shape.rows() - row);
        int cols = Math.min(width / 2, shape.cols() - col);
        if (2 * rows < Math.min(TILE, outputRows - 2 * row) || 2 * cols < Math.min(width, outputCols - 2 * col)) {
            Arrays.fill(strip, to, to + TILE * width * LANES, 0.0); // an odd last row or column
        }
        if (rows <= 0 || cols <= 0) {
            return;
        }
        if (next == null) {
            planes.of(lossGradient).fill(pooled, 0, width / 2, image, cell, row, col, TILE / 2);
        }
        kernels.unpool(
                next == null ? pooled : next.gradientCells(),
                next == null ? 0 : next.gradientCell(image, cell, row, col),
                next == null ? width / 2 * LANES : next.cellRow(),
                winners,
                winner(image, cell, row, col),
                shape.cols() * LANES,
                strip,
                to,
                width * LANES,
                rows,
                cols,
                shape.slope());
    }
}
