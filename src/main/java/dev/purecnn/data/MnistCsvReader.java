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

/** Reads one file, once, into a dataset. */
final class MnistCsvReader {
    private static final int MAX_CHARACTERS_PER_COLUMN = 64; // room for long column names
    private static final String OTHER_SEPARATORS = ",;\t|:";
    private static final int MAX_SHOWN = 20; // characters of a bad value in a message

    private final Path file;
    private final MnistCsv.Builder options;
    private final Shape shape;
    private final long columns;
    private final CsvLabels place;
    private int[] labels = new int[1024];
    private int count;
    private int row;
    private int firstRow;

    MnistCsvReader(Path file, MnistCsv.Builder options) {
        this.file = file;
        this.options = options;
        this.shape = options.shape;
        this.columns = shape.size() + (options.labelColumn == MnistCsv.LabelColumn.NONE ? 0L : 1L);
        place = new CsvLabels(options, columns);
    }

    /** Keeps all images in memory. */
    Dataset load() throws IOException {
        List<byte[]> images = new ArrayList<>();
        long most = PixelDataset.mostImages(options.maxMemory, shape);
        try (CsvText text = CsvText.open(file, options.separator, maxLineLength())) {
            read(text, image -> {
                images.add(image);
                if (images.size() > most) {
                    throw tooLarge();
                }
            });
            return new PixelDataset(images.toArray(new byte[0][]), labels(), shape, classes(), options.scaling);
        } catch (OutOfMemoryError e) { // other objects take more of the heap than expected
            images.clear();
            throw tooLarge();
        }
    }

    private CsvFormatException tooLarge() {
        return refusal(
                1,
                "at most " + options.maxMemory + " bytes of images to keep in memory",
                "more after " + count + " images",
                "Give Java more memory (-Xmx) or the builder a larger maxMemory, leave the images in the file with open,"
                        + " or ask for fewer with maxRows.");
    }

    /** Leaves the images in the files, which must agree on where the labels are. */
    static FileDataset open(Path[] files, MnistCsv.Builder options) throws IOException {
        MnistCsvReader[] readers = new MnistCsvReader[files.length];
        return FileDataset.joined("MnistCsv.open", files.length, shard -> {
            readers[shard] = new MnistCsvReader(files[shard], options);
            FileDataset opened = readers[shard].open();
            if (readers[shard].place.column() == readers[0].place.column()) {
                return opened;
            }
            opened.close();
            throw readers[shard].refusal(
                    1,
                    "labels in column " + (readers[0].place.column() + 1) + ", as in " + files[0].getFileName(),
                    "labels in column " + (readers[shard].place.column() + 1),
                    "Open files of one kind together, or tell the builder the labelColumn of all.");
        });
    }

    private FileDataset open() throws IOException {
        try (CsvText text = CsvText.openPlain(file, options.separator, maxLineLength())) {
            read(text, image -> {});
            LineStarts lines = text.lineStarts();
            CsvRows.Places places =
                    new CsvRows.Places(firstRow, lines.of(firstRow - 1, count), lines.checksums(firstRow - 1, count));
            CsvRows rows = new CsvRows(file, text.identity(), places, options.separator, place.column());
            return new FileDataset(rows, count, labels(), shape, classes(), options.scaling);
        }
    }

    private long maxLineLength() {
        return columns * MAX_CHARACTERS_PER_COLUMN;
    }

    private boolean isLabelled() {
        return place.column() != CsvLabels.NO_COLUMN;
    }

    private int[] labels() {
        return isLabelled() ? Arrays.copyOf(labels, count) : LabelledImages.NO_LABELS;
    }

    private int classes() {
        return isLabelled() ? options.classes : 1;
    }

    /** Takes the image of a row. */
    private interface Images {
        void add(byte[] image) throws CsvFormatException;
    }

    private void read(CsvText text, Images images) throws IOException {
        CSVReader lines = lines(text);
        String[] values = next(lines);
        if (values != null && isHeader(values)) {
            checkColumns(values);
            refuseIf(place.header(values));
            values = next(lines);
        }
        firstRow = row;
        checkPlace();
        while (values != null) {
            if (isBlank(values)) {
                checkEnd(lines);
                break;
            }
            images.add(image(values));
            if (count == options.maxRows) {
                break;
            }
            values = next(lines);
        }
        checkCount();
        refuseIf(place.doubt());
    }

    private void refuseIf(String problem) throws CsvFormatException {
        if (problem != null) {
            throw new CsvFormatException(file, row, 1, problem);
        }
    }

