package dev.purecnn.internal.convolution;

/**
 * Where a run works: parts of one array, each of which begins with a cache line if the array does. Vectors that lie across two lines cost up to a half
 * more. HotSpot puts 16 bytes before the first element; and G1, unless its heap is huge, gives an array as long as this regions of its own,
 * where it stays.
 */
final class Room {
    private static final int LINE = 8;
    private static final int FIRST = 6;
    /** More than half of a region of 4 MB, as in heaps of up to 8 GB. */
    private static final int LEAST = (1 << 18) + LINE;

    private int length = FIRST;
    private double[] numbers;

    /** Where a part of that length begins. */
    int take(int count) {
        int from = length;
        length += (count + LINE - 1) / LINE * LINE;
        return from;
    }

    /** Makes room for all parts that have been taken. */
    void make() {
        numbers = new double[Math.max(length, LEAST)];
    }

    /** Makes just room enough, wherever it lies. */
    void makeSmall() {
        numbers = new double[length];
    }

    double[] numbers() {
        return numbers;
    }
}
