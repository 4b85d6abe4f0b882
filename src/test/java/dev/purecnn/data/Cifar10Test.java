package dev.purecnn.data;

import static dev.purecnn.data.TestFiles.gzip;
import static dev.purecnn.data.TestFiles.storedGzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Dpurecnn.seed} draws other mutants, {@code -Dpurecnn.fuzz.runs} more of them. */
class Cifar10Test {
    private static final long SEED = Long.getLong("purecnn.seed", 20_250_601L);
    private static final int RUNS = Integer.getInteger("purecnn.fuzz.runs", 1_000);
    private static final int RECORD = 3073;

    @TempDir
    private Path folder;

    /** Records with the labels 0, 1, 2, ... and pixel i of record r being (byte) (7 * i + r). */
    static byte[] records(int count) {
        byte[] bytes = new byte[count * RECORD];
        for (int r = 0; r < count; r++) {
            bytes[r * RECORD] = (byte) (r % 10);
            for (int i = 0; i < RECORD - 1; i++) {
                bytes[r * RECORD + 1 + i] = (byte) (7 * i + r);
            }
        }
        return bytes;
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("batch.bin"), content);
    }

    @Test
    void load_plainOrGzip_answersWhatIsThere() throws IOException {
        for (byte[] content : List.of(records(3), gzip(records(3)), storedGzip(records(3)))) {
            Dataset dataset = Cifar10.load(file(content));

            assertThat(dataset.size()).isEqualTo(3);
            assertThat(dataset.classes()).isEqualTo(10);
            assertThat(dataset.shape()).isEqualTo(Shape.of(3, 32, 32));
            assertThat(dataset.label(2)).isEqualTo(2);
            for (int i = 0; i < 3072; i++) {
                assertThat(dataset.image(2)[i]).isEqualTo((7 * i + 2 & 0xff) / 255.0);
            }
        }
    }

    @Test
    void load_severalFiles_areReadInOrder() throws IOException {
        Path first = Files.write(folder.resolve("a"), records(12));
        Path second = Files.write(folder.resolve("b"), gzip(records(2)));

        Dataset dataset = Cifar10.load(PixelScaling.ZERO_MEAN, second, first);

        assertThat(dataset.size()).isEqualTo(14);
        assertThat(dataset.label(1)).isEqualTo(1);
        assertThat(dataset.label(2)).isZero();
        assertThat(dataset.label(13)).isEqualTo(1);
        assertThat(dataset.image(1)[0]).isEqualTo(1 / 255.0 - 0.5);
        assertThat(dataset.image(13)[0]).isEqualTo(11 / 255.0 - 0.5);
    }

    @Test
    void load_wrongArguments_areNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(Cifar10::load)
                .withMessage("Cifar10.load: expected at least 1 file, got none. Name the files to read.");
        assertThatNullPointerException()
                .isThrownBy(() -> Cifar10.load((Path) null))
                .withMessage("file");
        assertThatNullPointerException()
                .isThrownBy(() -> Cifar10.load((Path[]) null))
                .withMessage("files");
        assertThatNullPointerException()
                .isThrownBy(() -> Cifar10.load((PixelScaling) null, folder))
                .withMessage("scaling");
    }

    @Test
    void load_noFile_saysWhatWasExpected() {
        Path missing = folder.resolve("missing");

        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> Cifar10.load(missing))
                .withMessageStartingWith(missing + ": expected a CIFAR-10 file, got nothing. Check the path;");
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> Cifar10.load(folder))
                .withMessage(folder + ": expected a CIFAR-10 file, got a directory. Name a file in it.");
    }

    private void assertRefused(byte[] content, long position, String problem) throws IOException {
        Path file = file(content);
        ImageFormatException refusal = catchThrowableOfType(ImageFormatException.class, () -> Cifar10.load(file));

        assertThat(refusal).hasMessage(file + ", byte " + position + ": " + problem);
        assertThat(refusal.file()).isEqualTo(file);
        assertThat(refusal.position()).isEqualTo(position);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 17, 3072})
    void load_lessThanAnImage_isRefused(int length) throws IOException {
        String problem = "expected " + (RECORD - length) + " more bytes of the first image, got the end of the file."
                + " Fetch the file again.";
        assertRefused(TestFiles.cut(records(1), length), length, problem);
        assertRefused(gzip(TestFiles.cut(records(1), length)), length, problem);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3072})
    void load_partOfAnImageAtTheEnd_isRefused(int length) throws IOException {
        String problem =
                "expected images of 3073 bytes, got " + length + " at the end of the file." + " Fetch the file again.";
        assertRefused(TestFiles.cut(records(3), 2 * RECORD + length), 2 * RECORD, problem);
        assertRefused(gzip(TestFiles.cut(records(3), 2 * RECORD + length)), 2 * RECORD, problem);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 127, 128, 255})
    void load_badLabel_isRefused(int label) throws IOException {
        byte[] content = records(3);
        content[RECORD] = (byte) label;

        assertRefused(
                content,
                RECORD,
                "expected a label from 0 to 9, got " + label
                        + ". Check that this is a CIFAR-10 file of the binary version.");
    }

    @Test
    void load_everyPrefix_isReadOrRefused() throws IOException {
        byte[] whole = gzip(records(2));
        for (int length = 0; length < whole.length; length++) {
            Path file = file(TestFiles.cut(whole, length));
            assertThatExceptionOfType(ImageFormatException.class)
                    .as("cut after " + length)
                    .isThrownBy(() -> Cifar10.load(file));
        }
    }

    @Test
    void load_mutatedFiles_areReadRightOrRefusedAsDocumented() throws IOException {
        List<byte[]> originals = List.of(records(2), gzip(records(2)));
        int refused = 0;
        for (int run = 0; run < RUNS; run++) {
            Path file = file(Mutants.mutant(originals.get(run % 2), new Random(SEED * 1_000_003 + run)));
            try {
                Dataset dataset = Cifar10.load(file);
                assertThat(dataset.label(dataset.size() - 1)).isBetween(0, 9);
                assertThat(Arrays.stream(dataset.image(0))).allMatch(value -> value >= 0 && value <= 1);
            } catch (ImageFormatException e) {
                assertThat(e).hasMessageStartingWith(file + ", byte " + e.position() + ": expected ");
                assertThat(e.getMessage()).endsWith(".").contains(", got ").matches("\\p{Print}+");
                refused++;
            } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("-Dpurecnn.seed=" + SEED + ", run " + run, e);
            }
        }
        assertThat(refused).as("seed " + SEED + ": refused files").isBetween(RUNS / 4, RUNS - RUNS / 50);
    }
}
