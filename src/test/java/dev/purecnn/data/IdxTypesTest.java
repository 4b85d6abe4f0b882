package dev.purecnn.data;

import static dev.purecnn.data.TestFiles.assertSame;
import static dev.purecnn.data.TestFiles.gzip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.purecnn.layer.Shape;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** IDX files of all types of values, QMNIST's labels, and images without labels. */
class IdxTypesTest {
    private static final int[] SIZES = {2, 1, 3};
    private static final double[] PIXELS = {0, 1, 127, 3, 100, 51};
    private static final double[] LABELS = {7, 0};

    @TempDir
    private Path folder;

    private Path images;
    private Path labels;

    @BeforeEach
    void nameFiles() {
        images = folder.resolve("images");
        labels = folder.resolve("labels");
    }

    private static int code(IdxType type) {
        return switch (type) {
            case UNSIGNED_BYTE -> 8;
            case BYTE -> 9;
            case SHORT -> 11;
            case INT -> 12;
            case FLOAT -> 13;
            case DOUBLE -> 14;
        };
    }

    private static byte[] idx(IdxType type, int[] sizes, double... values) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes); // the high byte first
        out.writeInt(code(type) << 8 | sizes.length);
        for (int size : sizes) {
            out.writeInt(size);
        }
        for (double value : values) {
            switch (type) {
                case UNSIGNED_BYTE, BYTE -> out.writeByte((int) value);
                case SHORT -> out.writeShort((int) value);
                case INT -> out.writeInt((int) value);
                case FLOAT -> out.writeFloat((float) value);
                case DOUBLE -> out.writeDouble(value);
            }
        }
        return bytes.toByteArray();
    }

    private Dataset expected() throws IOException {
        Path plainImages = Files.write(folder.resolve("plain images"), idx(IdxType.UNSIGNED_BYTE, SIZES, PIXELS));
        Path plainLabels =
                Files.write(folder.resolve("plain labels"), idx(IdxType.UNSIGNED_BYTE, new int[] {2}, LABELS));
        return Idx.load(plainImages, plainLabels);
    }

    @ParameterizedTest
    @EnumSource
    void load_everyType_readsTheSame(IdxType type) throws IOException {
        Files.write(images, idx(type, SIZES, PIXELS));
        Files.write(labels, gzip(idx(type, new int[] {2}, LABELS)));

        assertSame(Idx.load(images, labels), expected());
    }

    @Test
    void load_largeValues_areRead() throws IOException {
        Files.write(images, idx(IdxType.SHORT, SIZES, 0, 128, 255, 0, 0, 200));
        Files.write(labels, idx(IdxType.INT, new int[] {2}, 99_999, 70_000));

        Dataset dataset = Idx.load(images, labels, 100_000, PixelScaling.UNIT);

        assertThat(dataset.label(0)).isEqualTo(99_999);
        assertThat(dataset.image(0)).containsExactly(0, 128 / 255.0, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "BYTE, -1, 17, -1",
        "SHORT, 256, 18, 256",
        "SHORT, -32768, 18, -32768",
        "INT, 2147483647, 20, 2147483647",
        "INT, -1, 20, -1",
        "FLOAT, 0.5, 20, 0.5",
        "FLOAT, NaN, 20, NaN",
        "DOUBLE, 1e300, 24, 1.0E300",
        "DOUBLE, -Infinity, 24, -Infinity",
        "DOUBLE, 255.0000001, 24, 255.0000001",
    })
    void load_valuesThatAreNoPixelsOrLabels_areRefusedAtTheByte(IdxType type, double bad, long position, String shown)
            throws IOException {
        Files.write(images, idx(type, SIZES, 1, bad, 2, 3, 4, 5));
        Files.write(labels, idx(IdxType.UNSIGNED_BYTE, new int[] {2}, LABELS));
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> Idx.load(images, labels))
                .withMessage(images + ", byte " + position + ": expected a whole pixel from 0 to 255, got " + shown
                        + ". Scale the pixels to 0 to 255 and store them as unsigned bytes.");

        Files.write(images, idx(type, SIZES, PIXELS));
        Files.write(labels, idx(type, new int[] {2}, 3, bad));
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> Idx.load(images, labels))
                .withMessage(labels + ", byte " + (8 + type.bytes) + ": expected a label from 0 to 9, got " + shown
                        + ". Correct it, or give the number of classes.");
    }

    /** The first rows of the extended labels of QMNIST's training images: class, series, writer, and so on. */
    @Test
    void load_qmnistLabels_areTheFirstColumn() throws IOException {
        Files.write(images, idx(IdxType.UNSIGNED_BYTE, SIZES, PIXELS));
        double[] table = {5, 0, 2, 7, 53, 10, 0, 0, 0, 0, 2, 5, 48, 8, 0, 0};
        Files.write(labels, gzip(idx(IdxType.INT, new int[] {2, 8}, table)));

        Dataset dataset = Idx.load(images, labels);

        assertThat(IntStream.range(0, 2).map(dataset::label)).containsExactly(5, 0);
        try (FileDataset opened = Idx.open(images, labels, 10, PixelScaling.UNIT)) {
            assertSame(opened, dataset);
        }
    }

    /** One-hot labels, of which the first column is no label. */
    @Test
    void load_otherTables_areRefused() throws IOException {
        Files.write(images, idx(IdxType.UNSIGNED_BYTE, SIZES, PIXELS));
        double[] oneHot = {0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
        Files.write(labels, idx(IdxType.INT, new int[] {2, 8}, oneHot));
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> Idx.load(images, labels))
                .withMessage(labels + ", byte 3: expected QMNIST's table of labels, got one of zeros and ones."
                        + " Store one label per image.");
        for (IdxType type : IdxType.values()) {
            Files.write(labels, idx(type, new int[] {2, 10}, new double[20]));
            assertThatExceptionOfType(ImageFormatException.class)
                    .isThrownBy(() -> Idx.load(images, labels))
                    .withMessageStartingWith(labels + ", byte 3: expected labels, of 1 dimension, or a table of 8");
        }
    }

    @ParameterizedTest
    @EnumSource
    void loadUnlabelled_images_areForPrediction(IdxType type) throws IOException {
        Files.write(images, idx(type, SIZES, PIXELS));

        Dataset dataset = Idx.loadUnlabelled(images);

        assertThat(dataset.isLabelled()).isFalse();
        assertThat(dataset.size()).isEqualTo(2);
        assertThat(dataset.classes()).isEqualTo(1);
        assertThat(dataset.label(1)).isZero();
        assertThat(dataset.shape()).isEqualTo(Shape.of(1, 1, 3));
        assertThat(dataset.image(1)).containsExactly(expected().image(1));
        assertThat(Idx.loadUnlabelled(images, PixelScaling.ZERO_MEAN).image(0)[0])
                .isEqualTo(-0.5);
    }

    @Test
    void open_otherTypes_areRefusedWithTheFix() throws IOException {
        Files.write(images, idx(IdxType.FLOAT, SIZES, PIXELS));
        Files.write(labels, idx(IdxType.FLOAT, new int[] {2}, LABELS));
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> Idx.open(images, labels, 10, PixelScaling.UNIT))
                .withMessage(images + ", byte 2: expected images of unsigned bytes, type 0x08, to leave in their file,"
                        + " got type FLOAT. Load them into memory, or convert the file: Idx.save(Idx.load(...), ...).");
    }

    /** A sparse file: a heap of zeros that take no disk. */
    @Test
    void load_moreThanTheHeap_isRefusedByItsHeader() throws IOException {
        long heap = Runtime.getRuntime().maxMemory();
        int count = (int) (heap >> 20);
        byte[] header = ByteBuffer.allocate(16)
                .putInt(0x803)
                .putInt(count)
                .putInt(1024)
                .putInt(1024)
                .array();
        try (RandomAccessFile sparse = new RandomAccessFile(images.toFile(), "rw")) {
            sparse.write(header);
            sparse.setLength(16 + ((long) count << 20));
        }
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> Idx.loadUnlabelled(images))
                .withMessageContaining("bytes to keep in memory, got " + count + " images of 1 x 1024 x 1024.");
    }
}
