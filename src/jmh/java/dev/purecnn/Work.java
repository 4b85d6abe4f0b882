package dev.purecnn;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Counts the useful work of a benchmark, which is the multiplications and additions that the result consists of, without those whose
 * outcome is thrown away; and its processor time in nanoseconds, so that another program on the same core does not look like slow
 * code.
 */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Work {
    public long flop;
    public long cpu;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long start;

    @Setup(Level.Iteration)
    public void startClock() {
        start = threads.getCurrentThreadCpuTime();
    }

    @TearDown(Level.Iteration)
    public void stopClock() {
        cpu = threads.getCurrentThreadCpuTime() - start;
    }
}
