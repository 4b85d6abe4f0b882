package dev.purecnn.data;

import java.io.IOException;
import java.nio.ByteBuffer;
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
 * channels, rows, columns. A file of labels starts with 0, 0, 8, 1 and their number; then comes a byte for each. Signed
 * bytes, shorts, ints, floats and doubles (types 9, 11 to 14 in place of 8) are read too, if they hold whole pixels from 0 to
 * 255, or whole labels. Of the extended labels of QMNIST, a table of eight ints per image, the first is the label.
 *
 * <p><b>Memory:</b> a pixel takes one byte, so that all 60,000 images of MNIST take 48 MB. A file of more
 * images than fit in three quarters of the heap ({@code -Xmx}) is refused before the memory runs out.
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
        return load(images, scaling, count -> labels(labels, count, classes, images), classes);
    }

    /**
     * Reads images that have no labels, scaled to [0, 1], to be predicted; see {@link Dataset#isLabelled}.
     *
     * <pre>{@code
     * double[] probabilities = cnn.predictAll(Idx.loadUnlabelled(Path.of("t10k-images-idx3-ubyte.gz")));
     * }</pre>
     *
     * @param images a file of images, plain or gzip
     * @return all images in the order of the file; safe for concurrent reads
     * @throws NullPointerException if the file is null
     * @throws ImageFormatException if the file does not hold what it should
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if it is a directory, or cannot be read
     */
    public static Dataset loadUnlabelled(Path images) throws IOException {
        return loadUnlabelled(images, PixelScaling.UNIT);
    }

    /**
     * Reads images that have no labels, to be predicted; see {@link Dataset#isLabelled}.
     *
     * @param images a file of images, plain or gzip
     * @param scaling as in training
     * @return all images in the order of the file; safe for concurrent reads
     * @throws NullPointerException if an argument is null
     * @throws ImageFormatException if the file does not hold what it should
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if it is a directory, or cannot be read
     */
    public static Dataset loadUnlabelled(Path images, PixelScaling scaling) throws IOException {
        Objects.requireNonNull(images, "images");
        Objects.requireNonNull(scaling, "scaling");
        return load(images, scaling, count -> LabelledImages.NO_LABELS, 1);
    }

    /** Where the labels of that many images come from. */
    private interface Labels {
        int[] read(int count) throws IOException;
    }

    private static Dataset load(Path images, PixelScaling scaling, Labels labels, int classes) throws IOException {
        try (BinaryFile in = BinaryFile.open(images, KIND)) {
            IdxHeader header = IdxHeader.ofImages(in);
            if (!in.isPacked()) { // a gzip file may claim what it does not hold
                in.checkMemory(header.count(), header.shape());
            }
            int[] numbers = labels.read(header.count());
            return new PixelDataset(pixels(in, header), numbers, header.shape(), classes, scaling);
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
     * @param images a file of images, not packed, of unsigned bytes
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
            if (header.type() != IdxType.UNSIGNED_BYTE) {
                throw in.refusal(
                        2,
                        "images of unsigned bytes, type 0x08, to leave in their file",
                        "type " + header.type(),
                        "Load them into memory, or convert the file: Idx.save(Idx.load(...), ...).");
            }
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

    private static byte[][] pixels(BinaryFile in, IdxHeader header) throws IOException {
        List<byte[]> images = new ArrayList<>(); // grows with what comes
        IdxType type = header.type();
        int size = header.shape().size();
        for (int i = 0; i < header.count(); i++) {
            long start = in.position();
            byte[] raw = in.read(size * type.bytes, "image " + i);
            in.checkMemory(i + 1L, header.shape());
            images.add(type == IdxType.UNSIGNED_BYTE ? raw : pixels(in, start, type, raw));
        }
        in.checkEnd();
        return images.toArray(new byte[0][]);
    }

    private static byte[] pixels(BinaryFile in, long start, IdxType type, byte[] raw) throws IOException {
        ByteBuffer values = ByteBuffer.wrap(raw);
        byte[] pixels = new byte[raw.length / type.bytes];
        for (int i = 0; i < pixels.length; i++) {
            int pixel = IdxType.whole(type.value(values, i), PixelScaling.MAX_PIXEL);
            if (pixel < 0) {
                throw in.refusal(
                        start + (long) i * type.bytes,
                        "a whole pixel from 0 to " + PixelScaling.MAX_PIXEL,
                        IdxType.shown(type.value(values, i)),
                        "Scale the pixels to 0 to 255 and store them as unsigned bytes.");
            }
            pixels[i] = (byte) pixel;
        }
        return pixels;
    }

    private static int[] labels(Path file, int count, int classes, Path images) throws IOException {
        try (BinaryFile in = BinaryFile.open(file, KIND)) {
            IdxHeader header = IdxHeader.ofLabels(in);
            if (header.count() != count) {
                String expected = count + " labels, one for each image of " + images.getFileName();
                throw in.refusal(4, expected, String.valueOf(header.count()), "Give two files that belong together.");
            }
            int rowLength = header.shape().size() * header.type().bytes;
            int[] labels = new int[count];
            boolean flagsOnly = rowLength > header.type().bytes;
            for (int i = 0; i < count; i++) {
                long start = in.position();
                ByteBuffer row = ByteBuffer.wrap(in.read(rowLength, "labels"));
                double value = header.type().value(row, 0);
                labels[i] = IdxType.whole(value, classes - 1);
                if (labels[i] < 0) {
                    String expected = "a label from 0 to " + (classes - 1);
                    throw in.refusal(
                            start, expected, IdxType.shown(value), "Correct it, or give the number of classes.");
                }
                for (int column = 0; column < header.shape().size(); column++) {
                    flagsOnly &= header.type().value(row, column) <= 1;
                }
            }
            in.checkEnd();
            if (flagsOnly) {
                throw in.refusal(3, "QMNIST's table of labels", "one of zeros and ones", "Store one label per image.");
            }
            return labels;
        }
    }
}
