package dev.purecnn.data;

import static dev.purecnn.data.TestFiles.STORED_HEADER;
import static dev.purecnn.data.TestFiles.concat;
import static dev.purecnn.data.TestFiles.cut;
import static dev.purecnn.data.TestFiles.damaged;
import static dev.purecnn.data.TestFiles.storedGzip;
import static dev.purecnn.data.TestFiles.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.purecnn.data.MnistCsv.Header;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of bad row; the images are 1 x 1 x 2. Bad files as a whole are {@link MnistCsvBadFileTest}'s. */
class MnistCsvBadInputTest {
    private static final String GOOD = "7,0,255\n";
    private static final String HEADER_HINT = " If this row holds column names, tell the builder: header(Header.YES).";
    private static final String UNLABELLED_HINT =
            " If the rows have no labels, tell the builder: labelColumn(LabelColumn.NONE).";
    private static final String NO_IMAGE =
            "expected at least one image, got the end of the file. Check that this is the right file.";

    @TempDir
    private Path folder;

    private static MnistCsv.Builder tiny() {
        return MnistCsv.builder().shape(Shape.of(1, 1, 2));
    }

    private void assertRefused(MnistCsv.Builder builder, byte[] content, int row, int column, String problem)
            throws IOException {
        Path file = Files.write(folder.resolve("digits.csv"), content);

        CsvFormatException refusal = catchThrowableOfType(CsvFormatException.class, () -> builder.load(file));

        assertThat(refusal).hasMessage(file + ", row " + row + ", column " + column + ": " + problem);
        assertThat(refusal.file()).isEqualTo(file);
        assertThat(refusal.row()).isEqualTo(row);
        assertThat(refusal.column()).isEqualTo(column);
    }

    /** What stands in the file, and how the message shows it. */
    static Stream<Arguments> notPixels() {
        return Stream.of(
                arguments("abc", "\"abc\""),
                arguments("1.5", "\"1.5\""),
                arguments("1.0", "\"1.0\""),
                arguments("-1", "\"-1\""),
                arguments("-0", "\"-0\""),
                arguments("+5", "\"+5\""),
                arguments("256", "\"256\""),
                arguments("1000", "\"1000\""),
                arguments("2147483648", "\"2147483648\""),
                arguments("4294967297", "\"4294967297\""), // 2^32 + 1
                arguments("18446744073709551617", "\"18446744073709551617\""), // 2^64 + 1
                arguments("NaN", "\"NaN\""),
                arguments("Infinity", "\"Infinity\""),
                arguments("1e999", "\"1e999\""),
                arguments("1e2", "\"1e2\""),
                arguments("0x10", "\"0x10\""),
                arguments("1_0", "\"1_0\""),
                arguments("", "\"\""),
                arguments(" ", "\" \""),
                arguments("1 2", "\"1 2\""),
                arguments("\t5", "\"\\u00095\""),
                arguments("5\u00A0", "\"5\\u00a0\""), // no-break space
                arguments("\u2212" + "5", "\"\\u22125\""), // minus sign
                arguments("\u0665", "\"\\u0665\""), // Arabic five
                arguments("\uFF15", "\"\\uff15\""), // full-width five
                arguments("\uD83D\uDE00", "\"\\ud83d\\ude00\""),
                arguments("\uFEFF5", "\"\\ufeff5\""), // byte order mark in the middle
                arguments("null", "\"null\""),
                arguments("5;6", "\"5;6\""),
                arguments("'5'", "\"'5'\""),
                arguments("\"5\"", "\"\"5\"\""),
                arguments("\"", "\"\"\""),
                arguments("\\", "\"\\\""),
                arguments("\\5", "\"\\5\""),
                arguments("5\"5", "\"5\"5\""),
                arguments("x".repeat(20), "\"xxxxxxxxxxxxxxxxxxxx\""),
                arguments("x".repeat(21), "\"xxxxxxxxxxxxxxxxxxxx...\" (21 characters)"));
    }

    @ParameterizedTest
    @MethodSource("notPixels")
    void load_notAPixel_isShownWithItsPlace(String value, String shown) throws IOException {
        String problem = "expected a pixel from 0 to 255, got " + shown
                + ". Write pixels as whole numbers, without sign or quotes.";

        assertRefused(tiny(), utf8(GOOD + "7," + value + ",255\n" + GOOD), 2, 2, problem);
        assertRefused(tiny(), utf8("label,a,b\r\n" + GOOD + GOOD + "7,255," + value), 4, 3, problem);
        assertRefused(tiny(), utf8("7," + value + ",255\n" + GOOD), 1, 2, problem + HEADER_HINT);
    }

