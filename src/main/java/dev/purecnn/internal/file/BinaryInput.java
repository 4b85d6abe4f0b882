package dev.purecnn.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;

/** A file of little-endian numbers, read through one small buffer. */
public final class BinaryInput implements Closeable {
    private static final int BUFFER_SIZE = 1 << 16;

    /** Null if the buffer holds all of the file. */
    private final SeekableByteChannel channel;

    private final long size;
    private final ByteBuffer buffer;
    /** Where the buffer's end lies in the file. */
    private long bufferEnd;

    private BinaryInput(SeekableByteChannel channel) throws IOException {
        this.channel = channel;
        size = channel.size();
        buffer = ByteBuffer.allocate((int) Math.max(Double.BYTES, Math.min(BUFFER_SIZE, size)))
                .order(ByteOrder.LITTLE_ENDIAN);
        buffer.limit(0);
    }

    private BinaryInput(byte[] file) {
        channel = null;
        size = file.length;
        buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        bufferEnd = size;
    }

    /** The bytes of a file. */
    public static BinaryInput of(byte[] file) {
        return new BinaryInput(file);
    }

    public static BinaryInput open(Path file, String kind) throws IOException {
        SeekableByteChannel channel = InputFile.open(file, kind);
        try {
            return new BinaryInput(channel);
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    public long size() {
        return size;
    }

    public long position() {
        return bufferEnd - buffer.remaining();
    }

    public void seek(long position) throws IOException {
        long start = bufferEnd - buffer.limit();
        if (position >= start && position <= bufferEnd) {
            buffer.position((int) (position - start));
            return;
        }
        channel.position(position);
        bufferEnd = position;
        buffer.limit(0);
    }

    public int readByte() throws IOException {
        return need(1).get() & 0xff;
    }

    public short readShort() throws IOException {
        return need(Short.BYTES).getShort();
    }

    public int readInt() throws IOException {
        return need(Integer.BYTES).getInt();
    }

    public long readLong() throws IOException {
        return need(Long.BYTES).getLong();
    }

    public byte[] readBytes(int length) throws IOException {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; ) {
            int part = Math.min(length - i, need(1).remaining());
            buffer.get(bytes, i, part);
            i += part;
        }
        return bytes;
    }

    /** The next numbers of 8 bytes, at least 1 and at most that many; good until the next call. */
    ByteBuffer readNumbers(long most) throws IOException {
        int bytes = (int) Math.min(need(Double.BYTES).remaining() / Double.BYTES, most) * Double.BYTES;
        ByteBuffer numbers = buffer.slice(buffer.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.position(buffer.position() + bytes);
        return numbers;
    }

    /** The buffer, with at least that many bytes in it. */
    private ByteBuffer need(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            if (bytes > size - position()) {
                throw new FileFault(size, "more bytes", "the end of the file", "It is not whole: fetch it again.");
            }
            buffer.compact();
            while (buffer.position() < bytes) {
                int read = channel.read(buffer);
                if (read < 0) {
                    throw new FileFault(
                            bufferEnd, "more bytes", "the end of the file", "It is not whole: fetch it again.");
                }
                bufferEnd += read;
            }
            buffer.flip();
        }
        return buffer;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
