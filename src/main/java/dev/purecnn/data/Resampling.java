package dev.purecnn.data;

import java.util.Arrays;

/**
 * Scales a plane of pixels: each axis by exact area averages where it shrinks, by linear interpolation where it grows. The
 * weights are whole numbers, and what they add up to is divided and rounded once (halves up), so that the bits depend on
 * nothing but the input.
 */
final class Resampling {
    private static final int LONGEST_SIDE = 1 << 24; // 255 * 2^25 * 2^25 is far from a long's end

    private Resampling() {}

    /**
     * Scales {@code height x width} bytes, row by row.
     *
     * @param target gets its first pixel at {@code offset}, and each row {@code stride} after the one before
     */
    static void scale(
            byte[] source, int height, int width, byte[] target, int offset, int stride, int newHeight, int newWidth) {
        if (Math.max(Math.max(height, width), Math.max(newHeight, newWidth)) > LONGEST_SIDE) {
            throw new IllegalArgumentException("Preprocessing: expected sides of at most " + LONGEST_SIDE
                    + " pixels, got " + height + " x " + width + " to become " + newHeight + " x " + newWidth
                    + ". Cut the picture into parts.");
        }
        Axis rows = new Axis(height, newHeight);
        Axis cols = new Axis(width, newWidth);
        long total = rows.total * cols.total;
        long[][] sums = new long[2][newWidth]; // of two rows of the source: no row needs to be added up twice
        int[] summed = {-1, -1};
        long[] sum = new long[newWidth];
        for (int row = 0; row < newHeight; row++) {
            Arrays.fill(sum, 0);
            int from = rows.first[row];
            for (int i = rows.start[row]; i < rows.start[row + 1]; i++, from++) {
                long[] rowSums = sums[from & 1];
                if (summed[from & 1] != from) {
                    summed[from & 1] = from;
                    cols.addUp(source, from * width, rowSums);
                }
                long weight = rows.weights[i];
                for (int col = 0; col < newWidth; col++) {
                    sum[col] += weight * rowSums[col];
                }
            }
            for (int col = 0; col < newWidth; col++) {
                target[offset + row * stride + col] = (byte) ((sum[col] + total / 2) / total);
            }
        }
    }

    /** What each of {@code to} cells takes from {@code from} cells; the weights of a cell always add up to the total. */
    private static final class Axis {
        final int[] first; // the first cell that a new one takes something from
        final int[] start; // of its weights; the next one's start is their end
        final int[] weights;
        final long total;

        Axis(int from, int to) {
            first = new int[to];
            start = new int[to + 1];
            weights = new int[to <= from ? from + to : 2 * to];
            total = to <= from ? from : 2L * to;
            for (int cell = 0; cell < to; cell++) {
                start[cell + 1] = start[cell];
                if (to <= from) {
                    average(cell, from, to);
                } else {
                    interpolate(cell, from, to);
                }
            }
        }

        /** With an old cell {@code to} long and a new one {@code from}, all edges are whole numbers. */
        private void average(int cell, int from, int to) {
            long left = (long) cell * from;
            long right = left + from;
            first[cell] = (int) (left / to);
            for (long old = left / to; old * to < right; old++) {
                weights[start[cell + 1]++] = (int) (Math.min(right, (old + 1) * to) - Math.max(left, old * to));
            }
        }

        /** The new cell's centre lies {@code (cell + 0.5) * from / to - 0.5} behind the centre of the first old one. */
        private void interpolate(int cell, int from, int to) {
            long centre = (2L * cell + 1) * from - to; // in parts of an old cell, of which there are 2 * to
            int old = (int) Math.floorDiv(centre, total);
            int part = (int) Math.floorMod(centre, total);
            if (old < 0 || old == from - 1) { // beyond the outermost centres their values go on
                first[cell] = Math.max(old, 0);
                weights[start[cell + 1]++] = (int) total;
            } else {
                first[cell] = old;
                weights[start[cell + 1]++] = (int) total - part;
                weights[start[cell + 1]++] = part;
            }
        }

        /** The new cells of one row, each times the total. */
        void addUp(byte[] source, int offset, long[] sums) {
            for (int cell = 0; cell < sums.length; cell++) {
                long sum = 0;
                int shift = offset + first[cell] - start[cell];
                for (int i = start[cell]; i < start[cell + 1]; i++) {
                    sum += (long) weights[i] * (source[shift + i] & 0xff);
                }
                sums[cell] = sum;
            }
        }
    }
}
