package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Whether files are refused; and if so, that it is done as documented, at once, and in little memory. */
final class Refusals {
    /** Whether a slow refusal fails, too; not on machines that do other things. */
    private static final boolean TIMED = Boolean.getBoolean("purecnn.timed");

    private static final long MEBIBYTE = 1 << 20;
    private static final ThreadMXBean BEAN = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static long slowestNanos;
    private static long largestAllocation;

    private Refusals() {}

    static void forgetFigures() {
        slowestNanos = 0;
        largestAllocation = 0;
    }

    /** The worst since they were forgotten. */
    static String figures() {
        return String.format(
                Locale.ROOT,
                "the slowest took %.1f ms of the processor, the largest %d KiB",
                slowestNanos / 1e6,
                largestAllocation / 1024);
    }

    /** Loads a file of these bytes in that folder: false if it could be loaded, in little memory too. */
    static boolean isRefused(Path folder, byte[] bytes) throws IOException {
        Path file = Files.write(folder.resolve("mutant"), bytes);
        long most = 2L * bytes.length + MEBIBYTE;
        long before = BEAN.getCurrentThreadAllocatedBytes();
        boolean refused = isRefused(file, bytes.length);
        long allocated = BEAN.getCurrentThreadAllocatedBytes() - before;
        if (allocated >= most) { // the first time, the JVM links what makes the message
            before = BEAN.getCurrentThreadAllocatedBytes();
            isRefused(file, bytes.length);
            allocated = BEAN.getCurrentThreadAllocatedBytes() - before;
            assertThat(allocated).as("bytes allocated").isLessThan(most);
        }
        largestAllocation = Math.max(largestAllocation, allocated);
        return refused;
    }

    private static boolean isRefused(Path file, long length) throws IOException {
        ModelFormatException refusal = null;
        long start = BEAN.getCurrentThreadCpuTime(); // which other programs on the machine do not count in
        try {
            CNN.load(file);
        } catch (ModelFormatException e) {
            refusal = e;
        }
        long nanos = BEAN.getCurrentThreadCpuTime() - start;
        if (TIMED) {
            assertThat(nanos).as("nanoseconds of the processor").isLessThan(1_000_000_000L);
        }
        slowestNanos = Math.max(slowestNanos, nanos);
        if (refusal != null) {
            String place = file + ", byte " + refusal.position() + ": ";
            assertThat(refusal.file()).isEqualTo(file);
            assertThat(refusal.position()).isBetween(0L, length);
            assertThat(refusal.getMessage())
                    .startsWith(place)
                    .contains("expected ", ", got ")
                    .endsWith(".");
        }
        return refusal != null;
    }
}
