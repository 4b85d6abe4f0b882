package dev.purecnn.internal.kernel;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/**
 * Waits for vector kernels that are forced from the start to be compiled: until then they put their vectors on the heap, and
 * no allocation can be measured.
 */
public final class CompiledKernels {
    private static final int QUIET_RUNS = 20;
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private CompiledKernels() {}

    /** Returns when the active kernels allocate nothing. */
    public static void await() {
        new KernelWarmup(new PlainKernels(), Kernels.active(), () -> {}).run();
    }

    /**
     * {@return 0 if the work, once done, is done 20 times on end without allocating, or else the bytes of the last time} With vector kernels
     * it may take 20 seconds until then: what is compiled for the first products is sometimes thrown away at others.
     */
    public static long allocated(Runnable work) {
        await();
        work.run();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long patience = Kernels.active().name().equals("plain") ? 0 : PATIENCE_NANOS;
        long start = System.nanoTime();
        int quiet = 0;
        long allocated;
        do {
            long before = threads.getCurrentThreadAllocatedBytes();
            work.run();
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
            quiet = allocated == 0 ? quiet + 1 : 0;
        } while (quiet < QUIET_RUNS && (allocated == 0 || System.nanoTime() - start < patience));
        return allocated;
    }
}