    static Stream<Arguments> notLabels() {
        return Stream.of(
                arguments("10", "\"10\""),
                arguments("-1", "\"-1\""),
                arguments("a", "\"a\""),
                arguments("1.5", "\"1.5\""),
                arguments("", "\"\""),
                arguments("NaN", "\"NaN\""),
                arguments("1e999", "\"1e999\""),
                arguments("99999999999", "\"99999999999\""),
                arguments("\"7\"", "\"\"7\"\""),
                arguments("\"7", "\"\"7\""),
                arguments("seven", "\"seven\""));
    }

    @ParameterizedTest
    @MethodSource("notLabels")
    void load_notALabel_isShownWithItsPlace(String value, String shown) throws IOException {
        String problem = "expected a label from 0 to 9, got " + shown
                + ". Correct it, or give the number of classes to the builder.";

        assertRefused(tiny(), utf8(GOOD + GOOD + value + ",0,255\n"), 3, 1, problem);
        assertRefused(tiny().header(Header.NONE), utf8(value + ",0,255\n" + GOOD), 1, 1, problem + HEADER_HINT);
        assertRefused(tiny().header(Header.YES), utf8("label,a,b\n" + value + ",0,255\n"), 2, 1, problem);
    }

    private static String values(int found) {
        return "expected 3 values (a label and 1 x 1 x 2 pixels) separated by commas, got " + found
                + ". Correct the row, or give the images' shape to the builder.";
    }

    private static String blank() {
        return "expected a row of 3 values, got a blank line. Delete it; only the last may be blank.";
    }

    private static String byteProblem(String value) {
        return "expected text, got byte 0x" + value + ". Check that this is a CSV file, plain or gzip.";
    }

    private static String notUtf8(String value) {
        return "expected UTF-8 text, got byte 0x" + value + ". Save the file as plain text in UTF-8.";
    }

    static Stream<Arguments> badRows() {
        return Stream.of(
                arguments(GOOD + "7,0\n", 2, 3, values(2)),
                arguments(GOOD + "7\n", 2, 2, values(1)),
                arguments(GOOD + "7,0,255,1\n", 2, 4, values(4)),
                arguments(GOOD + "7,0,255,\n", 2, 4, values(4)), // a comma at the end
                arguments(GOOD + ",\n", 2, 3, values(2)),
                arguments(GOOD + "7;0;255\n", 2, 2, values(1)),
                arguments(GOOD + "7\t0\t255\n", 2, 2, values(1)),
                arguments(GOOD + "  \n", 2, 2, values(1)),
                arguments(
                        GOOD + "7,\"0,255\"\n" + GOOD,
                        2,
                        2,
                        "expected a pixel from 0 to 255, got \"\"0\"."
                                + " Write pixels as whole numbers, without sign or quotes."),
                arguments("7,0\n" + GOOD, 1, 3, values(2) + UNLABELLED_HINT),
                arguments("a,b\n" + GOOD, 1, 3, values(2) + UNLABELLED_HINT),
                arguments("label,a,b,c\n" + GOOD, 1, 4, values(4)), // header(YES) would not help
                arguments(
                        "label,0,1\n" + GOOD,
                        1,
                        1,
                        "expected a label from 0 to 9, got \"label\"."
                                + " Correct it, or give the number of classes to the builder." + HEADER_HINT),
                arguments(
                        "NaN,NaN,NaN\n" + GOOD,
                        1,
                        1,
                        "expected a label from 0 to 9, got \"NaN\"."
                                + " Correct it, or give the number of classes to the builder." + HEADER_HINT),
                arguments(
                        "label,a,b\nlabel,a,b\n" + GOOD,
                        2,
                        1,
                        "expected a label from 0 to 9, got \"label\"."
                                + " Correct it, or give the number of classes to the builder."),
                arguments(GOOD + "\n" + GOOD, 2, 1, blank()),
                arguments(GOOD + "\r\n\r\n" + GOOD, 2, 1, blank()),
                arguments("\n" + GOOD, 1, 1, blank()),
                arguments("label,a,b\n\n" + GOOD, 2, 1, blank()),
                arguments(GOOD + "\n\n", 2, 1, blank()), // two blank lines at the end
                arguments("", 1, 1, NO_IMAGE),
                arguments("\n", 1, 1, NO_IMAGE),
                arguments("\uFEFF", 1, 1, NO_IMAGE),
                arguments("label,a,b\n", 2, 1, NO_IMAGE),
                arguments("label,a,b", 2, 1, NO_IMAGE),
                arguments(GOOD + "7,\u0000,255\n", 2, 2, byteProblem("00")),
                arguments(GOOD + "7,0,255\u0000\n", 2, 3, byteProblem("00")),
                arguments(GOOD + "\u001A", 2, 1, byteProblem("1a")), // the end of a file for DOS
                arguments("PK\u0003\u0004", 1, 1, byteProblem("03")), // zip
                arguments(
                        GOOD + "7,0," + "1".repeat(300) + "\n",
                        2,
                        3,
                        "expected the row to end after 192 characters at most, got more."
                                + " Put every image on a line of its own."));
    }

