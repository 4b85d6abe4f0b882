package dev.purecnn.data;

import dev.purecnn.internal.file.InputFile;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;

/**
 * The text of a CSV file, unpacked and guarded: UTF-8, lines of bounded length, no control characters. So reading it
 * line by line takes little memory for any file.
 *
 * <p>Counts rows and columns. Returns the text before a fault first, and throws at the next read, so that a mistake in an earlier
 * row is reported first.
 */
final class CsvText extends Reader {
    private static final int BUFFER_SIZE = 1 << 14;
    private static final String KIND = "a CSV file";
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Path file;
    private final InputStream bytes;
    private final FileIdentity identity; // before it was opened
    private final char separator;
    private final long maxLineLength;
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder(); // reports what is malformed
    private final ByteBuffer encoded = ByteBuffer.allocate(BUFFER_SIZE).limit(0);
    private boolean endOfBytes;
    private boolean started;

    private int row = 1;
    private int column = 1;
    private long lineLength;
    private boolean afterCarriageReturn;
    private String problem; // what stops the next read

    private CsvText(Path file, FileIdentity identity, InputStream bytes, char separator, long maxLineLength) {
        this.file = file;
        this.identity = identity;
        this.bytes = bytes;
        this.separator = separator;
        this.maxLineLength = maxLineLength;
    }

    /** Opens a file that is not packed, and notes where its lines start. */
    static CsvText openPlain(Path file, char separator, long maxLineLength) throws IOException {
        InputFile.requireExists(file, KIND);
        BinaryFile.checkRegular(file, KIND);
        return open(file, separator, maxLineLength, raw -> {
            if (Gunzip.isNext(raw)) {
                throw new CsvFormatException(file, 1, 1, BinaryFile.PACKED);
            }
            return new LineStarts(raw);
        });
    }

    /** Opens a file, plain or gzip: its first two bytes say which. */
    static CsvText open(Path file, char separator, long maxLineLength) throws IOException {
        InputFile.requireExists(file, KIND);
        return open(file, separator, maxLineLength, raw -> Gunzip.isNext(raw) ? new Gunzip(raw, BUFFER_SIZE) : raw);
    }

    private interface Unpacking {
        InputStream of(InputStream raw) throws IOException;
    }

    private static CsvText open(Path file, char separator, long maxLineLength, Unpacking unpacking) throws IOException {
        FileIdentity identity = FileIdentity.of(file);
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER_SIZE);
        try {
            return new CsvText(file, identity, unpacking.of(raw), separator, maxLineLength);
        } catch (EOFException | ZipException e) {
            raw.close();
            throw new CsvFormatException(file, 1, 1, damagedGzip(e, 0));
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** What the file was when it was opened. */
    FileIdentity identity() {
        return identity;
    }

    /** Where lines start, of text that was opened as plain. */
    LineStarts lineStarts() {
        return (LineStarts) bytes;
    }

    private static String damagedGzip(IOException cause, int wholeRows) {
        String fault = cause instanceof EOFException ? "the end of the file" : "damage (" + cause.getMessage() + ")";
        return "expected more gzip data, got " + fault + " after " + wholeRows + " whole rows. Fetch the file again.";
    }

    @Override
    public int read(char[] target, int offset, int length) throws IOException {
        int count = 0;
        if (problem == null) {
            count = checked(target, offset, withoutMark(target, offset, decode(target, offset, length)));
        }
        if (count == 0 && problem != null) {
            throw new CsvFormatException(file, row, column, problem);
        }
        return count == 0 && endOfBytes ? -1 : count;
    }

    /** Returns how many characters came; 0 at the end of the file, or with a problem. */
    private int decode(char[] target, int offset, int length) throws IOException {
        CharBuffer chars = CharBuffer.wrap(target, offset, length);
        while (problem == null) {
            boolean last = endOfBytes;
            CoderResult result = decoder.decode(encoded, chars, last);
            if (chars.position() > offset) {
                break; // the next read meets a malformed byte after these characters again
            }
            if (result.isError()) {
                problem = "expected UTF-8 text, got byte 0x" + hex(encoded.get(encoded.position()))
                        + ". Save the file as plain text in UTF-8.";
            } else if (last) {
                break;
            } else {
                fill();
            }
        }
        return chars.position() - offset;
    }

    private void fill() throws IOException {
        encoded.compact();
        try {
            int count = bytes.read(encoded.array(), encoded.position(), encoded.remaining());
            endOfBytes = count < 0;
            encoded.position(encoded.position() + Math.max(count, 0));
        } catch (EOFException | ZipException e) {
            problem = damagedGzip(e, row - 1);
        } finally {
            encoded.flip();
        }
    }

    private int withoutMark(char[] target, int offset, int count) {
        boolean marked = !started && count > 0 && target[offset] == BYTE_ORDER_MARK;
        started |= count > 0;
        if (marked) {
            System.arraycopy(target, offset + 1, target, offset, count - 1);
        }
        return marked ? count - 1 : count;
    }

    /** Counts rows and columns and returns how many of the characters are good. */
    private int checked(char[] target, int offset, int count) {
        int end = offset + count;
        int i = offset;
        while (i < end && problem == null) {
            if (isLineEnd(target[i])) {
                endLine(target[i++]);
            } else {
                i = checkedLine(target, i, end);
            }
        }
        return i - offset;
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    private void endLine(char end) {
        boolean secondHalf = end == '\n' && afterCarriageReturn;
        row += secondHalf ? 0 : 1;
        column = 1;
        lineLength = 0;
        afterCarriageReturn = end == '\r';
    }

    /** Advances to the end of the line or of the characters, or to a bad one. Runs for every character, so it is tight. */
    private int checkedLine(char[] target, int start, int end) {
        int limit = (int) Math.min(end, start + maxLineLength - lineLength);
        int i = start;
        while (i < limit && (target[i] >= ' ' || target[i] == '\t')) {
            if (target[i] == separator) {
                column++;
            }
            i++;
        }
        lineLength += i - start;
        afterCarriageReturn = false;
        if (i < end && !isLineEnd(target[i])) {
            problem = i == limit
                    ? "expected the row to end after " + maxLineLength
                            + " characters at most, got more. Put every image on a line of its own."
                    : "expected text, got byte 0x" + hex((byte) target[i])
                            + ". Check that this is a CSV file, plain or gzip.";
        }
        return i;
    }

    private static String hex(byte value) {
        return String.format("%02x", value);
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
