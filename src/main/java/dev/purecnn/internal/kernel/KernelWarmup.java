package dev.purecnn.internal.kernel;

/**
 * Runs the vector kernels in the background until they are compiled, and tells when they are. Until then each vector is an
 * object, and a kernel a thousand times slower than the plain one.
 */
final class KernelWarmup implements Runnable {
    private static final long HASTE_NANOS = 10_000_000_000L;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final int REST = 4; // times as long as the round before, once there is no haste
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Kernels plain;
    private final Kernels vector;
    private final Runnable ready;
    private final long haste;
    private final long patience;
    private final WarmupJobs jobs = new WarmupJobs();

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
            if (jobs.areAsFast(vector, plain, 2)) { // what is not compiled yet is slower by far
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
}