    private void checkPlace() throws CsvFormatException {
        if (options.labelName != null && !isLabelled()) {
            throw refusal(
                    1,
                    "a row of column names, one of them " + shown(options.labelName),
                    "an image",
                    "Give the labelColumn's index, or tell the builder: header(Header.YES).");
        }
        if (place.column() >= columns) {
            throw refusal(
                    1,
                    "a labelColumn from 0 to " + (columns - 1),
                    String.valueOf(place.column()),
                    "Columns are counted from 0.");
        }
    }

    private CSVReader lines(CsvText text) {
        return new CSVReaderBuilder(text)
                // numbers need no quotes, and a stray one would make opencsv read the rest of the file as one value
                .withCSVParser(new CSVParserBuilder()
                        .withSeparator(options.separator)
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

    /** Whether a value can be a column's name, and is not a number in any notation, such as NaN or 1e999. */
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
        int labelColumn = place.column();
        int label = labelColumn < 0 ? 0 : label(values, labelColumn);
        byte[] pixels = new byte[shape.size()];
        int next = 0;
        for (int column = 0; column < values.length; column++) {
            if (column != labelColumn) {
                int pixel = wholeNumber(values[column], PixelScaling.MAX_PIXEL);
                if (pixel < 0) {
                    String remedy = "Write pixels as whole numbers, without sign or quotes." + headerHint();
                    throw refusal(
                            column + 1, "a pixel from 0 to " + PixelScaling.MAX_PIXEL, shown(values[column]), remedy);
                }
                pixels[next++] = (byte) pixel;
            }
        }
        if (count == labels.length) {
            labels = Arrays.copyOf(labels, count * 2);
        }
        labels[count++] = label;
        return pixels;
    }

    private int label(String[] values, int column) throws CsvFormatException {
        int label = wholeNumber(values[column], options.classes - 1);
        if (place.isGuessed()) {
            place.row(label, wholeNumber(values[values.length - 1], options.classes - 1));
        }
        if (label < 0) {
            boolean number = wholeNumber(values[column], Integer.MAX_VALUE) >= 0;
            String remedy = place.isGuessed() && number && place.lastMayBeLabels()
                    ? "Give the number of classes to the builder if the first column holds the labels, or tell it that"
                            + " the last one does, as it may: labelColumn(LabelColumn.LAST)."
                    : "Correct it, or give the number of classes to the builder.";
            String expected = "a label from 0 to " + (options.classes - 1);
            throw refusal(column + 1, expected, shown(values[column]), remedy + headerHint());
        }
        return label;
    }

    /** Reads ASCII digits with or without spaces around them; -1 if it is anything else or above the maximum. */
    private static int wholeNumber(String value, int max) {
        int start = 0;
        int end = value.length();
        while (start < end && value.charAt(start) == ' ') {
            start++;
        }
        while (start < end && value.charAt(end - 1) == ' ') {
            end--;
        }
        long number = start < end ? 0 : -1;
        for (int i = start; i < end; i++) {
            int digit = value.charAt(i) - '0';
            number = 10 * number + digit;
            if (digit < 0 || digit > 9 || number > max) {
                return -1;
            }
        }
        return (int) number;
    }

    private void checkColumns(String[] values) throws CsvFormatException {
        if (values.length != columns) {
            int firstWrong = (int) Math.min(values.length, columns) + 1;
            boolean unlabelled = columns == shape.size();
            String expected = columns + " values (" + (unlabelled ? "" : "a label and ") + shape
                    + " pixels) separated by " + separatorName(options.separator);
            String remedy = "Correct the row, or give the images' shape to the builder." + columnsHint(values);
            throw refusal(firstWrong, expected, String.valueOf(values.length), remedy);
        }
    }

    /** What may be wrong with all rows, if this is the first. */
    private String columnsHint(String[] values) {
        if (row > 1) {
            return "";
        }
        if (values.length == shape.size()) {
            return " If the rows have no labels, tell the builder: labelColumn(LabelColumn.NONE).";
        }
        if (columns == shape.size() && values.length == columns + 1) {
            return " If one column holds labels, tell the builder which: labelColumn(LabelColumn.FIRST).";
        }
        for (char other : OTHER_SEPARATORS.toCharArray()) {
            if (other != options.separator && values[0].indexOf(other) >= 0) {
                return " If the values are separated by " + separatorName(other) + ", tell the builder: separator('"
                        + (other == '\t' ? "\\t" : other) + "').";
            }
        }
        return "";
    }

    private static String separatorName(char separator) {
        return switch (separator) {
            case ',' -> "commas";
            case ';' -> "semicolons";
            case '\t' -> "tabs";
            default -> "'" + separator + "'";
        };
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
    static String shown(String value) {
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
