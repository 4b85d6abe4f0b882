package dev.purecnn.internal.convolution;

import dev.purecnn.internal.kernel.Product;
import java.util.Arrays;

/**
 * Where everything lies in memory for one group of a convolution, so that it becomes one {@link Product} without copying windows: a
 * tap of the filter is nothing but an offset into the laid-out input (Dukhan 2019, arXiv 1907.02129). The page of this package
 * derives it.
 */
final class DirectLayout {
    /** Columns of a product are rounded up to this, and planes have that much room after them. */
    static final int LANES = 8;

    /** With fewer columns, a product takes less time than getting at its weights. */
    private static final int FEWEST_COLUMNS = 80;

    private static final int MOST_IMAGES = 32;

    /** From the first output cell to the last, with what lies between rows. */
    final int cells;

    /** The columns of one image's product. */
    final int columns;

    /** Whether images, outputs and gradients are used where they are: each filter has one cell, which meets all of them. */
    final boolean inPlace;

    /** Images that lie side by side in one product. */
    final int imagesAtOnce;

    /** Places of all phases of one channel. */
    final int channelSize;
    /** Places of one group of an image. */
    final int inputSize;
    /** How many cells after its last plane an image's last output may read, all zeros. */
    final int overhang;

    final int gradientStart;
    final int gradientPlane;

    private final Axis rows;
    private final Axis cols;
    private final int channels;
    private final int filters;
    private final int taps;
    /** Kept as numbers: a division per row costs as much as copying it. */
    private final int outputHeight;

    private final int outputWidth;
    /** Outputs side by side, also in a product: a row, or all rows if there is nothing between them. */
    private final int run;

    private final int numRuns;
    private final int inputPlane;
    final int rowLength;
    private final int phasePlane;

    /**
     * Works out all sizes, and makes none of the tables.
     *
     * @throws ArithmeticException if a size is more than an int holds
     */
    DirectLayout(ConvolutionShape shape) {
        rows = shape.rows();
        cols = shape.cols();
        channels = shape.groupChannels();
        filters = shape.groupFilters();
        taps = shape.taps();
        outputHeight = rows.output();
        outputWidth = cols.output();
        inputPlane = shape.inputPlane();
        overhang = cols.overlap();
        rowLength = Math.max(cols.places() - overhang, cols.gradientPlaces() - cols.gradientOverlap());
        numRuns = rowLength == outputWidth ? 1 : outputHeight;
        run = outputHeight / numRuns * outputWidth;
        phasePlane = Math.multiplyExact(rows.places(), rowLength);
        cells = Math.addExact(Math.multiplyExact(outputHeight - 1, rowLength), outputWidth);
        inPlace = cells >= FEWEST_COLUMNS / 2 && rows.isPointwise() && cols.isPointwise();
        columns = columns(1);
        imagesAtOnce = inPlace ? 1 : Math.max(1, Math.min(MOST_IMAGES, FEWEST_COLUMNS / cells));
        channelSize = Math.multiplyExact(Math.multiplyExact(rows.numPhases(), cols.numPhases()), phasePlane);
        inputSize = Math.multiplyExact(channels, channelSize);
        Math.addExact(Math.multiplyExact(channels, Math.addExact(channelSize, overhang)), LANES);
        gradientStart = rows.lead() * rowLength + cols.lead();
        gradientPlane = inPlace
                ? cells
                : Math.addExact(
                        roundUp(Math.multiplyExact(rows.gradientPlaces(), rowLength)), LANES + cols.gradientOverlap());
        Math.multiplyExact(filters, gradientPlane);
    }

    /** The columns of a product of some images side by side. */
    int columns(int images) {
        return inPlace ? cells : roundUp(Math.multiplyExact(cells, images));
    }

    private static int roundUp(int columns) {
        return Math.addExact(columns, LANES - 1) / LANES * LANES;
    }

    /** The phases of an image, those of a row after another. */
    Phase[] phases() {
        Phase[] phases = new Phase[rows.numPhases() * cols.numPhases()];
        for (int i = 0; i < phases.length; i++) {
            phases[i] = new Phase(i);
        }
        return phases;
    }

