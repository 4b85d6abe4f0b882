package dev.purecnn.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32;

/** Images in the rows of a CSV file that has been checked. A row is read from the file and checked again for each use. */
final class CsvRows implements StoredImages {
    private static final int BYTE_ORDER_MARK = 0xef; // the first of its three bytes in UTF-8
    private static final int MARK_LENGTH = 3;

    private final SharedFile file;
    private final Places places;
    private final char separator;
    private final int labelColumn;
    private final ThreadLocal<Row> rows; // each thread works in one of its own, made once

    /**
     * Where the rows of the images are, and what is in them.
     *
     * @param firstRow the number of the first image's row, from 1
     * @param starts where each image's row starts, and where the last one ends
     * @param checksums of the rows
     */
    record Places(int firstRow, long[] starts, int[] checksums) {
        int length(int index) {
            return (int) (starts[index + 1] - starts[index]);
        }
    }

    /**
     * Opens the file.
     *
     * @param identity that of the file that has been checked
     * @param labelColumn which column is no pixel, from 0; negative if all are
     */
    CsvRows(Path file, FileIdentity identity, Places places, char separator, int labelColumn) throws IOException {
        this.file = new SharedFile(file, identity);
        this.places = places;
        this.separator = separator;
        this.labelColumn = labelColumn;
        int longest = 0;
        for (int i = 0; i < places.checksums.length; i++) {
            longest = Math.max(longest, places.length(i));
        }
        int capacity = longest;
        rows = ThreadLocal.withInitial(() -> new Row(ByteBuffer.allocate(capacity), new CRC32()));
    }

    private record Row(ByteBuffer text, CRC32 checksum) {}

    @Override
    public void read(int index, ByteBuffer pixels) throws IOException {
        Row row = rows.get();
        ByteBuffer text = row.text;
        file.read(places.starts[index], text.clear().limit(places.length(index)));
        int column = text.hasRemaining() ? 1 : wrongColumn(index, row, pixels.array());
        if (column > 0) {
            throw new CsvFormatException(
                    file.path(),
                    places.firstRow + index,
                    column,
                    "expected image " + index + " as it was when the file was opened, got "
                            + (text.hasRemaining() ? "the end of the file" : "something else")
                            + ". Leave files alone while they are open.");
        }
    }

    /** Reads a whole row; returns the first wrong column, 1 if only the checksum is wrong, 0 if nothing is. */
    private int wrongColumn(int index, Row current, byte[] pixels) {
        byte[] row = current.text.array();
        int end = withoutLineEnd(row, current.text.limit());
        int next = places.starts[index] == 0 && end > 0 && (row[0] & 0xff) == BYTE_ORDER_MARK ? MARK_LENGTH : 0;
        int columns = labelColumn < 0 ? pixels.length : pixels.length + 1;
        int pixel = 0;
        for (int column = 0; column < columns; column++) {
            int stop = next;
            while (stop < end && row[stop] != separator) {
                stop++;
            }
            int value = wholeNumber(row, next, stop);
            boolean good = value >= 0 && (value <= PixelScaling.MAX_PIXEL || column == labelColumn);
            if (!good || column == columns - 1 && stop < end) {
                return column + 1;
            }
            if (column != labelColumn) {
                pixels[pixel++] = (byte) value;
            }
            next = stop + 1;
        }
        current.checksum.reset();
        current.checksum.update(row, 0, end);
        return (int) current.checksum.getValue() == places.checksums[index] ? 0 : 1;
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
