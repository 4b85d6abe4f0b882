package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Reads and writes labelled images in IDX files, the format that MNIST was published in: one file of images and one of labels.
 *
 * <pre>{@code
 * Dataset train = Idx.load(Path.of("train-images-idx3-ubyte.gz"), Path.of("train-labels-idx1-ubyte.gz"));
 * Dataset letters = Idx.load(
 *         Path.of("emnist-letters-train-images-idx3-ubyte"),
 *         Path.of("emnist-letters-train-labels-idx1-ubyte"),
 *         27,
 *         PixelScaling.ZERO_MEAN);
 * }</pre>
 *
 * <p><b>The files</b> are plain or gzip; their first bytes tell, not their names. All numbers have the high byte first.
 * A file of images starts with the bytes 0, 0, 8 (for unsigned bytes) and 3, and with three sizes of four bytes: images,
 * rows, columns. Then come the pixels, a byte each, 0 for black. With 4 in place of 3 there are four sizes: images,
 * channels, rows, columns. A file of labels starts with 0, 0, 8, 1 and their number; then comes a byte for each.
 *
 * <p><b>Memory:</b> a pixel takes one byte, so that all 60,000 images of MNIST take 48 MB.
 *
 * <p><b>Errors:</b> a file that does not hold this, no byte less and none more, is refused with an
 * {@link ImageFormatException}, which says where and why; one that cannot be read at all with another
 * {@link IOException}. The sizes that a file claims are checked against its own before any memory is taken for them.
 *
 * @see <a href="https://doi.org/10.1109/5.726791">LeCun et al. 1998, who made MNIST and this format</a>
 */
public final class Idx {
    private static final int MNIST_CLASSES = 10;
    private static final String KIND = "an IDX file";

    private Idx() {}

    /**
     * Reads images in 10 classes, scaled to [0, 1].
     *
     * @param images a file of images, plain or gzip
     * @param labels a file of as many labels, plain or gzip
     * @return all images in the order of the file; safe for concurrent reads
     * @throws NullPointerException if an argument is null
     * @throws ImageFormatException if a file does not hold what it should
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if it is a directory, or cannot be read
     */
    public static Dataset load(Path images, Path labels) throws IOException {
        return load(images, labels, MNIST_CLASSES, PixelScaling.UNIT);
    }

    /**
     * Reads images.
     *
     * @param images a file of images, plain or gzip
     * @param labels a file of as many labels, plain or gzip
     * @param classes the number of classes, at least 1; labels go from 0 to {@code classes - 1}
     * @param scaling to [0, 1] or to [-0.5, 0.5]
     * @return all images in the order of the file; safe for concurrent reads
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if {@code classes} is below 1
     * @throws ImageFormatException if a file does not hold what it should
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if it is a directory, or cannot be read
     */
    public static Dataset load(Path images, Path labels, int classes, PixelScaling scaling) throws IOException {
        Objects.requireNonNull(images, "images");
        Objects.requireNonNull(labels, "labels");
        Objects.requireNonNull(scaling, "scaling");
        DatasetChecks.classes("Idx.load", classes);
        try (BinaryFile in = BinaryFile.open(images, KIND)) {
            IdxHeader header = IdxHeader.ofImages(in);
            int[] numbers = labels(labels, header.count(), classes, images);
            byte[][] pixels = pixels(in, header.count(), header.shape());
            return new PixelDataset(pixels, numbers, header.shape(), classes, scaling);
        }
    }

    /**
     * Opens files of which the images stay where they are, for more of them than fit in memory.
     *
     * <pre>{@code
     * try (FileDataset train = Idx.open(Path.of("images"), Path.of("labels"), 1000, PixelScaling.UNIT)) {
     *     cnn.train(train, validation, options);
     * }
     * }</pre>
     *
     * @param images a file of images, not packed
     * @param labels a file of as many labels, plain or gzip
     * @param classes the number of classes, at least 1; labels go from 0 to {@code classes - 1}
     * @param scaling to [0, 1] or to [-0.5, 0.5]
     * @return all images in the order of the file; the caller closes it
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if {@code classes} is below 1
     * @throws ImageFormatException if a file does not hold what it should, or the images are packed
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if it is a directory, or cannot be read
     */
    public static FileDataset open(Path images, Path labels, int classes, PixelScaling scaling) throws IOException {
        Objects.requireNonNull(images, "images");
        Objects.requireNonNull(labels, "labels");
        Objects.requireNonNull(scaling, "scaling");
        DatasetChecks.classes("Idx.open", classes);
        try (BinaryFile in = BinaryFile.open(images, KIND)) {
            in.checkPlain();
            IdxHeader header = IdxHeader.ofImages(in);
            int[] numbers = labels(labels, header.count(), classes, images);
            RecordFile file = new RecordFile(
                    images, in.identity(), in.position(), header.shape().size());
            return new FileDataset(file, header.count(), numbers, header.shape(), classes, scaling);
        }
    }

