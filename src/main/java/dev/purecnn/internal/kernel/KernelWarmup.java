package dev.purecnn.internal.kernel;

/**
 * Runs the vector kernels in the background until they are compiled, and tells when they are. Until then each vector is an
 * object, and a kernel a thousand times slower than the plain one.
 */
class KernelWarmup implements Runnable {
    private static final long HASTE_NANOS = 10_000_000_000L;
    private static final long PATIENCE_NANOS = 300_000_000_000L;
    private static final int REST = 4; // times as long as the round before, once there is no haste
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Kernels plain;
    private final Kernels vector;
    private final Runnable ready;
    private final WarmupJobs jobs = new WarmupJobs();

    KernelWarmup(Kernels plain, Kernels vector, Runnable ready) {
        this.plain = plain;
        this.vector = vector;
        this.ready = ready;
    }

    /** Starts in the background; {@code ready} is run when the vector kernels are as fast as the plain ones. */
    static void start(Kernels plain, Kernels vector, Runnable ready) {
        Thread thread = new Thread(new KernelWarmup(plain, vector, ready), "purecnn-kernel-warmup");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        long start = nanos();
        long now = start;
        try {
            while (now - start < PATIENCE_NANOS) {
                if (isCompiled()) {
                    ready.run();
                    return;
                }
                if (now - start >= HASTE_NANOS) {
                    rest(REST * (nanos() - now));
                }
                now = nanos();
            }
        } catch (InterruptedException e) {
            return; // the plain kernels stay, as when nothing was compiled, with -Xint for example
        }
    }

    /** Runs one round of jobs; what is not compiled yet is slower by far. */
    boolean isCompiled() {
        return jobs.areAsFast(vector, plain, 2);
    }

    long nanos() {
        return System.nanoTime();
    }

    /** Leaves the processor to others. */
    void rest(long nanos) throws InterruptedException {
        Thread.sleep(nanos / NANOS_PER_MILLI);
    }
}
