package dev.purecnn.internal.kernel;

import jdk.incubator.vector.DoubleVector;

/**
 * The two loops and pooling with {@code jdk.incubator.vector}: the same bits as {@link PlainKernels}, sooner. Most passes over single
 * elements are those of the plain kernels, which HotSpot vectorises itself; not so where arrays have offsets of their own.
 *
 * <p>All vectors are of the one preferred width. A second width anywhere in the program (measured: pooling with half-width
 * vectors) makes JDK 17 put the vectors of these loops into objects, ten times slower: it no longer knows their class.
 */
final class VectorKernels extends PlainKernels {
    private static final int SHORTEST_ROW = 24; // a wide tile with eight lanes, several with fewer
    private static final int MOST_TERMS = 36; // with more, copies cost no more than columns that are done twice

    private final VectorDot dot;
    private final VectorDotLanes manyRows = new VectorDotLanes();
    private final PlaneKernels planes = new VectorPlanes();
    private final WinogradKernels winograd = new VectorWinograd();
    private final TileProducts products = new VectorTileProducts();
    private final LaneKernels lanes = new VectorLanes();
    private final DepthwiseKernels depthwise = new VectorDepthwise();

    /**
     * Chooses the tiles for this machine.
     *
     * @throws UnsupportedOperationException if the machine has vectors of one lane only
     */
    VectorKernels() {
        dot = switch (DoubleVector.SPECIES_PREFERRED.length()) {
            case 8 -> new VectorDot8();
            case 4 -> new VectorDot4();
            case 2 -> new VectorDot2();
            default ->
                throw new UnsupportedOperationException(
                        "vectors of " + DoubleVector.SPECIES_PREFERRED.length() + " doubles");
        };
    }

    @Override
    public String name() {
        return "vector";
    }

    @Override
    public void multiply(Product product, double[] start, double[] b, int bFrom, double[] c, int cFrom) {
        VectorMultiply.multiply(product, start, b, bFrom, c, cFrom);
    }

    @Override
    public boolean gainsByRows(Product product, int length) {
        return product.rows >= 8 && length >= SHORTEST_ROW && product.offsets.length <= MOST_TERMS;
    }

    @Override
    public void multiplyRows(
            Product product, int length, double[] start, double[] b, int bFrom, int bStep, double[] c, int cFrom) {
        VectorMultiply.multiplyRows(product, length, start, b, bFrom, bStep, c, cFrom);
    }

    @Override
    public void multiplyAdd(Product product, double[] b, int bFrom, double[] c, int cFrom) {
        VectorMultiply.multiply(product, null, b, bFrom, c, cFrom);
    }

    @Override
    public void dot(
            int rows,
            int columns,
            int[] offsets,
            double[] a,
            int aFrom,
            int aStride,
            double[] b,
            int bFrom,
            double[] d,
            int dFrom) {
        int row = 0;
        for (int count = VectorDotLanes.rows(rows, offsets.length); count > 0; ) {
            manyRows.dot(
                    count,
                    columns,
                    offsets,
                    a,
                    aFrom + row * aStride,
                    aStride,
                    b,
                    bFrom,
                    d,
                    dFrom + row * offsets.length);
            row += count;
            count = VectorDotLanes.rows(rows - row, offsets.length);
        }
        if (row < rows) {
            dot.dot(
                    rows - row,
                    columns,
                    offsets,
                    a,
                    aFrom + row * aStride,
                    aStride,
                    b,
                    bFrom,
                    d,
                    dFrom + row * offsets.length);
        }
    }

    @Override
    public void moveIntoAndSquare(double[] sum, double[] addend, int from, int to, double[] squares, int number) {
        dot.moveIntoAndSquare(sum, addend, from, to, squares, number);
    }

    /** A row's last vector may write into the rows after it, which come later; the last rows are left to plain loops. */
    @Override
    void maxPool2x2(int planes, int height, int width, double[] input, double[] output, int firstRow) {
        int outputWidth = width / 2;
        int whole = (outputWidth + VectorPooling.LANES - 1) / VectorPooling.LANES * VectorPooling.LANES;
        int last = planes * (height / 2) - 1 - whole / outputWidth;
        int row = firstRow;
        for (; VectorPooling.LANES > 2 && row < last; row++) {
            int upper = rowOf(row, height) * width;
            VectorPooling.rows(input, upper, upper + width, output, row * outputWidth, outputWidth);
        }
        super.maxPool2x2(planes, height, width, input, output, row);
    }

    @Override
    public PlaneKernels planes() {
        return planes;
    }

    @Override
    public WinogradKernels winograd() {
        return winograd;
    }

    @Override
    public TileProducts products() {
        return products;
    }

    @Override
    public LaneKernels lanes() {
        return lanes;
    }

    @Override
    public DepthwiseKernels depthwise() {
        return depthwise;
    }
}
