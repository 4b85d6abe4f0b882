package dev.purecnn.layer;

import dev.purecnn.internal.kernel.Product;
import java.util.ArrayList;
import java.util.List;

/**
 * Where everything lies in memory for one convolution, so that it becomes one {@link Product} without copying windows: a
 * tap of the filter is nothing but an offset into the laid-out input (Dukhan 2019, arXiv 1907.02129).
 *
 * <p>Input and loss gradient are laid out as planes with rows of one common length, with zeros where the padding is. The
 * product runs over whole planes, so that rows need no loop of their own; what it computes between the end of one row and
 * the start of the next is never looked at. Zeros at the end of a row are those before the next one, too.
 */
final class ConvolutionPlan {
    /** Columns of a product are rounded up to this, and planes have so much room after them. */
    private static final int LANES = 8;

    final Shape input;
    final Shape output;
    /** From the first output cell to the last, with what lies between rows. */
    final int cells;

    final int columns;
    final int inputSize;
    /** How many cells after its last plane an image's last output may read, all zeros. */
    final int overhang;

    final int gradientStart;
    final int gradientPlane;
    int[] inputOffsets;
    Product forward;
    Phase[] phases;

    private final Axis rows;
    private final Axis cols;
    private final int rowLength;
    private final int inputPlane;

    /**
     * Works out all sizes, and makes none of the tables: a layer that is never used has none.
     *
     * @throws ArithmeticException if a size is more than an int holds
     */
    ConvolutionPlan(Shape input, int filters, Axis rows, Axis cols) {
        this.input = input;
        this.rows = rows;
        this.cols = cols;
        output = Shape.of(filters, rows.output(), cols.output());
        overhang = cols.overlap();
        rowLength = Math.max(cols.places() - overhang, cols.gradientPlaces() - cols.gradientOverlap());
        inputPlane = Math.multiplyExact(rows.places(), rowLength);
        cells = Math.addExact(Math.multiplyExact(rows.output() - 1, rowLength), cols.output());
        columns = roundUp(cells);
        gradientStart = rows.lead() * rowLength + cols.lead();
        gradientPlane = Math.addExact(
                roundUp(Math.multiplyExact(rows.gradientPlaces(), rowLength)), LANES + cols.gradientOverlap());
        Math.multiplyExact(filters, gradientPlane); // so that no offset into the planes overflows
        int planes = Math.multiplyExact(input.channels(), Math.multiplyExact(rows.numPhases(), cols.numPhases()));
        inputSize = Math.multiplyExact(planes, inputPlane);
    }

    /** Whether filters are squares of that size, and there is neither stride nor dilation. */
    boolean isPlain(int filterSize) {
        return rows.isPlain(filterSize) && cols.isPlain(filterSize);
    }

    /** Cells around the image, equally many on all sides. */
    int padding() {
        return rows.padding();
    }

    /** Makes the tables that predictions need. */
    void prepare() {
        phases = phases();
        inputOffsets = inputOffsets();
        int depth = inputOffsets.length;
        forward = new Product(output.channels(), columns, inputOffsets, (filter, k) -> filter * depth + k);
    }

    /** Makes those of the way back. */
    void prepareBackward() {
        for (Phase phase : phases) {
            phase.prepare();
        }
    }

    private static int roundUp(int columns) {
        return Math.addExact(columns, LANES - 1) / LANES * LANES;
    }

    /** One phase of the input, of {@code stride * stride}: the taps that meet it, and how its input gradient is made. */
    final class Phase {
        private final int[] taps;
        /** The places of the phase that hold cells of the image. */
        private final int firstRow;

        private final int firstCol;
        private final int height;
        private final int width;
        /** The cell of the image at the first of them. */
        private final int firstCell;

        private final int backwardColumns;
        private Product backward;

        private Phase(int row, int col) {
            int[] tapRows = rows.taps(row);
            int[] tapCols = cols.taps(col);
            taps = new int[tapRows.length * tapCols.length];
            for (int i = 0; i < taps.length; i++) {
                taps[i] = tapRows[i / tapCols.length] * cols.filterSize() + tapCols[i % tapCols.length];
            }
            firstRow = rows.first(row);
            firstCol = cols.first(col);
            height = rows.end(row) - firstRow;
            width = cols.end(col) - firstCol;
            firstCell = rows.cell(firstRow, row) * input.width() + cols.cell(firstCol, col);
            backwardColumns = height < 1 || width < 1 ? 0 : roundUp((height - 1) * rowLength + width);
        }

        Product backward() {
            return backward;
        }

        /** The product that gives this phase's input gradient from the laid-out loss gradient. */
        private void prepare() {
            int count = taps.length;
            int filterCells = rows.filterSize() * cols.filterSize();
            int[] offsets = new int[output.channels() * count];
            for (int k = 0; k < offsets.length; k++) {
                int tap = taps[k % count];
                int gradientRow = firstRow - rows.shift(tap / cols.filterSize()) + rows.lead();
                int gradientCol = firstCol - cols.shift(tap % cols.filterSize()) + cols.lead();
                offsets[k] = k / count * gradientPlane + gradientRow * rowLength + gradientCol;
            }
            backward = new Product(input.channels(), backwardColumns, offsets, (channel, k) -> {
                int filter = k / count;
                return (filter * input.channels() + channel) * filterCells + taps[k % count];
            });
        }

