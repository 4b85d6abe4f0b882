package dev.purecnn.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that any number of threads read from, at any position; interrupting one of them does no harm. */
final class SharedFile implements Closeable {
    private final Path file;
    private final FileIdentity identity;
    private volatile FileChannel channel;
    private boolean closed;

    /**
     * Opens a file.
     *
     * @param identity that of the file that has been checked; one that has changed since is refused
     */
    SharedFile(Path file, FileIdentity identity) throws IOException {
        this.file = file;
        this.identity = identity;
        channel = opened();
    }

    private FileChannel opened() throws IOException {
        FileChannel opened = FileChannel.open(file, StandardOpenOption.READ);
        try {
            identity.check(file);
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    Path path() {
        return file;
    }

    /** Reads up to the buffer's limit, from a position in the file; less only if the file ends before. */
    void read(long start, ByteBuffer target) throws IOException {
        boolean interrupted = false;
        try {
            int first = target.position();
            boolean more = true;
            while (more && target.hasRemaining()) {
                interrupted |= Thread.interrupted(); // else the channel would close under all threads
                more = readSome(target, start + target.position() - first);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether the file goes on. */
    private boolean readSome(ByteBuffer target, long position) throws IOException {
        try {
            return channel().read(target, position) >= 0;
        } catch (ClosedChannelException e) {
            return true; // a thread was interrupted in the middle of it; the next try takes a new channel
        }
    }

    FileChannel channel() throws IOException {
        FileChannel current = channel;
        return current.isOpen() ? current : reopened();
    }

    private synchronized FileChannel reopened() throws IOException {
        if (closed) {
            throw new IllegalStateException("FileDataset: expected an open file, got one that close() has closed: "
                    + file + ". Read first, close last.");
        }
        if (!channel.isOpen()) {
            channel = opened();
        }
        return channel;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }
}
