package dev.purecnn.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Images at equal distances in a file, one byte per pixel. */
final class RecordFile implements StoredImages {
    private final SharedFile file;
    private final long first;
    private final long distance;

    /**
     * Opens a file that has been checked.
     *
     * @param identity that of the file that has been checked
     * @param first the position of the first image
     * @param distance from one image to the next, in bytes
     */
    RecordFile(Path file, FileIdentity identity, long first, long distance) throws IOException {
        this.file = new SharedFile(file, identity);
        this.first = first;
        this.distance = distance;
    }

    @Override
    public void read(int index, ByteBuffer pixels) throws IOException {
        long start = first + index * distance;
        file.read(start, pixels.clear());
        if (pixels.hasRemaining()) {
            throw new ImageFormatException(
                    file.path(),
                    start + pixels.position(),
                    "expected " + pixels.remaining() + " more bytes of image " + index
                            + ", got the end of the file. Leave files alone while they are open.");
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
