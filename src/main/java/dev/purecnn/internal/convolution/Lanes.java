package dev.purecnn.internal.convolution;

/** Between planes and lanes: cells of 8 channels side by side. The last planes may be fewer than 8; the other lanes are left alone. */
final class Lanes {
    static final int LANES = 8;

    private Lanes() {}

    /** How many cells of 8 channels it takes for that many. */
    static int blocks(int channels) {
        return (channels + LANES - 1) / LANES;
    }

    /**
     * Copies a rectangle of planes that lie back to back.
     *
     * @param planes its first cell is at {@code from}
     * @param cellRow from one row of cells to the next
     */
    static void fromPlanes(
            double[] planes,
            int from,
            int plane,
            int planeRow,
            int channels,
            double[] cells,
            int to,
            int cellRow,
            int rows,
            int cols) {
        for (int row = 0; row < rows; row++) {
            int p = from + row * planeRow;
            int q = to + row * cellRow;
            if (channels >= LANES) {
                for (int col = 0; col < cols; col++) {
                    int cell = q + col * LANES;
                    int at = p + col;
                    cells[cell] = planes[at];
                    cells[cell + 1] = planes[at + plane];
                    cells[cell + 2] = planes[at + 2 * plane];
                    cells[cell + 3] = planes[at + 3 * plane];
                    cells[cell + 4] = planes[at + 4 * plane];
                    cells[cell + 5] = planes[at + 5 * plane];
                    cells[cell + 6] = planes[at + 6 * plane];
                    cells[cell + 7] = planes[at + 7 * plane];
                }
            } else {
                for (int lane = 0; lane < channels; lane++) {
                    for (int col = 0; col < cols; col++) {
                        cells[q + col * LANES + lane] = planes[p + lane * plane + col];
                    }
                }
            }
        }
    }

    /** The reverse of {@link #fromPlanes}. */
    static void toPlanes(
            double[] cells,
            int from,
            int cellRow,
            double[] planes,
            int to,
            int plane,
            int planeRow,
            int channels,
            int rows,
            int cols) {
        if (rows > 1 && planeRow == cols && cellRow == cols * LANES) { // nothing between the rows
            toPlanes(cells, from, cellRow, planes, to, plane, planeRow, channels, 1, rows * cols);
            return;
        }
        for (int row = 0; row < rows; row++) {
            int p = to + row * planeRow;
            int q = from + row * cellRow;
            if (channels >= LANES) {
                for (int col = 0; col < cols; col++) {
                    int cell = q + col * LANES;
                    int at = p + col;
                    planes[at] = cells[cell];
                    planes[at + plane] = cells[cell + 1];
                    planes[at + 2 * plane] = cells[cell + 2];
                    planes[at + 3 * plane] = cells[cell + 3];
                    planes[at + 4 * plane] = cells[cell + 4];
                    planes[at + 5 * plane] = cells[cell + 5];
                    planes[at + 6 * plane] = cells[cell + 6];
                    planes[at + 7 * plane] = cells[cell + 7];
                }
            } else {
                for (int lane = 0; lane < channels; lane++) {
                    for (int col = 0; col < cols; col++) {
                        planes[p + lane * plane + col] = cells[q + col * LANES + lane];
                    }
                }
            }
        }
    }
}
