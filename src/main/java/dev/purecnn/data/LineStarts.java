package dev.purecnn.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Passes on the bytes of a text, and notes where its lines start (after each {@code \n}, {@code \r} or both) and their checksums.
 */
final class LineStarts extends FilterInputStream {
    private long[] starts = new long[1024]; // the first line starts at 0
    private int[] checksums = new int[1024]; // of the bytes before the line end
    private int lines = 1;
    private long position;
    private boolean afterCarriageReturn;
    private final CRC32 checksum = new CRC32(); // of the line so far

    LineStarts(InputStream bytes) {
        super(bytes);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        int i = offset;
        while (i < offset + count) {
            int from = i;
            while (i < offset + count && target[i] != '\n' && target[i] != '\r') {
                i++;
            }
            checksum.update(target, from, i - from);
            afterCarriageReturn &= i == from;
            if (i < offset + count) {
                endLine(target[i++], position + i - offset);
            }
        }
        position += Math.max(count, 0);
        return count;
    }

    private void endLine(byte end, long nextStart) {
        if (end == '\n' && afterCarriageReturn) {
            starts[lines - 1] = nextStart;
        } else {
            if (lines == starts.length) {
                starts = Arrays.copyOf(starts, lines + lines / 2);
                checksums = Arrays.copyOf(checksums, starts.length);
            }
            checksums[lines - 1] = (int) checksum.getValue();
            checksum.reset();
            starts[lines++] = nextStart;
        }
        afterCarriageReturn = end == '\r';
    }

    /**
     * Where lines start, as far as they have been read.
     *
     * @param from the first of them, counted from 0
     * @return one place for each line, and the end of the last one
     */
    long[] of(int from, int count) {
        long[] places = Arrays.copyOfRange(starts, from, from + count + 1);
        if (from + count == lines) {
            places[count] = position; // it had no line end
        }
        return places;
    }

    /** The checksums (CRC-32) of the same lines. */
    int[] checksums(int from, int count) {
        if (from + count == lines) {
            checksums[lines - 1] = (int) checksum.getValue();
        }
        return Arrays.copyOfRange(checksums, from, from + count);
    }
}
