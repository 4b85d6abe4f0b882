package dev.purecnn.internal.kernel;

/**
 * The shape of one {@link Kernels#multiply}, and the memory that it works in: {@code C[m][q] = sum over k of A[m][k] *
 * B[offset[k] + q]}.
 *
 * <p>A is packed before use: eight rows at a time (then four, two, one), and within such a tile column by column, so that
 * the kernel reads it from one end to the other.
 */
public final class Product {
    final int rows;
    final int columns;
    final int[] offsets;
    final double[] packed;
    private final int[] places; // of A's first row
    private final int step; // from row to row of A
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
        this.rows = rows;
        this.columns = columns;
        this.offsets = offsets;
        this.packed = new double[rows * offsets.length];
        places = new int[offsets.length];
        for (int k = 0; k < places.length; k++) {
            places[k] = source.index(0, k);
        }
        step = rows > 1 && places.length > 0 ? source.index(1, 0) - places[0] : 0;
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
     * @param a the array that holds A
     */
    public void pack(double[] a) {
        pack(a, 0);
    }

    /**
     * Takes A over from a part of an array. Needed again whenever the array has changed.
     *
     * @param a the array that holds A
     * @param from added to every index that A's source gives
     */
    public void pack(double[] a, int from) {
        int at = 0;
        for (int m = 0, height; m < rows; m += height) {
            height = tileHeight(rows - m);
            if (height == 8) {
                packEight(a, from + m * step, at);
            } else {
                packFew(a, from + m * step, at, height);
            }
            at += height * places.length;
        }
    }

    private void packEight(double[] a, int first, int to) {
        for (int k = 0, at = to; k < places.length; k++, at += 8) {
            int place = first + places[k];
            packed[at] = a[place];
            packed[at + 1] = a[place + step];
            packed[at + 2] = a[place + 2 * step];
            packed[at + 3] = a[place + 3 * step];
            packed[at + 4] = a[place + 4 * step];
            packed[at + 5] = a[place + 5 * step];
            packed[at + 6] = a[place + 6 * step];
            packed[at + 7] = a[place + 7 * step];
        }
    }

    private void packFew(double[] a, int first, int to, int height) {
        for (int i = 0; i < height; i++) {
            for (int k = 0; k < places.length; k++) {
                packed[to + k * height + i] = a[first + i * step + places[k]];
            }
        }
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

    /** Room for {@code width} start values a row, for the vector kernel. */
    double[] starts(int width) {
        if (starts == null) {
            starts = new double[rows * width];
        }
        return starts;
    }

    /** Row arrays for the plain kernel: one for each row of C, then four for rows of B. */
    double[][] plainRows() {
        if (plainRows == null) {
            plainRows = new double[rows + 4][columns];
        }
        return plainRows;
    }
}
