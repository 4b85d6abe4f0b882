package dev.purecnn.data;

import static dev.purecnn.data.TestFiles.assertSame;
import static dev.purecnn.data.TestFiles.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.purecnn.data.MnistCsv.Header;
import dev.purecnn.data.MnistCsv.LabelColumn;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels in the first column, in the last, in between, and nowhere; images of 1 x 1 x 2. A bar ends a line here. */
class MnistCsvLabelColumnTest {
    private static final String FIRST = "7,10,255|2,31,40|0,5,66|";
    private static final String LAST = "10,255,7|31,40,2|5,66,0|";
    private static final String MIDDLE = "10,7,255|31,2,40|5,0,66|";

    @TempDir
    private Path folder;

    private static MnistCsv.Builder tiny() {
        return MnistCsv.builder().shape(Shape.of(1, 1, 2));
    }

    private Path file(String text) throws IOException {
        return file("digits.csv", text);
    }

    private Path file(String name, String text) throws IOException {
        return Files.write(folder.resolve(name), utf8(text.replace('|', '\n')));
    }

    private void assertHoldsRows(MnistCsv.Builder builder, String text) throws IOException {
        Path file = file(text);
        Dataset loaded = builder.load(file);
        assertThat(IntStream.range(0, loaded.size()).map(loaded::label)).containsExactly(7, 2, 0);
        assertThat(loaded.image(0)).containsExactly(10 / 255.0, 1);
        assertThat(loaded.image(1)).containsExactly(31 / 255.0, 40 / 255.0);
        assertThat(loaded.image(2)).containsExactly(5 / 255.0, 66 / 255.0);
        try (FileDataset opened = builder.open(file)) {
            assertSame(opened, loaded);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "label,a,b|" + FIRST,
                "class,pixel1,pixel2|" + FIRST,
                "a,b,label|" + LAST,
                "pixel1,pixel2,class|" + LAST,
                "1x1,1x2,Target|" + LAST,
                "p1,p2,Y|" + LAST,
                "\"p1\",\"p2\",\"Label\"|" + LAST,
                "p1 , p2 , LABEL |" + LAST,
                "a,class,b|" + MIDDLE,
                "\uFEFFy,a,b|" + FIRST,
                "digit,a,b|" + FIRST, // no name that says anything: the first
                FIRST,
            })
    void load_detect_goesByTheHeader(String text) throws IOException {
        assertHoldsRows(tiny(), text);
    }

    @Test
    void load_columnThatWasAskedFor_isTheLabel() throws IOException {
        assertHoldsRows(tiny().labelColumn(LabelColumn.FIRST), FIRST);
        assertHoldsRows(tiny().labelColumn(LabelColumn.LAST), LAST);
        assertHoldsRows(tiny().labelColumn(0), FIRST);
        assertHoldsRows(tiny().labelColumn(1), MIDDLE);
        assertHoldsRows(tiny().labelColumn(2), LAST);
        assertHoldsRows(tiny().labelColumn("digit"), "a,Digit,b|" + MIDDLE);
        assertHoldsRows(tiny().labelColumn("B"), "a,b,label|" + MIDDLE);
        assertHoldsRows(tiny().labelColumn("9").header(Header.YES), "7,8,9|" + LAST);
        assertHoldsRows(tiny().labelColumn(LabelColumn.LAST), "label,b,c|" + LAST); // the caller knows better
        assertHoldsRows(tiny().labelColumn("b").labelColumn(LabelColumn.DETECT), FIRST); // the last call counts
    }