    /** Where the inputs of each weight start, in the weights' own order: channel, row, column; for some images side by side. */
    int[] inputOffsets(int images) {
        int[] offsets = new int[channels * taps];
        for (int k = 0; k < offsets.length; k++) {
            int tapRow = k % taps / cols.filterSize();
            int tapCol = k % taps % cols.filterSize();
            int phase = tapRow % rows.numPhases() * cols.numPhases() + tapCol % cols.numPhases();
            int place = rows.shift(tapRow) * rowLength + cols.shift(tapCol);
            offsets[k] = (k / taps * channelSize + phase * phasePlane + place) * images;
        }
        return offsets;
    }

    /** Lays one group's loss gradient out, with zeros around: its places lie {@code step} apart, from {@code at} on. */
    void layOutGradient(double[] lossGradient, int part, double[] laidOut, int at, int step) {
        int from = part * filters * outputHeight * outputWidth;
        for (int filter = 0; filter < filters; filter++) {
            int to = at + (filter * gradientPlane + gradientStart) * step;
            for (int i = 0; i < numRuns; i++) {
                copy(lossGradient, from, 1, laidOut, to, step, run);
                from += run;
                to += rowLength * step;
            }
        }
    }

    /** Takes one group's outputs out of a product of some images side by side, of which it is number {@code image}. */
    void takeOutput(double[] product, int image, int images, double[] outputs, int part) {
        int columns = columns(images);
        int to = part * filters * outputHeight * outputWidth;
        for (int filter = 0; filter < filters; filter++) {
            int from = filter * columns + image;
            for (int i = 0; i < numRuns; i++) {
                copy(product, from, images, outputs, to, 1, run);
                from += rowLength * images;
                to += run;
            }
        }
    }

    /** The place of each output. */
    int[] outputPlaces() {
        int[] places = new int[outputHeight * outputWidth];
        for (int i = 0; i < places.length; i++) {
            places[i] = i / outputWidth * rowLength + i % outputWidth;
        }
        return places;
    }

    /** An array of zeros that holds laid-out images of a size; the one before, if that is large enough. */
    static double[] zeros(double[] before, int size, int images) {
        int length = Math.addExact(Math.multiplyExact(size, images), LANES);
        if (before.length < length) {
            return new double[length];
        }
        Arrays.fill(before, 0.0);
        return before;
    }

    /** One phase of the input: the taps that meet it, and the cells that lie in it. */
    final class Phase {
        private final int row;
        private final int col;
        /** Of the laid-out channel; the first place that holds a cell is {@code start} further, and that cell is {@code firstCell}. */
        private final int plane;

        private final int start;
        private final int firstCell;
        private final int height;
        private final int width;

        private Phase(int number) {
            row = number / cols.numPhases();
            col = number % cols.numPhases();
            int firstRow = rows.first(row);
            int firstCol = cols.first(col);
            plane = number * phasePlane;
            start = firstRow * rowLength + firstCol;
            height = rows.end(row) - firstRow;
            width = cols.end(col) - firstCol;
            firstCell = rows.cell(firstRow, row) * cols.input() + cols.cell(firstCol, col);
        }

        /** Lays one group of an image out, to each place its cell; places lie {@code step} apart, from {@code at} on. */
        void layOut(double[] images, int part, double[] laidOut, int at, int step) {
            for (int channel = 0; channel < channels; channel++) {
                int cell = (part * channels + channel) * inputPlane + firstCell;
                int to = at + (channel * channelSize + plane + start) * step;
                for (int i = 0; i < height; i++) {
                    copy(images, cell, cols.stride(), laidOut, to, step, width);
                    cell += rows.stride() * cols.input();
                    to += rowLength * step;
                }
            }
        }

        /** The same with the channels of a place side by side; they are a multiple of 8. */
        void layOutByPlace(double[] images, int part, double[] laidOut, int at) {
            for (int i = 0; i < height; i++) {
                int cell = part * channels * inputPlane + firstCell + i * rows.stride() * cols.input();
                int to = at + (plane + start + i * rowLength) * channels;
                for (int channel = 0; channel < channels; channel += LANES) {
                    layOutEight(images, cell + channel * inputPlane, laidOut, to + channel);
                }
            }
        }

        /** A row of 8 channels. */
        private void layOutEight(double[] images, int from, double[] laidOut, int to) {
            int stride = cols.stride();
            for (int i = 0, p = from, q = to; i < width; i++, p += stride, q += channels) {
                laidOut[q] = images[p];
                laidOut[q + 1] = images[p + inputPlane];
                laidOut[q + 2] = images[p + 2 * inputPlane];
                laidOut[q + 3] = images[p + 3 * inputPlane];
                laidOut[q + 4] = images[p + 4 * inputPlane];
                laidOut[q + 5] = images[p + 5 * inputPlane];
                laidOut[q + 6] = images[p + 6 * inputPlane];
                laidOut[q + 7] = images[p + 7 * inputPlane];
            }
        }

