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
     * Waits, and then runs something on vector kernels until it allocates nothing: what is compiled for the first products is sometimes
     * thrown away at others. Gives up after 20 seconds.
     */
    public static void await(Runnable work) {
        await();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long start = System.nanoTime();
        int quiet = Kernels.active() instanceof PlainKernels ? QUIET_RUNS : 0;
        while (quiet < QUIET_RUNS && System.nanoTime() - start < PATIENCE_NANOS) {
            long before = threads.getCurrentThreadAllocatedBytes();
            work.run();
            quiet = threads.getCurrentThreadAllocatedBytes() == before ? quiet + 1 : 0;
        }
    }
}
