package dev.purecnn.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.purecnn.ModelFormatException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/** Reads files with faults: each is read or refused as documented, at once, in little memory. */
final class HostileFiles {
    static final long SEED = Long.getLong("purecnn.seed", 20_251_127L);
    static final int RUNS = Integer.getInteger("purecnn.fuzz.runs", 400);

    private static final long MEBIBYTE = 1 << 20;
    private static final long SECOND = 1_000_000_000L;
    private static final ThreadMXBean BEAN = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Path file;
    private final Reading reading;
    private long slowest;
    private long largest;
    private int refused;

    HostileFiles(Path file, Reading reading) {
        this.file = file;
        this.reading = reading;
    }

    /** Reads a file. */
    interface Reading {
        void read(Path file) throws IOException;
    }

    /** Makes a file with faults. */
    interface Mutation {
        byte[] mutant(Random random) throws IOException;
    }

    /** Tries all mutants; says how many were refused. */
    int refuse(String name, Mutation mutation) throws IOException {
        System.out.println(name + ": " + RUNS + " runs; again with -Dpurecnn.seed=" + SEED);
        for (int run = 0; run < RUNS; run++) {
            byte[] mutant = mutation.mutant(new Random(SEED * 1_000_003 + run));
            try {
                read(mutant);
            } catch (IOException | RuntimeException | Error e) {
                Path kept = Files.write(Files.createTempFile("mutant", ""), mutant);
                throw new AssertionError(
                        "seed " + SEED + ", run " + run + ", kept as " + kept + ": "
                                + new String(mutant, StandardCharsets.ISO_8859_1),
                        e);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%s: %d refused; the slowest took %.1f ms of the processor, the largest %d KiB more than twice its file%n",
                name,
                refused,
                slowest / 1e6,
                largest / 1024);
        return refused;
    }

    /** Reads a file of these bytes; says whether it was refused. */
    boolean read(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        int before = refused;
        long more = tried(bytes.length);
        if (more > MEBIBYTE) { // the first time, the JVM links what makes the message
            refused = before;
            more = tried(bytes.length);
        }
        assertThat(more).as("bytes allocated beyond twice the file").isLessThan(MEBIBYTE);
        largest = Math.max(largest, more);
        return refused > before;
    }

    private long tried(long length) throws IOException {
        long allocated = BEAN.getCurrentThreadAllocatedBytes();
        long start = BEAN.getCurrentThreadCpuTime(); // which other programs on the machine do not count in
        ModelFormatException refusal = null;
        try {
            reading.read(file);
        } catch (ModelFormatException e) {
            refusal = e;
        }
        long nanos = BEAN.getCurrentThreadCpuTime() - start;
        long more = BEAN.getCurrentThreadAllocatedBytes() - allocated - 2 * length;
        assertThat(nanos).as("nanoseconds of the processor").isLessThan(SECOND);
        slowest = Math.max(slowest, nanos);
        if (refusal != null) {
            refused++;
            assertThat(refusal.position()).isBetween(0L, length);
            assertThat(refusal.getMessage())
                    .startsWith(file + ", byte " + refusal.position() + ": ")
                    .contains("expected ", ", got ")
                    .endsWith(".");
        }
        return more;
    }

    /** The bytes with some removed, repeated, or replaced. */
    static byte[] spoiled(byte[] bytes, Random random) {
        int start = random.nextInt(bytes.length + 1);
        int end = Math.min(bytes.length, start + random.nextInt(12));
        byte[] other = new byte[random.nextInt(4)];
        random.nextBytes(other);
        return switch (random.nextInt(4)) {
            case 0 -> spliced(bytes, start, end, new byte[0]);
            case 1 -> spliced(bytes, end, end, Arrays.copyOfRange(bytes, start, end));
            case 2 -> Arrays.copyOf(bytes, start);
            default -> spliced(bytes, start, Math.min(bytes.length, start + other.length), other);
        };
    }

    static byte[] spliced(byte[] bytes, int start, int end, byte[] replacement) {
        byte[] result = new byte[bytes.length - (end - start) + replacement.length];
        System.arraycopy(bytes, 0, result, 0, start);
        System.arraycopy(replacement, 0, result, start, replacement.length);
        System.arraycopy(bytes, end, result, start + replacement.length, bytes.length - end);
        return result;
    }
}