    /**
     * Opens several pairs of files of which the images stay where they are.
     *
     * <pre>{@code
     * List<Path> images = List.of(Path.of("images1"), Path.of("images2"));
     * List<Path> labels = List.of(Path.of("labels1"), Path.of("labels2"));
     * try (FileDataset train = Idx.open(images, labels, 1000, PixelScaling.UNIT)) {
     *     cnn.train(train, validation, options);
     * }
     * }</pre>
     *
     * @param images at least one file of images, not packed, all of one shape
     * @param labels for each of them a file of as many labels, plain or gzip
     * @param classes the number of classes, at least 1; labels go from 0 to {@code classes - 1}
     * @param scaling to [0, 1] or to [-0.5, 0.5]
     * @return all images, file by file; the caller closes it
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if {@code classes} is below 1, there is no file, there are not as many files of labels
     *     as of images, or their images differ in shape
     * @throws ImageFormatException if a file does not hold what it should, or the images are packed
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if it is a directory, or cannot be read
     */
    public static FileDataset open(List<Path> images, List<Path> labels, int classes, PixelScaling scaling)
            throws IOException {
        if (images.size() != labels.size()) {
            throw new IllegalArgumentException("Idx.open: expected a file of labels for each file of images, got "
                    + images.size() + " of images and " + labels.size() + " of labels. Name them in pairs.");
        }
        return FileDataset.joined(
                "Idx.open", images.size(), shard -> open(images.get(shard), labels.get(shard), classes, scaling));
    }

    /**
     * Writes a dataset, such as one that was read from a CSV file, to a file of images and one of labels, not packed. If
     * that fails, they hold less than they should, and are refused by whoever reads them.
     *
     * <pre>{@code
     * Idx.save(MnistCsv.load(Path.of("shard1.csv.gz")), images1, labels1, PixelScaling.UNIT);
     * }</pre>
     *
     * @param dataset at least 1 image, of 8-bit pixels, in at most 256 classes
     * @param images where the images go; an older file is replaced
     * @param labels where the labels go; an older file is replaced
     * @param scaling how the images were scaled when they were read; it is undone
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if there is no image, there are too many classes, or a value is not what the
     *     scaling makes of an 8-bit pixel
     * @throws IOException if a file cannot be written
     */
    public static void save(Dataset dataset, Path images, Path labels, PixelScaling scaling) throws IOException {
        Objects.requireNonNull(dataset, "dataset");
        Objects.requireNonNull(images, "images");
        Objects.requireNonNull(labels, "labels");
        Objects.requireNonNull(scaling, "scaling");
        IdxWriter.write(dataset, images, labels, scaling);
    }

    private static byte[][] pixels(BinaryFile in, int count, Shape shape) throws IOException {
        List<byte[]> pixels = new ArrayList<>(); // grows with what comes: a gzip file may claim what it does not hold
        for (int i = 0; i < count; i++) {
            pixels.add(in.read(shape.size(), "image " + i));
        }
        in.checkEnd();
        return pixels.toArray(new byte[0][]);
    }

    private static int[] labels(Path file, int count, int classes, Path images) throws IOException {
        try (BinaryFile in = BinaryFile.open(file, KIND)) {
            int found = IdxHeader.ofLabels(in).count();
            if (found != count) {
                String expected = count + " labels, one for each image of " + images.getFileName();
                throw in.refusal(4, expected, String.valueOf(found), "Give two files that belong together.");
            }
            long start = in.position();
            byte[] bytes = in.read(count, "labels");
            int[] labels = new int[count];
            for (int i = 0; i < count; i++) {
                labels[i] = bytes[i] & 0xff;
                if (labels[i] >= classes) {
                    throw in.refusal(
                            start + i,
                            "a label from 0 to " + (classes - 1),
                            String.valueOf(labels[i]),
                            "Correct it, or give the number of classes.");
                }
            }
            in.checkEnd();
            return labels;
        }
    }
}