        /** Lays one plane of an image out. */
        private void layOut(double[] images, int from, double[] laidOut, int to) {
            int cell = from + firstCell;
            int place = to + firstRow * rowLength + firstCol;
            for (int row = 0; row < height; row++) {
                if (cols.stride() == 1) {
                    System.arraycopy(images, cell, laidOut, place, width);
                } else {
                    for (int i = 0; i < width; i++) {
                        laidOut[place + i] = images[cell + i * cols.stride()];
                    }
                }
                cell += rows.stride() * input.width();
                place += rowLength;
            }
        }

        /** Takes this phase's cells out of what {@link #backward} gave, and puts them where they belong in the image. */
        void putInputGradient(double[] product, double[] inputGradient, int image) {
            for (int channel = 0; channel < input.channels(); channel++) {
                int cell = (image * input.channels() + channel) * planeSize() + firstCell;
                int place = channel * backwardColumns;
                for (int row = 0; row < height; row++) {
                    if (cols.stride() == 1) {
                        System.arraycopy(product, place, inputGradient, cell, width);
                    } else {
                        for (int i = 0; i < width; i++) {
                            inputGradient[cell + i * cols.stride()] = product[place + i];
                        }
                    }
                    cell += rows.stride() * input.width();
                    place += rowLength;
                }
            }
        }
    }

    /** Cells of one channel of an image. */
    private int planeSize() {
        return input.height() * input.width();
    }

    /** The phases that some tap meets. */
    private Phase[] phases() {
        List<Phase> found = new ArrayList<>();
        for (int row : rows.phases()) {
            for (int col : cols.phases()) {
                found.add(new Phase(row, col));
            }
        }
        return found.toArray(new Phase[0]);
    }

    /** The number of the phase that each tap meets. */
    private int[] phaseOfEachTap() {
        int[] numbers = new int[rows.filterSize() * cols.filterSize()];
        for (int number = 0; number < phases.length; number++) {
            for (int tap : phases[number].taps) {
                numbers[tap] = number;
            }
        }
        return numbers;
    }

    /** Where the inputs of each weight start, in the weights' own order: channel, row, column. */
    private int[] inputOffsets() {
        int[] phaseOf = phaseOfEachTap();
        int filterCells = phaseOf.length;
        int[] offsets = new int[input.channels() * filterCells];
        for (int k = 0; k < offsets.length; k++) {
            int tap = k % filterCells;
            int plane = k / filterCells * phases.length + phaseOf[tap];
            int shiftRow = rows.shift(tap / cols.filterSize());
            int shiftCol = cols.shift(tap % cols.filterSize());
            offsets[k] = plane * inputPlane + shiftRow * rowLength + shiftCol;
        }
        return offsets;
    }

    /** Memory for {@code n} laid-out images. All zeros; the padding stays so. */
    double[] newInputs(int n) {
        return new double[Math.addExact(Math.multiplyExact(n, inputSize), LANES + overhang)];
    }

    /** Memory for one image's laid-out loss gradient. */
    double[] newGradient() {
        return new double[Math.multiplyExact(output.channels(), gradientPlane)];
    }

    /** Memory for the result of any of the products, there or back. */
    double[] newProduct() {
        int size = forward.size();
        for (Phase phase : phases) {
            size = Math.max(size, input.channels() * phase.backwardColumns);
        }
        return new double[size];
    }

    /** Lays one image out by phases. */
    void layOutInput(double[] images, int image, double[] laidOut) {
        int plane = image * inputSize;
        for (int channel = 0; channel < input.channels(); channel++) {
            for (Phase phase : phases) {
                phase.layOut(images, (image * input.channels() + channel) * planeSize(), laidOut, plane);
                plane += inputPlane;
            }
        }
    }

    /** Lays one image's loss gradient out, with zeros around. */
    void layOutGradient(double[] lossGradient, int image, double[] laidOut) {
        int from = image * output.size();
        for (int filter = 0; filter < output.channels(); filter++) {
            int to = filter * gradientPlane + gradientStart;
            for (int row = 0; row < output.height(); row++) {
                System.arraycopy(lossGradient, from, laidOut, to, output.width());
                from += output.width();
                to += rowLength;
            }
        }
    }

    /** Takes one image's outputs out of what {@link #forward} gave. */
    void putOutput(double[] product, double[] outputs, int image) {
        int to = image * output.size();
        for (int filter = 0; filter < output.channels(); filter++) {
            int from = filter * columns;
            for (int row = 0; row < output.height(); row++) {
                System.arraycopy(product, from, outputs, to, output.width());
                from += rowLength;
                to += output.width();
            }
        }
    }
}
