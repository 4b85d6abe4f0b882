package dev.purecnn.data;

import dev.purecnn.internal.file.InputFile;
import dev.purecnn.layer.Shape;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;

/**
 * The bytes of a file, unpacked if it is gzip, read from first to last. Sizes that a
 * file claims are checked against its length, and reading takes no more memory than there are bytes.
 */
final class BinaryFile implements Closeable {
    /** Why gzip is refused where files are read from the middle. */
    static final String PACKED = "expected a file that is not packed, got gzip. Unpack it, or load it into memory.";

    private static final int BUFFER_SIZE = 1 << 16;
    private static final int MOST_UNPACKED = 1032; // bytes from one byte of deflate: zlib's technical details

    private final Path file;
    private final InputStream in;
    private final long size;
    private final boolean packed;
    private final FileIdentity identity;
    private long position;

    private BinaryFile(Path file, InputStream in, FileIdentity identity, boolean packed) {
        this.file = file;
        this.in = in;
        this.identity = identity;
        this.size = identity.size();
        this.packed = packed;
    }

    /**
     * Opens a file, plain or gzip: its first two bytes say which.
     *
     * @param kind for messages, such as "an IDX file"
     */
    static BinaryFile open(Path file, String kind) throws IOException {
        InputFile.requireExists(file, kind);
        checkRegular(file, kind);
        FileIdentity identity = FileIdentity.of(file);
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_SIZE);
        try {
            boolean packed = Gunzip.isNext(raw);
            return new BinaryFile(file, packed ? new Gunzip(raw, BUFFER_SIZE) : raw, identity, packed);
        } catch (EOFException | ZipException e) {
            raw.close();
            throw new ImageFormatException(file, 0, damagedGzip(e));
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    /** Refuses pipes and devices: they have no size to check, and reading may never end. */
    static void checkRegular(Path file, String kind) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new FileSystemException(
                    file.toString(), null, "expected " + kind + ", got no regular file. Copy it to one.");
        }
    }

    private static String damagedGzip(IOException cause) {
        String fault = cause instanceof EOFException ? "the end of the file" : "damage (" + cause.getMessage() + ")";
        return "expected more gzip data, got " + fault + ". Fetch the file again.";
    }

    /** Refuses gzip, which cannot be read from the middle. */
    void checkPlain() throws ImageFormatException {
        if (packed) {
            throw new ImageFormatException(file, 0, PACKED);
        }
    }

    boolean isPacked() {
        return packed;
    }

    /** What the file was when it was opened. */
    FileIdentity identity() {
        return identity;
    }

    long position() {
        return position;
    }

    /** Reads that many bytes, and takes memory only as they come. */
    byte[] read(int length, String what) throws IOException {
        byte[] bytes = readUpTo(length);
        if (bytes.length < length) {
            throw refusal(
                    position,
                    (length - bytes.length) + " more bytes of " + what,
                    "the end of the file",
                    "Fetch the file again.");
        }
        return bytes;
    }

    /** Reads that many bytes, or fewer if the file ends before. */
    byte[] readUpTo(int length) throws IOException {
        try {
            byte[] bytes = in.readNBytes(length);
            position += bytes.length;
            return bytes;
        } catch (EOFException | ZipException e) {
            throw new ImageFormatException(file, position, damagedGzip(e));
        }
    }

    /**
     * Checks that a length computed from sizes in the file is exactly what is left of it; for gzip, that it can be.
     *
     * @param at the position of those sizes
     */
    void checkRemaining(long length, String what, long at) throws ImageFormatException {
        long remaining = packed ? size * MOST_UNPACKED : size - position;
        if (packed ? length > remaining : length != remaining) {
            throw refusal(
                    at,
                    length + " more bytes, for " + what,
                    (packed ? "at most " : "") + remaining,
                    "Fetch the file again.");
        }
    }

    /** Refuses more images than fit in memory. */
    void checkMemory(long count, Shape shape) throws ImageFormatException {
        if (count > PixelDataset.mostImages(PixelDataset.defaultMemory(), shape)) {
            throw refusal(
                    position,
                    "images of at most " + PixelDataset.defaultMemory() + " bytes to keep in memory",
                    count + " images of " + shape,
                    "Give Java more memory (-Xmx), or leave the images in the file with open.");
        }
    }

    void checkEnd() throws IOException {
        if (readUpTo(1).length > 0) {
            throw refusal(position - 1, "the end of the file", "more bytes", "Fetch the file again.");
        }
    }

    ImageFormatException refusal(long at, String expected, String got, String remedy) {
        return new ImageFormatException(file, at, "expected " + expected + ", got " + got + ". " + remedy);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
