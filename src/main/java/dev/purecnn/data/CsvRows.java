package dev.purecnn.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Images in the rows of a CSV file that has been checked. A row is read from the file and checked again for each use. */
final class CsvRows implements StoredImages {
    private static final int BYTE_ORDER_MARK = 0xef; // the first of its three bytes in UTF-8
    private static final int MARK_LENGTH = 3;

    private final SharedFile file;
    private final int firstRow;
    private final long[] starts;
    private final int[] labels;
    private final ThreadLocal<ByteBuffer> texts;

    /**
     * Opens the file.
     *
     * @param firstRow the number of the first image's row, from 1
     * @param starts where each image's row starts, and where the last one ends
     * @param labels of the images, as the rows say
     */
    CsvRows(Path file, int firstRow, long[] starts, int[] labels) throws IOException {
        this.file = new SharedFile(file);
        this.firstRow = firstRow;
        this.starts = starts;
        this.labels = labels;
        int longest = 0;
        for (int i = 0; i < labels.length; i++) {
            longest = Math.max(longest, length(i));
        }
        int capacity = longest;
        texts = ThreadLocal.withInitial(() -> ByteBuffer.allocate(capacity));
    }

    private int length(int index) {
        return (int) (starts[index + 1] - starts[index]);
    }

    @Override
    public void read(int index, ByteBuffer pixels) throws IOException {
        ByteBuffer text = texts.get();
        file.read(starts[index], text.clear().limit(length(index)));
        int column = text.hasRemaining() ? 1 : wrongColumn(index, text, pixels.array());
        if (column > 0) {
            throw new CsvFormatException(
                    file.path(),
                    firstRow + index,
                    column,
                    "expected image " + index + " as it was when the file was opened, got "
                            + (text.hasRemaining() ? "the end of the file" : "something else")
                            + ". Leave files alone while they are open.");
        }
    }

    /** Reads a whole row; answers the first column that is not what it should be, 0 if all are. */
    private int wrongColumn(int index, ByteBuffer text, byte[] pixels) {
        byte[] row = text.array();
        int end = withoutLineEnd(row, text.limit());
        int next = starts[index] == 0 && end > 0 && (row[0] & 0xff) == BYTE_ORDER_MARK ? MARK_LENGTH : 0;
        for (int column = 0; column <= pixels.length; column++) {
            int comma = next;
            while (comma < end && row[comma] != ',') {
                comma++;
            }
            int value = wholeNumber(row, next, comma);
            boolean last = column == pixels.length;
            boolean good = column == 0 ? value == labels[index] : value >= 0 && value <= PixelScaling.MAX_PIXEL;
            if (!good || last && comma < end) {
                return column + 1;
            }
            if (column > 0) {
                pixels[column - 1] = (byte) value;
            }
            next = comma + 1;
        }
        return 0;
    }

    private static int withoutLineEnd(byte[] row, int length) {
        int end = length;
        end -= end > 0 && row[end - 1] == '\n' ? 1 : 0;
        end -= end > 0 && row[end - 1] == '\r' ? 1 : 0;
        return end;
    }

    /** Reads ASCII digits with or without spaces around them; -1 if it is anything else. */
    private static int wholeNumber(byte[] text, int from, int to) {
        int start = from;
        int end = to;
        while (start < end && text[start] == ' ') {
            start++;
        }
        while (start < end && text[end - 1] == ' ') {
            end--;
        }
        long number = start < end ? 0 : -1;
        for (int i = start; i < end; i++) {
            int digit = text[i] - '0';
            number = 10 * number + digit;
            if (digit < 0 || digit > 9 || number > Integer.MAX_VALUE) {
                return -1;
            }
        }
        return (int) number;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
