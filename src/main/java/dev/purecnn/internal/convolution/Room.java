package dev.purecnn.internal.convolution;

import dev.purecnn.internal.kernel.Kernels;

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

    /** Makes room for all parts, wherever it lies. */
    void make() {
        numbers = new double[length];
    }

    /** Makes a longer array once vectors are in use; nothing in it is kept. A first prediction, without vectors, is sooner done without. */
    void align() {
        if (Kernels.active().name().equals("vector") && numbers.length < LEAST) {
            numbers = new double[LEAST];
        }
    }

    double[] numbers() {
        return numbers;
    }
}
