package dev.purecnn.data;

import static dev.purecnn.data.TestFiles.gzip;
import static dev.purecnn.data.TestFiles.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are bad as a whole: none takes long, and none takes much memory. */
class MnistCsvBadFileTest {
    private static final String ROW = "7" + ",0".repeat(784) + "\n";
    private static final long GIGABYTE = 1L << 30;
    private static final long FEW_BYTES = 50_000_000;

    @TempDir
    private Path folder;

    private static CsvFormatException refusal(Path file) {
        return catchThrowableOfType(CsvFormatException.class, () -> MnistCsv.load(file));
    }

    /** A first refusal, so that the next is measured without what happens only once. */
    private void loadClasses() throws IOException {
        assertThat(refusal(Files.writeString(folder.resolve("first.csv"), "x"))).isNotNull();
    }

    @Test
    void load_missingFile_saysWhatWasExpected() {
        Path file = folder.resolve("missing.csv");

        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> MnistCsv.load(file))
                .withMessage(file + ": expected a CSV file, got nothing. Check the path; it starts at "
                        + Path.of("").toAbsolutePath() + ".");
    }

    @Test
    void load_directory_saysWhatWasExpected() {
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> MnistCsv.load(folder))
                .withMessage(folder + ": expected a CSV file, got a directory. Name a file in it.");
    }

    /** A gigabyte of one character in gzip, made of equal members. */
    private Path gigabyteOf(char character) throws IOException {
        byte[] megabytes = new byte[1 << 24];
        Arrays.fill(megabytes, (byte) character);
        byte[] member = gzip(megabytes);
        Path file = folder.resolve("gigabyte.csv.gz");
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long written = 0; written < GIGABYTE; written += megabytes.length) {
                out.write(member);
            }
        }
        return file;
    }

    private void assertRefusedCheaply(Path file, String message) throws IOException {
        loadClasses();
        assertTimeoutPreemptively(Duration.ofSeconds(1), () -> {
            long before = TestFiles.allocatedBytes();
            CsvFormatException refusal = refusal(file);
            long allocated = TestFiles.allocatedBytes() - before;

            assertThat(refusal).hasMessage(file + message);
            assertThat(allocated).isLessThan(FEW_BYTES);
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "x, 1", "'\"', 1", "' ', 1", "é, 1"})
    void load_lineOfAGigabyte_failsFastInLittleMemory(char character, int column) throws IOException {
        assertRefusedCheaply(
                gigabyteOf(character),
                character == 'é'
                        ? ", row 1, column 1: expected UTF-8 text, got byte 0xe9. Save the file as plain text in UTF-8."
                        : ", row 1, column " + column + ": expected the row to end after 50240 characters at most,"
                                + " got more. Put every image on a line of its own.");
    }

    @Test
    void load_gigabyteOfCommas_failsFastInLittleMemory() throws IOException {
        assertRefusedCheaply(
                gigabyteOf(','),
                ", row 1, column 50241: expected the row to end after 50240 characters"
                        + " at most, got more. Put every image on a line of its own.");
    }

    @Test
    void load_gigabyteOfLineEnds_failsFastInLittleMemory() throws IOException {
        assertRefusedCheaply(
                gigabyteOf('\n'),
                ", row 1, column 1: expected a row of 785 values, got a blank line."
                        + " Delete it; only the last may be blank.");
    }

    @Test
    void load_gigabyteOfZeros_failsFastInLittleMemory() throws IOException {
        Path file = folder.resolve("zeros.csv");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(GIGABYTE);
        }

        assertRefusedCheaply(
                file,
                ", row 1, column 1: expected text, got byte 0x00." + " Check that this is a CSV file, plain or gzip.");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 500, 1000})
    void load_strayQuoteInABigFile_failsInUnderASecond(int badRow) throws IOException {
        StringBuilder text = new StringBuilder(16_000_000);
        for (int row = 1; row <= 10_000; row++) {
            text.append(row == badRow ? "\"" + ROW : ROW);
        }
        Path file = Files.write(folder.resolve("quote.csv"), utf8(text.toString()));
        loadClasses();

        CsvFormatException refusal = assertTimeoutPreemptively(Duration.ofSeconds(1), () -> refusal(file));

        assertThat(refusal)
                .hasMessageStartingWith(
                        file + ", row " + badRow + ", column 1: expected a label from 0 to 9, got \"\"7\".");
    }
}