        /** Takes this phase's cells out of what {@link #backward} gave, and puts them where they belong in the image. */
        void takeInputGradient(double[] product, int image, int images, double[] inputGradient, int part) {
            int columns = backwardColumns(images);
            for (int channel = 0; channel < channels; channel++) {
                int cell = (part * channels + channel) * inputPlane + firstCell;
                int from = channel * columns + image;
                for (int i = 0; i < height; i++) {
                    copy(product, from, images, inputGradient, cell, cols.stride(), width);
                    cell += rows.stride() * cols.input();
                    from += rowLength * images;
                }
            }
        }

        /** The number of the image's cells per channel that lie in this phase. */
        int cells() {
            return height * width;
        }

        int backwardColumns(int images) {
            return inPlace ? cells : cells() == 0 ? 0 : roundUp(((height - 1) * rowLength + width) * images);
        }

        /** The product that gives this phase's input gradient from the laid-out loss gradient. */
        Product backward() {
            int[] met = taps();
            return new Product(channels, backwardColumns(1), backwardOffsets(1), (channel, k) -> {
                int plane = k / met.length * channels + channel;
                return plane * taps + met[k % met.length];
            });
        }

        /** Where that product's rows start with some images side by side. */
        int[] backwardOffsets(int images) {
            int[] met = taps();
            int[] offsets = new int[filters * met.length];
            for (int k = 0; k < offsets.length; k++) {
                int tap = met[k % met.length];
                int shift = rows.shift(tap / cols.filterSize()) * rowLength + cols.shift(tap % cols.filterSize());
                offsets[k] = (k / met.length * gradientPlane + gradientStart + start - shift) * images;
            }
            return offsets;
        }

        /** The taps that meet this phase, in ascending order. */
        private int[] taps() {
            int tapRows = (rows.filterSize() - 1 - row) / rows.numPhases() + 1;
            int tapCols = (cols.filterSize() - 1 - col) / cols.numPhases() + 1;
            int[] met = new int[tapRows * tapCols];
            for (int i = 0; i < met.length; i++) {
                int tapRow = row + i / tapCols * rows.numPhases();
                int tapCol = col + i % tapCols * cols.numPhases();
                met[i] = tapRow * cols.filterSize() + tapCol;
            }
            return met;
        }
    }

    /** Copies numbers that lie {@code step} apart to places that lie {@code toStep} apart. Steps that are known save a half of the time. */
    private static void copy(double[] source, int from, int step, double[] target, int to, int toStep, int length) {
        if (step == 1 && toStep == 1) {
            System.arraycopy(source, from, target, to, length);
        } else if (step == 2 && toStep == 1) {
            copySeconds(source, from, target, to, length);
        } else if (step == 1 && toStep == 2) {
            copyToSeconds(source, from, target, to, length);
        } else {
            for (int i = 0; i < length; i++) {
                target[to + i * toStep] = source[from + i * step];
            }
        }
    }

    private static void copySeconds(double[] source, int from, double[] target, int to, int length) {
        int i = 0;
        for (; i <= length - 8; i += 8) {
            int p = from + 2 * i;
            int q = to + i;
            target[q] = source[p];
            target[q + 1] = source[p + 2];
            target[q + 2] = source[p + 4];
            target[q + 3] = source[p + 6];
            target[q + 4] = source[p + 8];
            target[q + 5] = source[p + 10];
            target[q + 6] = source[p + 12];
            target[q + 7] = source[p + 14];
        }
        for (; i < length; i++) {
            target[to + i] = source[from + 2 * i];
        }
    }

    private static void copyToSeconds(double[] source, int from, double[] target, int to, int length) {
        int i = 0;
        for (; i <= length - 8; i += 8) {
            int p = from + i;
            int q = to + 2 * i;
            target[q] = source[p];
            target[q + 2] = source[p + 1];
            target[q + 4] = source[p + 2];
            target[q + 6] = source[p + 3];
            target[q + 8] = source[p + 4];
            target[q + 10] = source[p + 5];
            target[q + 12] = source[p + 6];
            target[q + 14] = source[p + 7];
        }
        for (; i < length; i++) {
            target[to + 2 * i] = source[from + i];
        }
    }
}
