package dev.purecnn.data;

import com.opencsv.CSVParserBuilder;
import com.opencsv.CSVReader;
import com.opencsv.CSVReaderBuilder;
import com.opencsv.ICSVParser;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** One pass over one file: rows in, a dataset out. For one pass only. */
final class MnistCsvReader {
    private static final int MAX_CHARACTERS_PER_COLUMN = 64; // room for long column names
    private static final int MAX_SHOWN = 20; // characters of a bad value in a message

    private final Path file;
    private final MnistCsv.Builder options;
    private final Shape shape;
    private final long columns;
    private int[] labels = new int[1024];
    private int count;
    private int row;
    private int firstRow;

    MnistCsvReader(Path file, MnistCsv.Builder options) {
        this.file = file;
        this.options = options;
        this.shape = options.shape;
        this.columns = 1L + shape.size();
    }

    /** Keeps all images in memory. */
    Dataset load() throws IOException {
        List<byte[]> images = new ArrayList<>();
        try (CsvText text = CsvText.open(file, maxLineLength())) {
            read(text, images::add);
        }
        return new PixelDataset(images.toArray(new byte[0][]), labels(), shape, options.classes, options.scaling);
    }

    /** Leaves the images in the file. */
    FileDataset open() throws IOException {
        try (CsvText text = CsvText.openPlain(file, maxLineLength())) {
            read(text, image -> {});
            CsvRows rows = new CsvRows(file, firstRow, text.lineStarts().of(firstRow - 1, count), labels());
            return new FileDataset(rows, count, labels(), shape, options.classes, options.scaling);
        }
    }

    private long maxLineLength() {
        return columns * MAX_CHARACTERS_PER_COLUMN;
    }

    private int[] labels() {
        return Arrays.copyOf(labels, count);
    }

    private void read(CsvText text, Consumer<byte[]> images) throws IOException {
        CSVReader lines = lines(text);
        String[] values = next(lines);
        if (values != null && isHeader(values)) {
            checkColumns(values);
            values = next(lines);
        }
        firstRow = row;
        while (values != null) {
            if (isBlank(values)) {
                checkEnd(lines);
                break;
            }
            images.accept(image(values));
            if (count == options.maxRows) {
                break;
            }
            values = next(lines);
        }
        checkCount();
    }

    private static CSVReader lines(CsvText text) {
        return new CSVReaderBuilder(text)
                // numbers need no quotes, and a stray one would make opencsv gather the rest of the file into one value
                .withCSVParser(new CSVParserBuilder()
                        .withQuoteChar(ICSVParser.NULL_CHARACTER)
                        .withEscapeChar(ICSVParser.NULL_CHARACTER)
                        .build())
                .withMultilineLimit(1)
                .withVerifyReader(false) // it takes most failures of the reader for the end of the file
                .build();
    }

    private String[] next(CSVReader lines) throws IOException {
        row++;
        return lines.readNextSilently();
    }

    private boolean isHeader(String[] values) {
        return switch (options.header) {
            case NONE -> false;
            case YES -> true;
            case DETECT -> Arrays.stream(values).allMatch(MnistCsvReader::isName);
        };
    }

    /** Whether a value can be meant as a column's name, and not as a number, be it a wrong one such as NaN or 1e999. */
    private static boolean isName(String value) {
        if (value.chars().noneMatch(Character::isLetter)) {
            return false;
        }
        try {
            Double.parseDouble(value);
            return false;
        } catch (NumberFormatException e) {
            return true;
        }
    }

    private static boolean isBlank(String[] values) {
        return values.length == 1 && values[0].isEmpty();
    }

    /** A blank line may end the file, and nothing else. */
    private void checkEnd(CSVReader lines) throws IOException {
        if (lines.readNextSilently() != null) {
            throw refusal(
                    1, "a row of " + columns + " values", "a blank line", "Delete it; only the last may be blank.");
        }
    }

    /** The pixels of a row; notes its label. */
    private byte[] image(String[] values) throws CsvFormatException {
        checkColumns(values);
        int label = wholeNumber(values[0], options.classes - 1);
        if (label < 0) {
            String remedy = "Correct it, or give the number of classes to the builder." + headerHint();
            throw refusal(1, "a label from 0 to " + (options.classes - 1), shown(values[0]), remedy);
        }
        byte[] pixels = new byte[values.length - 1];
        for (int i = 0; i < pixels.length; i++) {
            int pixel = wholeNumber(values[i + 1], PixelScaling.MAX_PIXEL);
            if (pixel < 0) {
                String remedy = "Write pixels as whole numbers, without sign or quotes." + headerHint();
                throw refusal(i + 2, "a pixel from 0 to " + PixelScaling.MAX_PIXEL, shown(values[i + 1]), remedy);
            }
            pixels[i] = (byte) pixel;
        }
        if (count == labels.length) {
            labels = Arrays.copyOf(labels, count * 2);
        }
        labels[count++] = label;
        return pixels;
    }

    /** Reads ASCII digits with or without spaces around them; -1 if it is anything else or above the maximum. */
    private static int wholeNumber(String value, int max) {
        int end = value.length();
        if (end == 0) {
            return -1;
        }
        long number = 0;
        for (int i = 0; i < end; i++) {
            int digit = value.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                String stripped = withoutSpaces(value);
                return stripped.length() < end ? wholeNumber(stripped, max) : -1;
            }
            number = 10 * number + digit;
            if (number > max) {
                return -1;
            }
        }
        return (int) number;
    }

    private static String withoutSpaces(String value) {
        int start = 0;
        int end = value.length();
        while (start < end && value.charAt(start) == ' ') {
            start++;
        }
        while (start < end && value.charAt(end - 1) == ' ') {
            end--;
        }
        return value.substring(start, end);
    }

    private void checkColumns(String[] values) throws CsvFormatException {
        if (values.length != columns) {
            int firstWrong = (int) Math.min(values.length, columns) + 1;
            String expected = columns + " values (a label and " + shape + " pixels) separated by commas";
            String remedy = "Correct the row, or give the images' shape to the builder." + headerHint();
            throw refusal(firstWrong, expected, String.valueOf(values.length), remedy);
        }
    }

    private CsvFormatException refusal(int column, String expected, String got, String remedy) {
        return new CsvFormatException(file, row, column, "expected " + expected + ", got " + got + ". " + remedy);
    }

    private String headerHint() {
        return row == 1 && options.header != MnistCsv.Header.YES
                ? " If this row holds column names, tell the builder: header(Header.YES)."
                : "";
    }

    /** The value in quotes, short, and in printable ASCII. */
    private static String shown(String value) {
        StringBuilder shown = new StringBuilder("\"");
        for (char c : value.substring(0, Math.min(value.length(), MAX_SHOWN)).toCharArray()) {
            if (c < ' ' || c > '~') {
                shown.append(String.format("\\u%04x", (int) c));
            } else {
                shown.append(c);
            }
        }
        return value.length() <= MAX_SHOWN
                ? shown.append('"').toString()
                : shown.append("...\" (" + value.length() + " characters)").toString();
    }

    private void checkCount() throws CsvFormatException {
        if (count == 0) {
            throw refusal(1, "at least one image", "the end of the file", "Check that this is the right file.");
        }
        if (options.maxRows != MnistCsv.Builder.ALL_ROWS && count < options.maxRows) {
            String got = "the end of the file after " + count;
            throw refusal(1, options.maxRows + " images", got, "Ask for at most " + count + ".");
        }
    }
}
