package dev.purecnn.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** What the tests of this package put into files. */
final class TestFiles {
    /** Bytes before the text in what {@link #storedGzip} makes: gzip header, then header of a stored block. */
    static final int STORED_HEADER = 10 + 5;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private TestFiles() {}

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] gzip(byte[] content) throws IOException {
        return gzip(content, Deflater.DEFAULT_COMPRESSION);
    }

    /** Gzip without compression: a cut after some bytes is a cut after that many characters, with any zlib. */
    static byte[] storedGzip(byte[] content) throws IOException {
        return gzip(content, Deflater.NO_COMPRESSION);
    }

    private static byte[] gzip(byte[] content, int level) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed) {
            {
                def.setLevel(level);
            }
        }) {
            out.write(content);
        }
        return packed.toByteArray();
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    static byte[] cut(byte[] content, int length) {
        return Arrays.copyOf(content, length);
    }

    /** The content with one byte changed. */
    static byte[] damaged(byte[] content, int index) {
        byte[] copy = content.clone();
        copy[index] ^= 0x55;
        return copy;
    }

    static void assertSame(Dataset actual, Dataset expected) {
        assertThat(actual.size()).isEqualTo(expected.size());
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.classes()).isEqualTo(expected.classes());
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.label(i)).isEqualTo(expected.label(i));
            assertThat(actual.image(i)).isEqualTo(expected.image(i));
        }
    }

    /** What the current thread has allocated since it started. */
    static long allocatedBytes() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /** What the fewest of some rounds of a thousand calls allocated: compiling now and then costs some bytes too. */
    static long fewestAllocatedBytes(Runnable call) {
        long fewest = Long.MAX_VALUE;
        for (int round = 0; round < 20 && fewest > 0; round++) {
            long before = allocatedBytes();
            for (int i = 0; i < 1000; i++) {
                call.run();
            }
            fewest = Math.min(fewest, allocatedBytes() - before);
        }
        return fewest;
    }
}
