package dev.purecnn.data;

import static dev.purecnn.data.TestFiles.assertSame;
import static dev.purecnn.data.TestFiles.gzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of a coarse label, a fine label and pixels; damage in general is {@link Cifar10Test}'s. */
class Cifar100Test {
    private static final int RECORD = 3074;

    @TempDir
    private Path folder;

    /** Coarse labels 19, 18, ..., fine labels 99, 98, ..., and pixel i of record r being (byte) (7 * i + r). */
    private static byte[] records(int count) {
        byte[] bytes = new byte[count * RECORD];
        for (int r = 0; r < count; r++) {
            bytes[r * RECORD] = (byte) (19 - r);
            bytes[r * RECORD + 1] = (byte) (99 - r);
            for (int i = 0; i < RECORD - 2; i++) {
                bytes[r * RECORD + 2 + i] = (byte) (7 * i + r);
            }
        }
        return bytes;
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("train.bin"), content);
    }

    @Test
    void load_fineOrCoarse_takesThatLabel() throws IOException {
        for (byte[] content : List.of(records(3), gzip(records(3)))) {
            Path file = file(content);
            Dataset fine = Cifar100.load(file);
            Dataset coarse = Cifar100.load(Cifar100.Labels.COARSE, PixelScaling.UNIT, file);

            assertThat(IntStream.range(0, 3).map(fine::label)).containsExactly(99, 98, 97);
            assertThat(IntStream.range(0, 3).map(coarse::label)).containsExactly(19, 18, 17);
            assertThat(fine.classes()).isEqualTo(100);
            assertThat(coarse.classes()).isEqualTo(20);
            assertThat(fine.shape()).isEqualTo(Shape.of(3, 32, 32));
            assertThat(fine.classNames()).isEmpty();
            for (int i = 0; i < 3072; i++) {
                assertThat(fine.image(2)[i]).isEqualTo((7 * i + 2 & 0xff) / 255.0);
            }
        }
    }

    @Test
    void open_files_readWhatLoadReads() throws IOException {
        Path file = file(records(5));
        for (Cifar100.Labels labels : Cifar100.Labels.values()) {
            try (FileDataset opened = Cifar100.open(labels, PixelScaling.ZERO_MEAN, file, file)) {
                assertSame(opened, Cifar100.load(labels, PixelScaling.ZERO_MEAN, file, file));
            }
        }
    }

    private static String names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i + "\n").collect(Collectors.joining());
    }

    @Test
    void load_namesBesideTheFile_areTheClassNames() throws IOException {
        Files.writeString(folder.resolve("fine_label_names.txt"), names("fine", 100));
        Files.writeString(
                folder.resolve("coarse_label_names.txt"), names("coarse", 20).replace("\n", "\r\n") + "\r\n");
        Files.writeString(folder.resolve("batches.meta.txt"), names("thing", 10) + "\n");
        Path file = file(records(2));

        assertThat(Cifar100.load(file).classNames()).hasSize(100).startsWith("fine0", "fine1");
        try (FileDataset opened = Cifar100.open(Cifar100.Labels.FINE, PixelScaling.UNIT, file, file)) {
            assertThat(opened.shuffled(1).classNames())
                    .isEqualTo(Cifar100.load(file).classNames());
            assertSame(opened, Cifar100.load(file, file));
        }
        assertThat(Cifar100.load(Cifar100.Labels.COARSE, PixelScaling.UNIT, file)
                        .classNames())
                .hasSize(20)
                .endsWith("coarse18", "coarse19");
        assertThat(Cifar10.load(Files.write(folder.resolve("b.bin"), Cifar10Test.records(1)))
                        .classNames())
                .hasSize(10)
                .startsWith("thing0");
    }

    @Test
    void load_wrongNames_areRefused() throws IOException {
        Path names = folder.resolve("fine_label_names.txt");
        Path file = file(records(2));
        for (String bad : List.of("", names("fine", 99), names("fine", 101), "same\n".repeat(100))) {
            Files.writeString(names, bad);
            assertThatExceptionOfType(ImageFormatException.class)
                    .isThrownBy(() -> Cifar100.load(file))
                    .withMessage(names + ", byte 0: expected 100 different class names, one per line, got "
                            + bad.lines().count() + " lines. Fetch the file again, or remove it.");
        }
        Files.writeString(names, "x".repeat(70_000));
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> Cifar100.load(file))
                .withMessageContaining("expected at most 65536 bytes of class names, got 70000.");
    }

    @Test
    void load_badLabels_areRefusedAtTheByte() throws IOException {
        byte[] coarse = records(3);
        coarse[2 * RECORD] = 20;
        Path file = file(coarse);
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> Cifar100.load(file))
                .withMessage(file + ", byte 6148: expected a label from 0 to 19, got 20."
                        + " Check that this is a CIFAR-100 file of the binary version.");
        byte[] fine = records(3);
        fine[RECORD + 1] = 100;
        file(fine);
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> Cifar100.load(Cifar100.Labels.COARSE, PixelScaling.UNIT, file))
                .withMessageStartingWith(file + ", byte 3075: expected a label from 0 to 99, got 100.");
        file(Cifar10Test.records(20));
        assertThatExceptionOfType(ImageFormatException.class).isThrownBy(() -> Cifar100.load(file));
    }

    @Test
    void load_cutFiles_areRefused() throws IOException {
        for (int length : new int[] {0, 1, 2, 3073, 3075, 2 * 3074 - 1}) {
            Path file = file(TestFiles.cut(records(2), length));
            assertThatExceptionOfType(ImageFormatException.class)
                    .as("cut after " + length)
                    .isThrownBy(() -> Cifar100.load(file));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(Cifar100::load)
                .withMessage("Cifar100.load: expected at least 1 file, got none. Name the files to read.");
    }
}
