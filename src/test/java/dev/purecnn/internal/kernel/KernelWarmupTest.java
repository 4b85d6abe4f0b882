package dev.purecnn.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KernelWarmupTest {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long SECOND_NANOS = 1_000_000_000;

    /** Kernels that take their time at first, and for ever if they are slow so often. */
    private static final class SlowKernels extends PlainKernels {
        private static final long CALL_NANOS = 100_000; // some hundred times what the plain ones need
        private int slowCalls;

        SlowKernels(int slowCalls) {
            this.slowCalls = slowCalls;
        }

        @Override
        public void multiply(Product product, double[] start, double[] b, int bFrom, double[] c, int cFrom) {
            super.multiply(product, start, b, bFrom, c, cFrom);
            for (long end = System.nanoTime() + CALL_NANOS; slowCalls > 0 && System.nanoTime() < end; ) {
                Thread.onSpinWait();
            }
            slowCalls--;
        }
    }

    @Test
    void run_compiledAfterAWhile_isReadyOnce() {
        AtomicInteger ready = new AtomicInteger();
        SlowKernels slow = new SlowKernels(500);
        new KernelWarmup(new PlainKernels(), slow, ready::incrementAndGet, 0, 60 * SECOND_NANOS).run();
        assertThat(ready).hasValue(1);
        assertThat(slow.slowCalls).isNotPositive();
    }

    /** As with {@code -Xint}. It must leave a processor to others, and end. */
    @Test
    void run_neverCompiled_restsAndGivesUp() {
        AtomicInteger ready = new AtomicInteger();
        SlowKernels slow = new SlowKernels(Integer.MAX_VALUE);
        long wall = System.nanoTime();
        long processor = THREADS.getCurrentThreadCpuTime();
        new KernelWarmup(new PlainKernels(), slow, ready::incrementAndGet, 0, SECOND_NANOS).run();
        processor = THREADS.getCurrentThreadCpuTime() - processor;
        wall = System.nanoTime() - wall;
        assertThat(ready).hasValue(0);
        assertThat(processor).isLessThan(wall / 2); // a busy machine makes it less, and never more
    }
}
