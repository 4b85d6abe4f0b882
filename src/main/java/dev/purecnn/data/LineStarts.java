package dev.purecnn.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The bytes of a text on their way to its reader, and where its lines start: after each {@code \n}, {@code \r} or both. */
final class LineStarts extends FilterInputStream {
    private long[] starts = new long[1024]; // the first line starts at 0
    private int lines = 1;
    private long position;
    private boolean afterCarriageReturn;

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
        for (int i = offset; i < offset + count; i++) {
            note(target[i]);
        }
        return count;
    }

    private void note(byte value) {
        position++;
        if (value == '\n' && afterCarriageReturn) {
            starts[lines - 1] = position;
        } else if (value == '\n' || value == '\r') {
            if (lines == starts.length) {
                starts = Arrays.copyOf(starts, lines + lines / 2);
            }
            starts[lines++] = position;
        }
        afterCarriageReturn = value == '\r';
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
}