    /** 784 pixels and then the label, as many export it; the first pixel is black in every image. */
    @Test
    void load_mnistWithLabelLast_isReadRightOrRefused() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            rows.append("0,".repeat(784)).append(i % 10).append('\n');
        }
        String names =
                IntStream.rangeClosed(1, 784).mapToObj(i -> "pixel" + i + ",").reduce("", String::concat);

        Dataset named = MnistCsv.load(file(names + "class\n" + rows));

        assertThat(IntStream.range(0, 20).allMatch(i -> named.label(i) == i % 10))
                .isTrue();
        Path unnamed = file(rows.toString());
        assertThatExceptionOfType(CsvFormatException.class)
                .isThrownBy(() -> MnistCsv.load(unnamed))
                .withMessage(unnamed + ", row 21, column 1: expected labels in the first column, got 0 in all 20 rows,"
                        + " and labels that fit in the last column. Tell the builder which of them holds the labels:"
                        + " labelColumn(LabelColumn.FIRST) or labelColumn(LabelColumn.LAST).");
        assertThat(MnistCsv.builder()
                        .labelColumn(LabelColumn.LAST)
                        .load(unnamed)
                        .label(3))
                .isEqualTo(3);
        assertThat(MnistCsv.builder()
                        .labelColumn(LabelColumn.FIRST)
                        .load(unnamed)
                        .label(3))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "0,5,7|0,6,2|", // the first all alike, the last fits
                "p1,p2,p3|3,5,7|3,6,2|",
                "10,5,7|", // the first is no label, the last fits
                "3,5,7|128,6,2|",
                "3,5,0|4,5,1|200,6,9|",
            },
            delimiter = '!')
    void load_doubtfulFirstColumn_namesBothPossibilities(String text) throws IOException {
        Path file = file(text);
        for (boolean open : new boolean[] {false, true}) {
            assertThatExceptionOfType(CsvFormatException.class)
                    .isThrownBy(() -> (open ? tiny().open(file) : tiny().load(file)).size())
                    .withMessageContaining("first column")
                    .withMessageContaining("labelColumn(LabelColumn.LAST)");
        }
        tiny().labelColumn(LabelColumn.LAST).load(file);
        tiny().labelColumn(LabelColumn.FIRST).classes(201).load(file);
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "7,10,255|7,31,40|", // one class, as in a file of sevens
                "7,0,0|7,5,0|", // all alike on both sides
                "7,0,3|", // one row says nothing
                "7,0,3|2,0,4|", // both would do: the first
            },
            delimiter = '!')
    void load_nothingAgainstTheFirstColumn_takesIt(String text) throws IOException {
        assertThat(tiny().load(file(text)).label(0)).isEqualTo(7);
    }

    /** A bad label is a bad label where the last column cannot be the labels. */
    @ParameterizedTest
    @CsvSource(
            value = {"10,5,255|", "3,5,0|10,5,0|", "3,5,0|x,5,1|"},
            delimiter = '!')
    void load_badLabelBesidePixels_givesNoFalseHint(String text) throws IOException {
        Path file = file(text);
        assertThatExceptionOfType(CsvFormatException.class)
                .isThrownBy(() -> tiny().load(file))
                .withMessageContaining("column 1: expected a label from 0 to 9, got ")
                .withMessageNotContaining("LAST");
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "label,class,b|7,1,2| ! row 1, column 1: expected one column of labels, got columns 1 and 2."
                        + " Tell the builder which one holds the labels: labelColumn(0), counted from 0.",
                "y,b,Y|7,1,2| ! row 1, column 1: expected one column of labels, got columns 1 and 3.",
            },
            delimiter = '!')
    void load_twoLabelsInTheHeader_isRefused(String text, String message) throws IOException {
        Path file = file(text);
        assertThatExceptionOfType(CsvFormatException.class)
                .isThrownBy(() -> tiny().load(file))
                .withMessageStartingWith(file + ", " + message);
    }

    @Test
    void load_columnThatIsNotThere_isRefused() throws IOException {
        Path plain = file("plain.csv", FIRST);
        Path named = file("named.csv", "label,a,b|" + FIRST);
        assertThatExceptionOfType(CsvFormatException.class)
                .isThrownBy(() -> tiny().labelColumn("digit").load(named))
                .withMessage(named + ", row 1, column 1: expected a column named \"digit\", got \"label,a,b\"."
                        + " Give a name that the header has.");
        assertThatExceptionOfType(CsvFormatException.class)
                .isThrownBy(() -> tiny().labelColumn("label").load(plain))
                .withMessage(plain + ", row 1, column 1: expected a row of column names, one of them \"label\", got an"
                        + " image. Give the labelColumn's index, or tell the builder: header(Header.YES).");
        assertThatExceptionOfType(CsvFormatException.class)
                .isThrownBy(() -> tiny().labelColumn(3).load(plain))
                .withMessage(plain + ", row 1, column 1: expected a labelColumn from 0 to 2, got 3."
                        + " Columns are counted from 0.");
    }

    @Test
    void open_filesWithLabelsInDifferentColumns_areRefused() throws IOException {
        Path first = file("first.csv", "label,a,b|" + FIRST);
        Path last = file("last.csv", "a,b,label|" + LAST);
        Path plain = file("plain.csv", FIRST);

        tiny().open(first, plain).close();
        for (Path[] files : new Path[][] {{first, last}, {first, plain, last}, {plain, last}}) {
            assertThatExceptionOfType(CsvFormatException.class)
                    .isThrownBy(() -> tiny().open(files))
                    .withMessageStartingWith(last + ", row ")
                    .withMessageContaining("expected labels in column 1, as in " + files[0].getFileName()
                            + ", got labels in column 3.");
        }
        assertThatExceptionOfType(CsvFormatException.class)
                .isThrownBy(() -> tiny().open(last, plain))
                .withMessageContaining("expected labels in column 3, as in last.csv, got labels in column 1.");
    }

    /** As Kaggle's test.csv. */
    @ParameterizedTest
    @ValueSource(strings = {"10,255|31,40|5,66|", "pixel0,pixel1|10,255|31,40|5,66"})
    void load_noLabels_isForPrediction(String text) throws IOException {
        Path file = file(text);
        Dataset loaded = tiny().labelColumn(LabelColumn.NONE).load(file);

        assertThat(loaded.isLabelled()).isFalse();
        assertThat(loaded.size()).isEqualTo(3);
        assertThat(loaded.classes()).isEqualTo(1);
        assertThat(loaded.image(2)).containsExactly(5 / 255.0, 66 / 255.0);
        try (FileDataset opened = tiny().labelColumn(LabelColumn.NONE).open(file, file)) {
            assertThat(opened.isLabelled()).isFalse();
            assertSame(opened, loaded.concat(loaded));
        }
        assertThatExceptionOfType(CsvFormatException.class)
                .isThrownBy(() -> tiny().load(file))
                .withMessageStartingWith(file + ", row 1, column 3: expected 3 values (a label and 1 x 1 x 2 pixels)"
                        + " separated by commas, got 2.")
                .withMessageEndingWith(" If the rows have no labels, tell the builder: labelColumn(LabelColumn.NONE).");
    }

    @Test
    void load_labelsWhereNoneAreExpected_saysSo() throws IOException {
        Path file = file(FIRST);
        assertThatExceptionOfType(CsvFormatException.class)
                .isThrownBy(() -> tiny().labelColumn(LabelColumn.NONE).load(file))
                .withMessage(
                        file + ", row 1, column 3: expected 2 values (1 x 1 x 2 pixels) separated by commas, got 3."
                                + " Correct the row, or give the images' shape to the builder."
                                + " If one column holds labels, tell the builder which: labelColumn(LabelColumn.FIRST).");
    }

    @ParameterizedTest
    @ValueSource(chars = {';', '\t', '|', ':', '#', ','})
    void load_otherSeparator_isReadOrNamed(char separator) throws IOException {
        String text = ("label,a,b\n" + FIRST.replace('|', '\n')).replace(',', separator);
        Path file = Files.write(folder.resolve("digits.csv"), utf8(text));

        Dataset loaded = tiny().separator(separator).load(file);

        assertSame(loaded, tiny().load(file("comma.csv", FIRST)));
        try (FileDataset opened = tiny().separator(separator).open(file)) {
            assertSame(opened, loaded);
        }
        if (separator != ',' && separator != '#') {
            String shown = separator == '\t' ? "\\t" : String.valueOf(separator);
            assertThatExceptionOfType(CsvFormatException.class)
                    .isThrownBy(() -> tiny().load(file))
                    .withMessageStartingWith(file + ", row 1, column 2: expected 3 values")
                    .withMessageEndingWith(", tell the builder: separator('" + shown + "').");
        }
    }

    @Test
    void builder_impossibleValues_areRefused() {
        for (char bad : "5aé \"'+-.\\\n\u0000\u2028".toCharArray()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tiny().separator(bad))
                    .withMessageStartingWith("MnistCsv.Builder.separator: expected a mark such as ';' or a tab, got '");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tiny().labelColumn(-1))
                .withMessage("MnistCsv.Builder.labelColumn: expected an index of at least 0, got -1."
                        + " Columns are counted from 0.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tiny().maxMemory(0))
                .withMessageStartingWith("MnistCsv.Builder.maxMemory: expected at least 1 byte, got 0.");
        assertThatNullPointerException().isThrownBy(() -> tiny().labelColumn((LabelColumn) null));
        assertThatNullPointerException().isThrownBy(() -> tiny().labelColumn((String) null));
    }
}
