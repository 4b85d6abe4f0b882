package dev.purecnn.data;

import static dev.purecnn.data.TestFiles.assertSame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Files that are read image by image, and how they come to be. */
class FileDatasetTest {
    private static final int SIZE = 50;

    @TempDir
    private Path folder;

    private Path images;
    private Path labels;
    private Dataset loaded;
    private FileDataset dataset;

    private static Dataset random(int size, Shape shape, PixelScaling scaling) {
        Random random = new Random(1);
        byte[][] pixels = new byte[size][shape.size()];
        int[] labels = new int[size];
        for (int i = 0; i < size; i++) {
            random.nextBytes(pixels[i]);
            labels[i] = random.nextInt(10);
        }
        return new PixelDataset(pixels, labels, shape, 10, scaling);
    }

    @BeforeEach
    void openFiles() throws IOException {
        images = folder.resolve("images");
        labels = folder.resolve("labels");
        Idx.save(random(SIZE, Shape.of(1, 3, 4), PixelScaling.UNIT), images, labels, PixelScaling.UNIT);
        loaded = Idx.load(images, labels);
        dataset = Idx.open(images, labels, 10, PixelScaling.UNIT);
    }

    @AfterEach
    void closeFiles() throws IOException {
        dataset.close();
    }

    static List<PixelScaling> scalings() {
        return List.of(
                PixelScaling.UNIT,
                PixelScaling.ZERO_MEAN,
                PixelScaling.standardized(new double[] {0.1307}, new double[] {0.3081}));
    }

    @ParameterizedTest
    @MethodSource("scalings")
    void saveAndLoad_everyPixel_comesBack(PixelScaling scaling) throws IOException {
        for (Shape shape : List.of(Shape.of(1, 16, 20), Shape.of(3, 2, 70), Shape.vector(300))) {
            if (scaling.name() == null && shape.channels() > 1) {
                continue;
            }
            Dataset original = random(30, shape, scaling);
            Idx.save(original, images, labels, scaling);
            assertSame(Idx.load(images, labels, 10, scaling), original);
        }
    }

    @Test
    void save_allPixels_areExact() throws IOException {
        byte[][] pixels = {new byte[256]};
        IntStream.range(0, 256).forEach(i -> pixels[0][i] = (byte) i);
        for (PixelScaling scaling : scalings()) {
            Idx.save(new PixelDataset(pixels, new int[1], Shape.of(1, 16, 16), 1, scaling), images, labels, scaling);
            byte[] written = Files.readAllBytes(images);
            assertThat(Arrays.copyOfRange(written, 16, written.length)).isEqualTo(pixels[0]);
            assertThat(Arrays.copyOf(written, 16)).isEqualTo(IdxTest.bytes("00000803 00000001 00000010 00000010"));
            assertThat(Files.readAllBytes(labels)).isEqualTo(IdxTest.bytes("00000801 00000001 00"));
        }
    }

