package dev.purecnn.data;

import dev.purecnn.internal.text.Quoted;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A CSV file does not hold what it should. The message says where reading stopped, what was expected there, what came,
 * and how to fix it:
 *
 * <pre>{@code
 * digits.csv, row 3, column 17: expected a pixel from 0 to 255, got "1.5".
 *     Write pixels as whole numbers, without sign or quotes.
 * }</pre>
 *
 * <p>Thrown by {@link MnistCsv}; use it to show the place to whoever keeps the file:
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

    /**
     * The file, as it was given to the reader.
     *
     * @return the path; null if this exception was serialized in between
     */
    public Path file() {
        return file;
    }

    /**
     * The line where reading stopped; all lines before it are good.
     *
     * @return 1 for the first line of the file, header included
     */
    public int row() {
        return row;
    }

    /**
     * The column where reading stopped, counted in values, not in characters.
     *
     * @return 1 for the first value of a row; where a row is too short, the first value that is missing
     */
    public int column() {
        return column;
    }
}
