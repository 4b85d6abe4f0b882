package dev.purecnn.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * What a gzip file unpacks to (RFC 1952). The JDK's own stream calls itself once per member, so that thousands of empty ones
 * overflow its stack, and it takes a damaged member for the end of the file; this one does neither.
 */
final class Gunzip extends InputStream {
    private static final int FIRST_MAGIC = 0x1f;
    private static final int SECOND_MAGIC = 0x8b;
    private static final int DEFLATE = 8;
    private static final int HAS_CHECKSUM = 2; // the flags of a header
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;
    private static final int RESERVED = 0xe0;
    private static final int IGNORED_LENGTH = 6; // time, compression level, operating system

    private final InputStream packed;
    private final byte[] buffer;
    private int next;
    private int end;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private boolean ended;

    /** Reads the header of the first member. */
    Gunzip(InputStream packed, int bufferSize) throws IOException {
        this.packed = packed;
        buffer = new byte[bufferSize];
        try {
            readHeader(required());
        } catch (IOException e) {
            inflater.end();
            throw e;
        }
    }

    /** Whether gzip comes next; reads nothing. */
    static boolean isNext(InputStream in) throws IOException {
        in.mark(2);
        boolean gzip = in.read() == FIRST_MAGIC && in.read() == SECOND_MAGIC;
        in.reset();
        return gzip;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = 0;
        while (count == 0 && length > 0 && !ended) {
            if (inflater.needsInput() && !inflater.finished()) {
                if (next == end && !fill()) {
                    throw new EOFException("Unexpected end of gzip data");
                }
                inflater.setInput(buffer, next, end - next);
                next = end;
            }
            count = inflated(target, offset, length);
            if (inflater.finished() && count == 0) {
                next = end - inflater.getRemaining();
                endMember();
            }
        }
        return count == 0 && length > 0 ? -1 : count;
    }

    private int inflated(byte[] target, int offset, int length) throws ZipException {
        try {
            int count = inflater.inflate(target, offset, length);
            if (inflater.needsDictionary()) {
                throw new ZipException("it needs a dictionary");
            }
            checksum.update(target, offset, count);
            return count;
        } catch (DataFormatException e) {
            throw new ZipException(e.getMessage());
        }
    }

    /** Checks the trailer; after it come another member, zeros that fill up a block, or nothing. */
    private void endMember() throws IOException {
        if (number(Integer.BYTES) != checksum.getValue()
                || number(Integer.BYTES) != (inflater.getBytesWritten() & 0xffffffffL)) {
            throw new ZipException("Corrupt GZIP trailer");
        }
        int first = nextByte();
        if (first > 0) {
            inflater.reset();
            checksum.reset();
            readHeader(first);
            return;
        }
        while (first == 0) {
            first = nextByte();
        }
        if (first > 0) {
            throw new ZipException("more bytes after its end");
        }
        ended = true;
    }

    private void readHeader(int firstByte) throws IOException {
        if (firstByte != FIRST_MAGIC || required() != SECOND_MAGIC) {
            throw new ZipException("more bytes after its end");
        }
        if (required() != DEFLATE) {
            throw new ZipException("Unsupported compression method");
        }
        int flags = required();
        if ((flags & RESERVED) != 0) {
            throw new ZipException("Unsupported flags");
        }
        skip(IGNORED_LENGTH);
        skip((flags & HAS_EXTRA) == 0 ? 0 : (int) number(Short.BYTES));
        skipText((flags & HAS_NAME) != 0);
        skipText((flags & HAS_COMMENT) != 0);
        skip((flags & HAS_CHECKSUM) == 0 ? 0 : Short.BYTES);
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            required();
        }
    }

    private void skipText(boolean present) throws IOException {
        int value = present ? 1 : 0;
        while (value != 0) {
            value = required();
        }
    }

    /** The low byte comes first. */
    private long number(int bytes) throws IOException {
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number |= (long) required() << Byte.SIZE * i;
        }
        return number;
    }

    private int required() throws IOException {
        int value = nextByte();
        if (value < 0) {
            throw new EOFException("Unexpected end of gzip data");
        }
        return value;
    }

    private int nextByte() throws IOException {
        return next < end || fill() ? buffer[next++] & 0xff : -1;
    }

    private boolean fill() throws IOException {
        next = 0;
        end = Math.max(packed.read(buffer), 0);
        return end > 0;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        packed.close();
    }
}
