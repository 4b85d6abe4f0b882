package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Reads the binary version of CIFAR-10: colour images of 32 x 32 pixels in 10 classes.
 *
 * <pre>{@code
 * Path folder = Path.of("cifar-10-batches-bin");
 * Dataset train = Cifar10.load(
 *         folder.resolve("data_batch_1.bin"),
 *         folder.resolve("data_batch_2.bin"),
 *         folder.resolve("data_batch_3.bin"),
 *         folder.resolve("data_batch_4.bin"),
 *         folder.resolve("data_batch_5.bin"));
 * Dataset test = Cifar10.load(folder.resolve("test_batch.bin"));
 * }</pre>
 *
 * <p><b>A file</b> is plain or gzip; its first bytes tell, not its name. (The published archive, a tar file, must be
 * unpacked first.) It holds one image after another, each of 3073 bytes: its label from 0 to 9, then 1024 red, 1024
 * green and 1024 blue pixels, row by row.
 *
 * <p><b>Memory:</b> a pixel takes one byte, so that the 50,000 images to train on take 155 MB.
 *
 * <p><b>Errors:</b> a file that does not hold this, no byte less and none more, is refused with an
 * {@link ImageFormatException}, which says where and why; one that cannot be read at all with another
 * {@link IOException}.
 *
 * @see <a href="https://www.cs.toronto.edu/~kriz/cifar.html">Krizhevsky 2009, Learning Multiple Layers of Features from
 *     Tiny Images</a>
 */
public final class Cifar10 {
    private static final Shape SHAPE = Shape.of(3, 32, 32);
    private static final int CLASSES = 10;
    private static final int RECORD_LENGTH = 1 + SHAPE.size();
    private static final String KIND = "a CIFAR-10 file";

    private Cifar10() {}

    /**
     * Reads images, scaled to [0, 1].
     *
     * @param files at least one, plain or gzip
     * @return all images, file by file; safe for concurrent reads
     * @throws NullPointerException if a file is null
     * @throws IllegalArgumentException if there is no file
     * @throws ImageFormatException if a file does not hold what it should
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if it is a directory, or cannot be read
     */
    public static Dataset load(Path... files) throws IOException {
        return load(PixelScaling.UNIT, files);
    }

    /**
     * Reads images.
     *
     * @param scaling to [0, 1] or to [-0.5, 0.5]
     * @param files at least one, plain or gzip
     * @return all images, file by file; safe for concurrent reads
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if there is no file
     * @throws ImageFormatException if a file does not hold what it should
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if it is a directory, or cannot be read
     */
    public static Dataset load(PixelScaling scaling, Path... files) throws IOException {
        Objects.requireNonNull(scaling, "scaling");
        Objects.requireNonNull(files, "files");
        if (files.length == 0) {
            throw new IllegalArgumentException(
                    "Cifar10.load: expected at least 1 file, got none. Name the files to read.");
        }
        List<byte[]> records = new ArrayList<>();
        for (Path file : files) {
            try (BinaryFile in = BinaryFile.open(Objects.requireNonNull(file, "file"), KIND)) {
                read(in, records::add);
            }
        }
        byte[][] images = new byte[records.size()][];
        int[] labels = new int[records.size()];
        for (int i = 0; i < images.length; i++) {
            byte[] record = records.set(i, null); // so that no image is held twice
            labels[i] = record[0];
            images[i] = Arrays.copyOfRange(record, 1, record.length);
        }
        return new PixelDataset(images, labels, SHAPE, CLASSES, scaling);
    }

    /**
     * Opens files of which the images stay where they are. Reads each once, to check it.
     *
     * <pre>{@code
     * try (FileDataset train = Cifar10.open(PixelScaling.UNIT, file1, file2)) {
     *     cnn.train(train, validation, options);
     * }
     * }</pre>
     *
     * @param scaling to [0, 1] or to [-0.5, 0.5]
     * @param files at least one, not packed
     * @return all images, file by file; the caller closes it
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if there is no file
     * @throws ImageFormatException if a file does not hold what it should, or is packed
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if it is a directory, or cannot be read
     */
    public static FileDataset open(PixelScaling scaling, Path... files) throws IOException {
        Objects.requireNonNull(scaling, "scaling");
        Objects.requireNonNull(files, "files");
        return FileDataset.joined(
                "Cifar10.open", files.length, shard -> openOne(scaling, Objects.requireNonNull(files[shard], "file")));
    }

    private static FileDataset openOne(PixelScaling scaling, Path file) throws IOException {
        IntStream.Builder labels = IntStream.builder();
        FileIdentity identity;
        try (BinaryFile in = BinaryFile.open(file, KIND)) {
            in.checkPlain();
            identity = in.identity();
            read(in, record -> labels.add(record[0]));
        }
        RecordFile images = new RecordFile(file, identity, 1, RECORD_LENGTH);
        int[] numbers = labels.build().toArray();
        return new FileDataset(images, numbers.length, numbers, SHAPE, CLASSES, scaling);
    }

    private static void read(BinaryFile in, Consumer<byte[]> records) throws IOException {
        long start = in.position();
        byte[] record = in.read(RECORD_LENGTH, "the first image");
        while (record.length > 0) {
            checkRecord(in, record, start);
            records.accept(record);
            start = in.position();
            record = in.readUpTo(RECORD_LENGTH);
        }
    }

    private static void checkRecord(BinaryFile in, byte[] record, long start) throws ImageFormatException {
        int label = record[0] & 0xff;
        if (label >= CLASSES) {
            throw in.refusal(
                    start,
                    "a label from 0 to " + (CLASSES - 1),
                    String.valueOf(label),
                    "Check that this is a file of CIFAR-10's binary version.");
        }
        if (record.length < RECORD_LENGTH) {
            throw in.refusal(
                    start,
                    "images of " + RECORD_LENGTH + " bytes",
                    record.length + " at the end of the file",
                    "Fetch the file again.");
        }
    }
}
