package dev.purecnn.data;

import static dev.purecnn.data.TestFiles.gzip;
import static dev.purecnn.data.TestFiles.storedGzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code -Dpurecnn.seed} draws other mutants, {@code -Dpurecnn.fuzz.runs} more of them. */
class IdxTest {
    private static final long SEED = Long.getLong("purecnn.seed", 20_250_601L);
    private static final int RUNS = Integer.getInteger("purecnn.fuzz.runs", 3_000);

    /** Two images of 2 x 3. */
    private static final byte[] IMAGES = bytes("00000803 00000002 00000002 00000003 003366 99ccff 010203 040506");

    private static final byte[] LABELS = bytes("00000801 00000002 0700");

    @TempDir
    private Path folder;

    private Path images;
    private Path labels;

    static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @BeforeEach
    void writeFiles() throws IOException {
        images = Files.write(folder.resolve("images"), IMAGES);
        labels = Files.write(folder.resolve("labels"), LABELS);
    }

    private static void assertHoldsBoth(Dataset dataset) {
        assertThat(dataset.size()).isEqualTo(2);
        assertThat(dataset.shape()).isEqualTo(Shape.of(1, 2, 3));
        assertThat(dataset.classes()).isEqualTo(10);
        assertThat(dataset.label(0)).isEqualTo(7);
        assertThat(dataset.label(1)).isZero();
        assertThat(dataset.image(0)).containsExactly(0, 0.2, 0.4, 0.6, 0.8, 1);
        assertThat(dataset.image(1)).containsExactly(1 / 255.0, 2 / 255.0, 3 / 255.0, 4 / 255.0, 5 / 255.0, 6 / 255.0);
    }

    @Test
    void load_plainOrGzip_answersWhatIsThere() throws IOException {
        assertHoldsBoth(Idx.load(images, labels));
        Files.write(images, gzip(IMAGES));
        assertHoldsBoth(Idx.load(images, labels));
        Files.write(labels, storedGzip(LABELS));
        assertHoldsBoth(Idx.load(images, labels));
    }

    @Test
    void load_fourDimensions_haveChannels() throws IOException {
        Files.write(images, bytes("00000804 00000002 00000002 00000001 00000003 003366 99ccff 010203 040506"));

        Dataset dataset = Idx.load(images, labels, 8, PixelScaling.ZERO_MEAN);

        assertThat(dataset.shape()).isEqualTo(Shape.of(2, 1, 3));
        assertThat(dataset.classes()).isEqualTo(8);
        assertThat(dataset.image(0)[5]).isEqualTo(0.5);
    }

    @Test
    void load_highLabels_areUnsigned() throws IOException {
        Files.write(labels, bytes("00000801 00000002 ff80"));

        Dataset dataset = Idx.load(images, labels, 256, PixelScaling.UNIT);

        assertThat(dataset.label(0)).isEqualTo(255);
        assertThat(dataset.label(1)).isEqualTo(128);
    }

