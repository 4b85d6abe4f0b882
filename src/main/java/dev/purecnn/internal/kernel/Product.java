package dev.purecnn.internal.kernel;

/**
 * The shape of one {@link Kernels#multiply}, and the memory that it works in: {@code C[m][q] = sum over k of A[m][k] *
 * B[offset[k] + q]}.
 */
public final class Product {
    /** What the plain kernel works on at once. */
    static final int PLAIN_ROWS = 16;

    static final int PLAIN_COLUMNS = 256;

    final int rows;
    final int columns;
    final int[] offsets;
    final PackedRows a;
    final double[] packed;
    private double[][] plainRows;
    private double[] starts;

    /** Where an element of A stands in the array that {@link #pack} reads: all rows alike, at equal steps. */
    @FunctionalInterface
    public interface Source {
        /**
         * The index of {@code A[m][k]}.
         *
         * @param m row of A
         * @param k column of A
         * @return its index in the array
         */
        int index(int m, int k);
    }

    /**
     * A product of that shape.
     *
     * @param rows rows of A and of C
     * @param columns columns of C, which lies row by row without gaps
     * @param offsets where each row of B starts; as many as A has columns
     * @param source where A's elements are taken from
     */
    public Product(int rows, int columns, int[] offsets, Source source) {
        this(rows, columns, offsets, new PackedRows(rows, offsets.length, source));
    }

    private Product(int rows, int columns, int[] offsets, PackedRows a) {
        this.rows = rows;
        this.columns = columns;
        this.offsets = offsets;
        this.a = a;
        packed = a.packed;
    }

    /**
     * A product of the same A, which both take over together, with another B.
     *
     * @param columns columns of C
     * @param offsets where each row of B starts; as many as for this product
     * @return a new product, for the same thread
     */
    public Product with(int columns, int[] offsets) {
        return new Product(rows, columns, offsets, a);
    }

    /**
     * Where rows start that lie back to back, as offsets of B.
     *
     * @param count how many rows
     * @param length of each
     * @return the multiples of the length from 0
     */
    public static int[] rows(int count, int length) {
        int[] rows = new int[count];
        for (int row = 0; row < count; row++) {
            rows[row] = row * length;
        }
        return rows;
    }

    /** The rows of the next tile when {@code left} rows are left: 8, 4, 2 or 1. */
    static int tileHeight(int left) {
        return Math.min(8, Integer.highestOneBit(left));
    }

    /**
     * Takes A over from an array. Needed again whenever the array has changed.
     *
     * @param array holds A; the kernels read it
     */
    public void pack(double[] array) {
        pack(array, 0);
    }

    /**
     * Takes A over from a part of an array. Needed again whenever the array has changed.
     *
     * @param array holds A; the kernels read it
     * @param from added to every index that A's source gives
     */
    public void pack(double[] array, int from) {
        a.read(array, from);
    }

    /**
     * The length of one row of C.
     *
     * @return how many columns C has
     */
    public int columns() {
        return columns;
    }

    /**
     * The length of C.
     *
     * @return rows times columns
     */
    public int size() {
        return rows * columns;
    }

    /** Room for {@code width} start values for each row of a tile, for the vector kernel. */
    double[] starts(int width) {
        if (starts == null) {
            starts = new double[8 * width];
        }
        return starts;
    }

    /** Row arrays for the plain kernel: for some rows of C, then four for rows of B. */
    double[][] plainRows() {
        if (plainRows == null) {
            plainRows = new double[PLAIN_ROWS + 4][Math.min(columns, PLAIN_COLUMNS)];
        }
        return plainRows;
    }
}