    @ParameterizedTest
    @CsvSource({"0.5", "-0.1", "1.1", "NaN", "Infinity", "0.20000000000000004"})
    void save_notAPixel_isNamed(double bad) {
        Dataset images2 = Dataset.of(new double[][] {{0, 0.2}, {0.4, 1}}, new int[2], Shape.vector(2), 1)
                .map(Shape.vector(2), (image, result) -> {
                    result[0] = image[0];
                    result[1] = image[1] == 1 ? bad : image[1];
                });

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Idx.save(images2, images, labels, PixelScaling.UNIT))
                .withMessage("Idx.save: expected an 8-bit pixel scaled by UNIT, got " + bad
                        + " in image 1, pixel 1. Give the scaling that the images were read with.");
        assertThatExceptionOfType(ImageFormatException.class).isThrownBy(() -> Idx.load(images, labels));
    }

    @Test
    void save_wrongArguments_areNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Idx.save(loaded.take(0), images, labels, PixelScaling.UNIT))
                .withMessage("Idx.save: expected at least 1 image, got none. Such a file could not be read.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Idx.save(loaded.mapLabels(257, label -> label), images, labels, PixelScaling.UNIT))
                .withMessage("Idx.save: expected at most 256 classes, got 257. A label has one byte.");
        assertThatNullPointerException()
                .isThrownBy(() -> Idx.save(null, images, labels, PixelScaling.UNIT))
                .withMessage("dataset");
    }

    @Test
    void open_idx_readsWhatLoadReads() {
        assertSame(dataset, loaded);
        assertSame(dataset.shuffled(3).take(20), loaded.shuffled(3).take(20));
        assertSame(dataset.concat(dataset).skip(40), loaded.concat(loaded).skip(40));
    }

    @Test
    void open_cifar10_readsWhatLoadReads() throws IOException {
        Path file = Files.write(folder.resolve("batch.bin"), Cifar10Test.records(13));
        try (FileDataset opened = Cifar10.open(PixelScaling.ZERO_MEAN, file)) {
            assertSame(opened, Cifar10.load(PixelScaling.ZERO_MEAN, file));
        }
    }

    @Test
    void open_severalFiles_followOneAnother() throws IOException {
        Path moreImages = folder.resolve("more images");
        Path moreLabels = folder.resolve("more labels");
        Idx.save(loaded.shuffled(1).take(7), moreImages, moreLabels, PixelScaling.UNIT);
        Dataset more = Idx.load(moreImages, moreLabels);
        try (FileDataset opened = Idx.open(
                List.of(moreImages, images, moreImages),
                List.of(moreLabels, labels, moreLabels),
                10,
                PixelScaling.UNIT)) {
            assertSame(opened, more.concat(loaded).concat(more));
        }
        Path first = Files.write(folder.resolve("1.bin"), Cifar10Test.records(3));
        Path second = Files.write(folder.resolve("2.bin"), Cifar10Test.records(2));
        try (FileDataset opened = Cifar10.open(PixelScaling.UNIT, first, second)) {
            assertSame(opened, Cifar10.load(first, second));
        }
    }

    @Test
    void open_filesThatDoNotBelongTogether_areRefused() throws IOException {
        Path wide = folder.resolve("wide");
        Path wideLabels = folder.resolve("wide labels");
        Idx.save(random(2, Shape.of(1, 3, 5), PixelScaling.UNIT), wide, wideLabels, PixelScaling.UNIT);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Idx.open(List.of(images, wide), List.of(labels, wideLabels), 10, PixelScaling.UNIT))
                .withMessage("Idx.open: expected images of 1 x 3 x 4, as in the first file, got 1 x 3 x 5 in file 2."
                        + " Open files of one shape together.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Idx.open(List.of(images), List.of(), 10, PixelScaling.UNIT))
                .withMessage(
                        "Idx.open: expected a file of labels for each file of images, got 1 of images and 0 of labels."
                                + " Name them in pairs.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Idx.open(List.of(), List.of(), 10, PixelScaling.UNIT))
                .withMessage("Idx.open: expected at least 1 file, got none. Name the files to read.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Cifar10.open(PixelScaling.UNIT))
                .withMessage("Cifar10.open: expected at least 1 file, got none. Name the files to read.");
    }

    @Test
    void open_packedFiles_areRefused() throws IOException {
        Files.write(images, TestFiles.gzip(Files.readAllBytes(images)));
        Path file = Files.write(folder.resolve("batch.bin"), TestFiles.gzip(Cifar10Test.records(2)));
        String problem = ", byte 0: expected a file that is not packed, got gzip. Unpack it, or load it into memory.";

        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> Idx.open(images, labels, 10, PixelScaling.UNIT))
                .withMessage(images + problem);
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> Cifar10.open(PixelScaling.UNIT, file))
                .withMessage(file + problem);
    }

    @Test
    void open_badFiles_areRefusedAsByLoad() throws IOException {
        byte[] good = Files.readAllBytes(images);
        for (int length = 0; length < good.length; length++) {
            Files.write(images, TestFiles.cut(good, length));
            assertThatExceptionOfType(ImageFormatException.class)
                    .as("cut after " + length)
                    .isThrownBy(() -> Idx.open(images, labels, 10, PixelScaling.UNIT));
        }
        Files.write(images, good);
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> Idx.open(images, labels, 3, PixelScaling.UNIT))
                .withMessageContaining("expected a label from 0 to 2, got ");
        byte[] records = Cifar10Test.records(2);
        for (int length : new int[] {0, 1, 3072, 3074, 6145}) {
            Path file = Files.write(folder.resolve("batch.bin"), TestFiles.cut(records, length));
            assertThatExceptionOfType(ImageFormatException.class)
                    .isThrownBy(() -> Cifar10.open(PixelScaling.UNIT, file));
        }
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> Cifar10.open(PixelScaling.UNIT, folder.resolve("missing")));
    }

    @Test
    void open_wrongArguments_areNamed() {
        assertThatNullPointerException()
                .isThrownBy(() -> Idx.open(null, labels, 10, PixelScaling.UNIT))
                .withMessage("images");
        assertThatNullPointerException()
                .isThrownBy(() -> Cifar10.open(PixelScaling.UNIT, (Path) null))
                .withMessage("file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Idx.open(images, labels, 0, PixelScaling.UNIT))
                .withMessageStartingWith("Idx.open: expected at least 1 class, got 0.");
    }

    /** A sparse file: three gigabytes that take no disk, of which the last image is set. */
    @Test
    void open_fileOfGigabytes_takesLittleMemory() throws IOException {
        int count = 3000;
        Files.write(labels, IdxTest.bytes("00000801 00000bb8" + "05".repeat(count)));
        try (RandomAccessFile sparse = new RandomAccessFile(images.toFile(), "rw")) {
            sparse.write(IdxTest.bytes("00000803 00000bb8 00000400 00000400"));
            sparse.setLength(16 + ((long) count << 20));
            sparse.seek(sparse.length() - 1);
            sparse.write(255);
        }
        long before = TestFiles.allocatedBytes();
        try (FileDataset large = Idx.open(images, labels, 10, PixelScaling.UNIT)) {
            double[] last = large.image(count - 1);

            assertThat(last[(1 << 20) - 1]).isEqualTo(1);
            assertThat(last[(1 << 20) - 2]).isZero();
            assertThat(TestFiles.allocatedBytes() - before).isLessThan(12 << 20);
        }
    }

    @Test
    void copyImage_byManyThreads_givesTheSame() {
        assertThat(IntStream.range(0, 20_000)
                        .parallel()
                        .filter(i -> !Arrays.equals(dataset.image(i * 7 % SIZE), loaded.image(i * 7 % SIZE))))
                .isEmpty();
    }

    @Test
    void copyImage_manyTimes_allocatesNothing() {
        double[] target = new double[14];
        dataset.copyImage(0, target, 1);

        assertThat(TestFiles.fewestAllocatedBytes(() -> dataset.copyImage(7, target, 1)))
                .isZero();
    }

    @Test
    void copyImage_byInterruptedThreads_goesOnAndKeepsTheMark() throws InterruptedException {
        AtomicInteger wrong = new AtomicInteger();
        AtomicInteger unmarked = new AtomicInteger();
        Thread[] readers = new Thread[4];
        for (int t = 0; t < readers.length; t++) {
            readers[t] = new Thread(() -> {
                int reads = 0;
                while (reads < 1000 || !Thread.currentThread().isInterrupted() && reads < 10_000_000) {
                    int i = reads++ % SIZE;
                    wrong.addAndGet(Arrays.equals(dataset.image(i), loaded.image(i)) ? 0 : 1);
                }
                unmarked.addAndGet(Thread.currentThread().isInterrupted() ? 0 : 1);
            });
            readers[t].setUncaughtExceptionHandler((thread, e) -> wrong.incrementAndGet());
            readers[t].start();
        }
        for (Thread reader : readers) {
            Thread.sleep(20);
            reader.interrupt();
            reader.join();
        }

        assertThat(wrong).hasValue(0);
        assertThat(unmarked).hasValue(0);
        assertSame(dataset, loaded);
    }

    @Test
    void copyImage_closed_isRefused() throws IOException {
        dataset.close();
        dataset.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> dataset.image(0))
                .withMessage("FileDataset: expected an open file, got one that close() has closed: " + images
                        + ". Read first, close last.");
        assertThat(dataset.label(0)).isEqualTo(loaded.label(0));
    }

    @Test
    void copyImage_fileThatBecameShorter_saysWhere() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(images.toFile(), "rw")) {
            file.setLength(16 + 12 * 9 + 5);
        }

        assertThat(dataset.image(8)).isEqualTo(loaded.image(8));
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> dataset.image(9))
                .withCauseInstanceOf(ImageFormatException.class)
                .withMessage(images + ", byte 129: expected 7 more bytes of image 9, got the end of the file."
                        + " Leave files alone while they are open.");
    }

    @Test
    void labelAndCopyImage_misused_areRefused() {
        for (int bad : new int[] {-1, SIZE}) {
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> dataset.label(bad))
                    .withMessageStartingWith("Dataset.label: expected an image index below 50, got " + bad);
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> dataset.copyImage(bad, new double[12], 0))
                    .withMessageStartingWith("Dataset.copyImage: expected an image index below 50, got " + bad);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dataset.copyImage(0, new double[12], 1))
                .withMessageStartingWith("Dataset.copyImage: expected room for 12 values at offset 1");
    }
}
