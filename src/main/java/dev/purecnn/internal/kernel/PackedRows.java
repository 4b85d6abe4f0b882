package dev.purecnn.internal.kernel;

/**
 * The factor A of a {@link Product}, packed for the vector kernel: eight rows at a time (then four, two, one), and within such a tile column
 * by column, so that the kernel reads it from one end to the other. A large one is never packed whole: its memory would be read, written and
 * read again, where each part now stays in the cache from being packed to being multiplied.
 */
final class PackedRows {
    private static final int KEPT = 1 << 20; // 8 MB
    private static final int PART = 1 << 15;

    /** Rows that are packed at once, and where: whole tiles. */
    final int height;

    final double[] packed;
    private final int rows;
    private final int[] places; // of A's first row
    private final int step; // from row to row of A
    private double[] array;
    private int from;
    private int firstPacked;

    PackedRows(int rows, int columns, Product.Source source) {
        this.rows = rows;
        places = new int[columns];
        for (int k = 0; k < columns; k++) {
            places[k] = source.index(0, k);
        }
        step = rows > 1 && columns > 0 ? source.index(1, 0) - places[0] : 0;
        height = (long) rows * columns <= KEPT ? rows : Math.min(rows, Math.max(1, PART / columns / 8) * 8);
        packed = new double[height * columns];
    }

    /** The array that holds A. */
    void read(double[] array, int from) {
        this.array = array;
        this.from = from;
        firstPacked = -1;
    }

    /** One element, from its array. */
    double get(int m, int k) {
        return array[from + m * step + places[k]];
    }

    /** Packs the rows from a multiple of {@link #height} on, unless they are what was packed last. */
    void pack(int firstRow) {
        if (firstRow == firstPacked) {
            return;
        }
        int end = Math.min(rows, firstRow + height);
        int at = 0;
        for (int m = firstRow, tile; m < end; m += tile) {
            tile = Product.tileHeight(rows - m);
            if (tile == 8) {
                packEight(from + m * step, at);
            } else {
                packFew(from + m * step, at, tile);
            }
            at += tile * places.length;
        }
        firstPacked = firstRow;
    }

    private void packEight(int first, int to) {
        double[] a = array;
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

    private void packFew(int first, int to, int tile) {
        for (int i = 0; i < tile; i++) {
            for (int k = 0; k < places.length; k++) {
                packed[to + k * tile + i] = array[first + i * step + places[k]];
            }
        }
    }
}
