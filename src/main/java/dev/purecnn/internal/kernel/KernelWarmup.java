package dev.purecnn.internal.kernel;

import java.util.Arrays;

/**
 * Runs the vector kernels in the background until they are compiled, and tells when they are. Until its methods are
 * compiled, each vector is an object, and a kernel a thousand times slower than the plain one.
 */
final class KernelWarmup implements Runnable {
    private static final int ROWS = 15; // a tile of each height: 8, 4, 2 and 1
    private static final int COLUMNS = 3 * 8 + 8 + 1; // and of each width, for up to eight lanes
    private static final int DEPTH = 64;
    private static final int DOT_ROWS = 7;
    private static final int DOT_DEPTH = 10;
    private static final int DOT_COLUMNS = 8 * 32;
    private static final int ROUND = 50;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final Kernels plain;
    private final Kernels vector;
    private final Runnable ready;

    private final Product product;
    private final int[] dotOffsets = Arrays.copyOf(offsets(), DOT_DEPTH);
    private final double[] a = new double[DOT_ROWS * DOT_COLUMNS];
    private final double[] b = new double[DEPTH + DOT_COLUMNS];
    private final double[] c = new double[ROWS * COLUMNS];
    private final double[] d = new double[DOT_ROWS * DOT_DEPTH];

    private KernelWarmup(Kernels plain, Kernels vector, Runnable ready) {
        this.plain = plain;
        this.vector = vector;
        this.ready = ready;
        this.product = new Product(ROWS, COLUMNS, offsets(), (m, k) -> m + k);
    }

    private static int[] offsets() {
        int[] offsets = new int[DEPTH];
        Arrays.setAll(offsets, k -> k);
        return offsets;
    }

    /** Starts in the background; {@code ready} is run when the vector kernels are at least as fast as the plain ones. */
    static void start(Kernels plain, Kernels vector, Runnable ready) {
        Thread thread = new Thread(new KernelWarmup(plain, vector, ready), "purecnn-kernel-warmup");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        long start = System.nanoTime();
        while (System.nanoTime() - start < PATIENCE_NANOS) {
            // the slowest kernel decides: one that is not compiled yet is slower by far
            if (time(vector) <= time(plain)) {
                ready.run();
                return;
            }
        }
        // never compiled, as with -Xint: the plain kernels stay
    }

    private long time(Kernels kernels) {
        long start = System.nanoTime();
        for (int i = 0; i < ROUND; i++) {
            kernels.multiply(product, a, b, 0, c, 0);
            kernels.multiplyAdd(product, b, 0, c, 0);
            kernels.dot(DOT_ROWS, DOT_COLUMNS, dotOffsets, a, 0, DOT_COLUMNS, b, 0, d);
        }
        return System.nanoTime() - start;
    }
}