    @Test
    void load_wrongArguments_areNamed() {
        assertThatNullPointerException()
                .isThrownBy(() -> Idx.load(null, labels))
                .withMessage("images");
        assertThatNullPointerException()
                .isThrownBy(() -> Idx.load(images, null))
                .withMessage("labels");
        assertThatNullPointerException()
                .isThrownBy(() -> Idx.load(images, labels, 10, null))
                .withMessage("scaling");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Idx.load(images, labels, 0, PixelScaling.UNIT))
                .withMessage("Idx.load: expected at least 1 class, got 0. Give the number of different labels.");
    }

    @Test
    void load_noFile_saysWhatWasExpected() {
        Path missing = folder.resolve("missing");

        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> Idx.load(images, missing))
                .withMessage(missing + ": expected an IDX file, got nothing. Check the path; it starts at "
                        + Path.of("").toAbsolutePath() + ".");
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> Idx.load(folder, labels))
                .withMessage(folder + ": expected an IDX file, got a directory. Name a file in it.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                  | 0  | 4 more bytes of the header, got the end of the file.
            000008                              | 3  | 1 more bytes of the header, got the end of the file.
            00000803                            | 4  | 12 more bytes of the header, got the end of the file.
            00000803 00000002 00000002 000000   | 15 | 1 more bytes of the header, got the end of the file.
            00000803 00000002 00000002 00000003 | 4  | 12 more bytes, for 2 images of 1 x 2 x 3, got 0.
            01000803 00000001 00000001 00000001 | 0  | two zero bytes, got 0x0100.
            89504e47 0d0a1a0a                   | 0  | two zero bytes, got 0x8950.
            372c302c 35312c31                   | 0  | two zero bytes, got 0x372c.
            00000a03 00000001 00000001 00000001 | 2  | values of type 0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e, got 0x0a.
            0000ff03 00000001 00000001 00000001 | 2  | values of type 0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e, got 0xff.
            00000d03 00000001 00000001 00000001 | 4  | 4 more bytes, for 1 images of 1 x 1 x 1, got 0.
            00000e03 00000001 00008000 00008000 | 8  | images of at most 268435455 pixels, got 1 x 32768 x 32768.
            00000801 00000002 0700              | 3  | images, of 3 or 4 dimensions, got 1 dimensions.
            00000802 00000001 00000001 05       | 3  | images, of 3 or 4 dimensions, got 2 dimensions.
            00000800                            | 3  | images, of 3 or 4 dimensions, got 0 dimensions.
            000008ff 00000001 00000001 05       | 3  | images, of 3 or 4 dimensions, got 255 dimensions.
            00000803 00000000 00000001 00000001 | 4  | a size from 1 to 2147483647, got 0.
            00000803 00000001 00000000 00000001 | 8  | a size from 1 to 2147483647, got 0.
            00000803 00000001 00000001 00000000 | 12 | a size from 1 to 2147483647, got 0.
            00000803 ffffffff 00000001 00000001 | 4  | a size from 1 to 2147483647, got 4294967295.
            00000803 80000000 00000001 00000001 | 4  | a size from 1 to 2147483647, got 2147483648.
            00000803 00000001 00010000 00010000 | 8  | images of at most 2147483647 pixels, got 1 x 65536 x 65536.
            00000804 00000001 7fffffff 7fffffff 7fffffff | 8 | images of at most 2147483647 pixels, got 2147483647 x 2147483647 x 2147483647.
            00000804 00000001 7fffffff 00000001 00000002 | 8 | images of at most 2147483647 pixels, got 2147483647 x 1 x 2.
            00000803 7fffffff 00007fff 0000ffff | 4  | 4611474912194953215 more bytes, for 2147483647 images of 1 x 32767 x 65535, got 0.
            00000803 02000000 02000000 03000000 | 8  | images of at most 2147483647 pixels, got 1 x 33554432 x 50331648.
            00000803 00000001 00000001 00000001 0505 | 4 | 1 more bytes, for 1 images of 1 x 1 x 1, got 2.
            1f8b                                | 0  | more gzip data, got the end of the file.
            1f8b0000 00000000 0000              | 0  | more gzip data, got damage (Unsupported compression method).
            """)
    void load_badImages_areRefusedAtTheByte(String hex, long position, String expected) throws IOException {
        Files.write(images, bytes(hex == null ? "" : hex));

        assertRefused(images, position, expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                        | 0 | 4 more bytes of the header, got the end of the file.
            00000801                  | 4 | 4 more bytes of the header, got the end of the file.
            00000801 00000002 07      | 4 | 2 more bytes, for 2 labels, got 1.
            00000801 00000002 070000  | 4 | 2 more bytes, for 2 labels, got 3.
            00000801 00000001 07      | 4 | 2 labels, one for each image of images, got 1.
            00000801 00000003 070000  | 4 | 2 labels, one for each image of images, got 3.
            00000801 00000002 070a    | 9 | a label from 0 to 9, got 10.
            00000801 00000002 ff00    | 8 | a label from 0 to 9, got 255.
            00000803 00000002 00000001 00000001 0700 | 3 | labels, of 1 dimension, got 3 dimensions.
            00000701 00000002 0700    | 2 | values of type 0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e, got 0x07.
            00000b01 00000002 0700    | 4 | 4 more bytes, for 2 labels, got 2.
            00000802 00000002 00000001 0700 | 3 | labels, of 1 dimension, or a table of 8 columns of type int, as QMNIST has, got 1 columns of type unsigned byte.
            000a0801 00000002 0700    | 0 | two zero bytes, got 0x000a.
            00000801 ffffffff 0700    | 4 | a size from 1 to 2147483647, got 4294967295.
            """)
    void load_badLabels_areRefusedAtTheByte(String hex, long position, String expected) throws IOException {
        Files.write(labels, bytes(hex == null ? "" : hex));

        assertRefused(labels, position, expected);
    }

    private void assertRefused(Path file, long position, String expected) {
        ImageFormatException refusal = catchThrowableOfType(ImageFormatException.class, () -> Idx.load(images, labels));

        assertThat(refusal).isNotNull();
        assertThat(refusal.file()).isEqualTo(file);
        assertThat(refusal.position()).isEqualTo(position);
        assertThat(refusal).hasMessageStartingWith(file + ", byte " + position + ": expected " + expected);
        assertThat(refusal.getMessage()).endsWith(".").matches("\\p{Print}+");
    }

    @Test
    void load_device_isRefusedUnread() {
        Path device = Path.of("/dev/zero");
        assumeTrue(Files.exists(device));

        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> Idx.load(device, labels))
                .withMessage(device + ": expected an IDX file, got no regular file. Copy it to one.");
    }

    @Test
    void load_everyPrefix_isRefused() throws IOException {
        for (byte[] original : List.of(IMAGES, gzip(IMAGES), storedGzip(IMAGES))) {
            for (int length = 0; length < original.length; length++) {
                Files.write(images, TestFiles.cut(original, length));
                assertThatExceptionOfType(ImageFormatException.class)
                        .as("images cut after " + length)
                        .isThrownBy(() -> Idx.load(images, labels));
            }
        }
        Files.write(images, IMAGES);
        for (byte[] original : List.of(LABELS, gzip(LABELS))) {
            for (int length = 0; length < original.length; length++) {
                Files.write(labels, TestFiles.cut(original, length));
                assertThatExceptionOfType(ImageFormatException.class)
                        .as("labels cut after " + length)
                        .isThrownBy(() -> Idx.load(images, labels));
            }
        }
    }

    @Test
    void load_gzipOfTooMuchOrTooLittle_isRefused() throws IOException {
        Files.write(images, gzip(TestFiles.concat(IMAGES, new byte[1])));
        assertRefused(images, 28, "the end of the file, got more bytes.");

        Files.write(images, gzip(TestFiles.cut(IMAGES, 24)));
        assertRefused(images, 24, "4 more bytes of image 1, got the end of the file.");
    }

    @Test
    void load_gzipThatClaimsWhatItCannotHold_isRefusedByItsSize() throws IOException {
        Files.write(images, gzip(bytes("00000803 7fffffff 00000100 00000100 00")));

        assertRefused(images, 4, "140737488289792 more bytes, for 2147483647 images of 1 x 256 x 256, got at most ");
    }

    /** It claims images of 600 megabytes, which two megabytes of gzip could hold, but do not. */
    @Test
    void load_gzipThatClaimsWhatItMightHold_takesMemoryAsItComes() throws IOException {
        byte[] noise = new byte[2_000_000];
        new Random(1).nextBytes(noise);
        Files.write(images, gzip(TestFiles.concat(bytes("00000803 00000002 00006000 00006000"), noise)));
        assertRefused(images, 16 + noise.length, "601979776 more bytes of image 0, got the end of the file.");

        long before = TestFiles.allocatedBytes();
        catchThrowableOfType(ImageFormatException.class, () -> Idx.load(images, labels));

        assertThat(TestFiles.allocatedBytes() - before).isLessThan(20_000_000);
    }

    @Test
    void load_sparseFileOfTerabytes_isRefusedByItsHeader() throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(images.toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }

        assertRefused(images, 4, "12 more bytes, for 2 images of 1 x 2 x 3, got 1099511627760.");
    }

    @Test
    void load_mutatedFiles_areReadRightOrRefusedAsDocumented() throws IOException {
        List<byte[]> originals = List.of(IMAGES, gzip(IMAGES), storedGzip(IMAGES), LABELS, storedGzip(LABELS));
        int refused = 0;
        for (int run = 0; run < RUNS; run++) {
            int kind = run % originals.size();
            byte[] mutant = Mutants.mutant(originals.get(kind), new Random(SEED * 1_000_003 + run));
            Path file = kind < 3 ? images : labels;
            Files.write(file, mutant);
            try {
                refused += isRefused() ? 1 : 0;
            } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("-Dpurecnn.seed=" + SEED + ", run " + run + ": " + Arrays.toString(mutant), e);
            }
            Files.write(file, kind < 3 ? IMAGES : LABELS);
        }
        assertThat(refused).as("seed " + SEED + ": refused files").isBetween(RUNS / 4, RUNS - RUNS / 50);
    }

    private boolean isRefused() throws IOException {
        try {
            Dataset dataset = Idx.load(images, labels);
            assertThat(dataset.size()).isEqualTo(2);
            for (int i = 0; i < 2; i++) {
                assertThat(dataset.label(i)).isBetween(0, 9);
                assertThat(Arrays.stream(dataset.image(i))).allMatch(value -> value >= 0 && value <= 1);
            }
            return false;
        } catch (ImageFormatException e) {
            assertThat(e.file()).isIn(images, labels);
            assertThat(e).hasMessageStartingWith(e.file() + ", byte " + e.position() + ": expected ");
            assertThat(e).hasMessageContaining(", got ");
            assertThat(e.getMessage()).endsWith(".").matches("\\p{Print}+");
            return true;
        }
    }

    /** All of MNIST, made from the CSV file: the same images by another way. */
    @Test
    void load_thousandsOfImages_areThoseOfTheCsvFile() throws IOException {
        Dataset expected = MnistCsv.load(Path.of("data/mnist_test.csv.gz"), 2000);
        try (OutputStream out = Files.newOutputStream(images)) {
            out.write(bytes("00000803 000007d0 0000001c 0000001c"));
            for (int i = 0; i < expected.size(); i++) {
                for (double value : expected.image(i)) {
                    out.write((int) Math.round(value * 255));
                }
            }
        }
        byte[] classes = bytes("00000801 000007d0" + "00".repeat(2000));
        IntStream.range(0, 2000).forEach(i -> classes[8 + i] = (byte) expected.label(i));
        Files.write(labels, gzip(classes));

        Dataset read = Idx.load(images, labels);

        for (int i = 0; i < 2000; i++) {
            assertThat(read.label(i)).isEqualTo(expected.label(i));
            assertThat(read.image(i)).isEqualTo(expected.image(i));
        }
    }
}
