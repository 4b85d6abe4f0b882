package dev.purecnn.data;

import dev.purecnn.internal.text.Quoted;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A CSV file does not hold what it should. The message says where reading stopped, what was expected and found there, and how to
 * fix it:
 *
 * <pre>{@code
 * digits.csv, row 3, column 17: expected a pixel from 0 to 255, got "1.5".
 *     Write pixels as whole numbers, without sign or quotes.
 * }</pre>
 *
 * <p>Thrown by {@link MnistCsv}:
 *
 * <pre>{@code
 * try {
 *     return MnistCsv.load(file);
 * } catch (CsvFormatException e) {
 *     editor.open(e.file(), e.row(), e.column());
 * }
 * }</pre>
 */
public final class CsvFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final int row;
    private final int column;

    CsvFormatException(Path file, int row, int column, String problem) {
        super(Quoted.message(file + ", row " + row + ", column " + column + ": " + problem));
        this.file = file;
        this.row = row;
        this.column = column;
    }

    /** {@return the file, as passed to the reader; null after serialization} */
    public Path file() {
        return file;
    }

    /** {@return the line where reading stopped, from 1, header included; all lines before it are good} */
    public int row() {
        return row;
    }

    /** {@return the column where reading stopped, in values, from 1; in a row that is too short, the first missing value} */
    public int column() {
        return column;
    }
}
