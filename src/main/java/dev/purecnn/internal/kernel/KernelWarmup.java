package dev.purecnn.internal.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs the vector kernels in the background until they are compiled, and tells when they are. Until then each vector is an
 * object, and a kernel a thousand times slower than the plain one.
 */
final class KernelWarmup implements Runnable {
    private static final int TERMS = 64;
    private static final int ROUNDS = 50;
    private static final long HASTE_NANOS = 10_000_000_000L;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final int REST = 4; // times as long as the round before, once there is no haste
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Kernels plain;
    private final Kernels vector;
    private final Runnable ready;
    private final long haste;
    private final long patience;
    private final List<Consumer<Kernels>> jobs = new ArrayList<>();

    private final double[] a = new double[8 * TERMS];
    private final double[] b = new double[8 * TERMS];
    private final double[] c = new double[8 * TERMS];

    KernelWarmup(Kernels plain, Kernels vector, Runnable ready) {
        this(plain, vector, ready, HASTE_NANOS, PATIENCE_NANOS);
    }

    /** One that works at full speed for the nanoseconds of {@code haste}, and gives up after those of {@code patience}. */
    KernelWarmup(Kernels plain, Kernels vector, Runnable ready, long haste, long patience) {
        this.plain = plain;
        this.vector = vector;
        this.ready = ready;
        this.haste = haste;
        this.patience = patience;
        // one job for each method that the kernels are made of: heights of tiles, and columns that are left over by the
        // widest one of each height, whatever the number of lanes
        for (int height : new int[] {8, 4, 2, 1}) {
            for (int columns : new int[] {24, 20}) {
                addMultiply(height, columns);
            }
            for (int depth : new int[] {6, 3, 1}) {
                addDot(height, depth);
            }
        }
        jobs.add(kernels -> {
            kernels.add(a, 0, b, 1, c, 2, TERMS);
            kernels.subtract(a, 0, b, 1, c, 2, TERMS);
        });
    }

    private void addMultiply(int rows, int columns) {
        Product product = new Product(rows, columns, offsets(TERMS), (m, k) -> m + k);
        jobs.add(kernels -> {
            kernels.multiply(product, a, b, 0, c, 0);
            kernels.multiplyAdd(product, b, 0, c, 0);
        });
    }

    private void addDot(int rows, int depth) {
        int[] offsets = offsets(depth);
        jobs.add(kernels -> kernels.dot(rows, TERMS, offsets, a, 0, TERMS, b, 0, c));
    }

    private static int[] offsets(int depth) {
        int[] offsets = new int[depth];
        Arrays.setAll(offsets, k -> k);
        return offsets;
    }

    /** Starts in the background; {@code ready} is run when the vector kernels are as fast as the plain ones. */
    static void start(Kernels plain, Kernels vector, Runnable ready) {
        Thread thread = new Thread(new KernelWarmup(plain, vector, ready), "purecnn-kernel-warmup");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        long start = System.nanoTime();
        long now = start;
        while (now - start < patience) {
            boolean compiled = true;
            for (Consumer<Kernels> job : jobs) {
                // what is not compiled yet is slower by far
                compiled &= time(job, vector) <= 2 * time(job, plain);
            }
            if (compiled) {
                ready.run();
                return;
            }
            long round = System.nanoTime() - now;
            if (now - start >= haste && !rest(REST * round)) {
                return;
            }
            now = System.nanoTime();
        }
        // never compiled, as with -Xint: the plain kernels stay
    }

    /** Leaves the processor to others; false if interrupted. */
    private static boolean rest(long nanos) {
        try {
            Thread.sleep(nanos / NANOS_PER_MILLI);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static long time(Consumer<Kernels> job, Kernels kernels) {
        long start = System.nanoTime();
        for (int i = 0; i < ROUNDS; i++) {
            job.accept(kernels);
        }
        return System.nanoTime() - start;
    }
}
