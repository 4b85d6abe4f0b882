package dev.purecnn.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Images that lie in a file at equal distances, read one at a time by any number of threads. */
final class RecordFile implements Closeable {
    private final Path file;
    private final long first;
    private final long distance;
    private volatile FileChannel channel;
    private boolean closed;

    /**
     * Opens a file that has been checked.
     *
     * @param first the position of the first image
     * @param distance from one image to the next, in bytes
     */
    RecordFile(Path file, long first, long distance) throws IOException {
        this.file = file;
        this.first = first;
        this.distance = distance;
        channel = FileChannel.open(file, StandardOpenOption.READ);
    }

    /** Fills the whole buffer from the start of an image. */
    void read(int index, ByteBuffer target) throws IOException {
        long start = first + index * distance;
        boolean interrupted = false;
        target.clear();
        try {
            while (target.hasRemaining()) {
                interrupted |= Thread.interrupted(); // else the channel would close under all threads
                readSome(index, target, start + target.position());
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void readSome(int index, ByteBuffer target, long position) throws IOException {
        try {
            if (channel().read(target, position) < 0) {
                throw new ImageFormatException(
                        file,
                        position,
                        "expected " + target.remaining() + " more bytes of image " + index
                                + ", got the end of the file. Leave files alone while they are open.");
            }
        } catch (ClosedChannelException e) {
            // a thread was interrupted in the middle of it; the next try takes a new channel
        }
    }

    private FileChannel channel() throws IOException {
        FileChannel current = channel;
        return current.isOpen() ? current : reopened();
    }

    private synchronized FileChannel reopened() throws IOException {
        if (closed) {
            throw new IllegalStateException("FileDataset: expected an open file, got one that close() has closed: "
                    + file + ". Read first, close last.");
        }
        if (!channel.isOpen()) {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        }
        return channel;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }
}