    @ParameterizedTest
    @MethodSource("badRows")
    void load_badRow_isRefusedWithItsPlace(String content, int row, int column, String problem) throws IOException {
        assertRefused(tiny(), utf8(content), row, column, problem);
    }

    private static String cutOff(int wholeRows) {
        return "expected more gzip data, got the end of the file after " + wholeRows
                + " whole rows. Fetch the file again.";
    }

    private static String damage(String cause, int wholeRows) {
        return "expected more gzip data, got damage (" + cause + ") after " + wholeRows
                + " whole rows. Fetch the file again.";
    }

    static Stream<Arguments> badBytes() throws IOException {
        byte[] good = utf8(GOOD);
        byte[] packed = storedGzip(utf8(GOOD + GOOD + GOOD)); // 8 characters a row
        return Stream.of(
                arguments(concat(good, new byte[] {'7', ',', (byte) 0xff}), 2, 2, notUtf8("ff")),
                arguments(
                        concat(good, new byte[] {'7', ',', (byte) 0xc0, (byte) 0x80}), 2, 2, notUtf8("c0")), // overlong
                arguments(concat(good, new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}), 2, 1, notUtf8("ed")),
                arguments(concat(good, new byte[] {'7', ',', '0', ',', (byte) 0xc3}), 2, 3, notUtf8("c3")), // cut off
                arguments("é,a,b\n".getBytes(StandardCharsets.ISO_8859_1), 1, 1, notUtf8("e9")),
                arguments(
                        concat(new byte[] {(byte) 0xff, (byte) 0xfe}, GOOD.getBytes(StandardCharsets.UTF_16LE)),
                        1,
                        1,
                        notUtf8("ff")),
                arguments(GOOD.getBytes(StandardCharsets.UTF_16LE), 1, 1, byteProblem("00")),
                arguments(storedGzip(new byte[0]), 1, 1, NO_IMAGE),
                arguments(
                        storedGzip(utf8(GOOD + "7,0,x\n")),
                        2,
                        3,
                        "expected a pixel from 0 to 255, got \"x\". Write pixels as whole numbers, without sign or quotes."),
                arguments(cut(packed, 2), 1, 1, cutOff(0)),
                arguments(cut(packed, 9), 1, 1, cutOff(0)),
                arguments(cut(packed, STORED_HEADER), 1, 1, cutOff(0)),
                arguments(cut(packed, STORED_HEADER + 4), 1, 3, cutOff(0)),
                arguments(cut(packed, STORED_HEADER + 16), 3, 1, cutOff(2)),
                arguments(cut(packed, STORED_HEADER + 18), 3, 2, cutOff(2)),
                arguments(cut(packed, packed.length - 1), 4, 1, cutOff(3)),
                arguments(damaged(packed, 2), 1, 1, damage("Unsupported compression method", 0)),
                arguments(damaged(packed, packed.length - 6), 4, 1, damage("Corrupt GZIP trailer", 3)),
                arguments(damaged(packed, STORED_HEADER - 1), 1, 1, damage("invalid stored block lengths", 0)));
    }

    @ParameterizedTest
    @MethodSource("badBytes")
    void load_badBytes_areRefusedWithTheirPlace(byte[] content, int row, int column, String problem)
            throws IOException {
        assertRefused(tiny(), content, row, column, problem);
    }

    static Stream<Arguments> tooFewRows() {
        return Stream.of(
                arguments(GOOD + GOOD, 3, 3, 2),
                arguments(GOOD + GOOD + "\n", 200, 3, 2),
                arguments("label,a,b\n" + GOOD, Integer.MAX_VALUE - 1, 3, 1));
    }

    @ParameterizedTest
    @MethodSource("tooFewRows")
    void load_fewerRowsThanAskedFor_saysHowMany(String content, int maxRows, int row, int found) throws IOException {
        assertRefused(
                tiny().maxRows(maxRows),
                utf8(content),
                row,
                1,
                "expected " + maxRows + " images, got the end of the file after " + found + ". Ask for at most " + found
                        + ".");
    }
}
