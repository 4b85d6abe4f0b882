package dev.purecnn.internal.convolution;

import dev.purecnn.internal.kernel.Kernels;

/**
 * Where a run works, or a convolution by itself: parts of one array, each of which begins with a cache line if the array does. Vectors that
 * lie across two lines cost up to a half more. HotSpot puts 16 bytes before the first element; and G1, unless its heap is huge, gives an
 * array as long as this regions of its own, where it stays.
 */
final class Room {
    private static final int LINE = 8;
    private static final int FIRST = 6;
    /** More than half of a region of 4 MB, as in heaps of up to 8 GB. */
    private static final int LEAST = (1 << 18) + LINE;

    /** What all rooms share that some thread works in: it stays in the cache from layer to layer. */
    private static final ThreadLocal<double[]> SHARED = ThreadLocal.withInitial(() -> new double[0]);

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

    /** Shares the thread's room with others, until another thread comes: nothing in it is kept, and it holds anything. */
    void share() {
        numbers = SHARED.get();
        if (numbers.length < length) {
            numbers = new double[Kernels.active().name().equals("vector") ? Math.max(length, LEAST) : length];
            SHARED.set(numbers);
        }
    }

    double[] numbers() {
        return numbers;
    }
}
