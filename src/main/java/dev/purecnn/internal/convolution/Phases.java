package dev.purecnn.internal.convolution;

/**
 * Planes of even width, each cut into four by whether row and column are even or odd: in a phase, every second cell of a row is the
 * next one. Cell {@code (row, col)} of the plane, counted with the padding, goes to place {@code (row / 2, col / 2)} of phase {@code row
 * % 2 * 2 + col % 2}. The padding's places are left as they are.
 *
 * @param rowLength places from one row of a phase to the next
 * @param planeLength places from one phase to the next
 */
record Phases(int height, int width, int padding, int rowLength, int planeLength) {

    /** Cuts {@code channels} planes. */
    void split(double[] planes, int from, double[] phases, int channels) {
        for (int row = 0; row < channels * height; row++) {
            int even = place(row, 0);
            int odd = place(row, 1);
            int cell = from + row * width;
            for (int i = 0; i < width / 2; i++) {
                phases[even + i] = planes[cell + 2 * i];
                phases[odd + i] = planes[cell + 2 * i + 1];
            }
        }
    }

    /** The same with the channels of a place side by side: the first phase of all channels, then the second, and so on. */
    void splitByPlace(double[] planes, int from, double[] phases, int channels) {
        for (int row = 0; row < height; row++) {
            int even = place(row, 0) * channels;
            int odd = place(row, 1) * channels;
            for (int channel = 0; channel < channels; channel++) {
                int cell = from + (channel * height + row) * width;
                for (int i = 0; i < width / 2; i++) {
                    phases[even + i * channels + channel] = planes[cell + 2 * i];
                    phases[odd + i * channels + channel] = planes[cell + 2 * i + 1];
                }
            }
        }
    }

    /** Puts {@code channels} planes together again. */
    void join(double[] phases, double[] planes, int to, int channels) {
        for (int row = 0; row < channels * height; row++) {
            int even = place(row, 0);
            int odd = place(row, 1);
            int cell = to + row * width;
            for (int i = 0; i < width / 2; i++) {
                planes[cell + 2 * i] = phases[even + i];
                planes[cell + 2 * i + 1] = phases[odd + i];
            }
        }
    }

    /** Where the cell of a row, counted through all planes, goes to; {@code col} is 0 or 1. */
    private int place(int row, int col) {
        int padded = row % height + padding;
        int phase = padded % 2 * 2 + (col + padding) % 2;
        return (row / height * 4 + phase) * planeLength + padded / 2 * rowLength + (col + padding) / 2;
    }
}
