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
 * <p><b>The files</b> are plain or gzip, as their first bytes say; their names do not matter. All numbers have the high byte
 * first. A file of images starts with the bytes 0, 0, 8 (for unsigned bytes), 3, then three sizes of four bytes: images, rows,
 * columns. Then come the pixels, a byte each, 0 for black. With 4 in place of 3 there are four sizes: images, channels, rows,
 * columns. A file of labels starts with 0, 0, 8, 1 and their number, then a byte for each. Signed bytes, shorts, ints, floats and
 * doubles (types 9 and 11 to 14 in place of 8) are read too, if they hold whole pixels from 0 to 255, or whole labels. The
 * extended labels of QMNIST are a table of eight ints per image, of which the first is the label.
 *
 * <p><b>Memory:</b> one byte per pixel: 48 MB for the 60,000 images of MNIST. A file of more images than fit in three quarters of
 * the heap ({@code -Xmx}) is refused before memory runs out.
 *
 * <p><b>Errors:</b> a file that holds anything else, a byte less or more included, is refused with an
 * {@link ImageFormatException} that says where and why; one that cannot be read with another {@link IOException}. No memory is
 * taken for sizes that a file claims before they are checked against its length. A number of classes below 1 is an
 * {@link IllegalArgumentException}.
 *
 * @see <a href="https://doi.org/10.1109/5.726791">LeCun et al. 1998, who made MNIST and this format</a>
 */
public final class Idx {
    private static final int MNIST_CLASSES = 10;
    private static final String KIND = "an IDX file";

    private Idx() {}

    /**
     * Reads images in 10 classes into memory, scaled to [0, 1].
     *
     * @param images a file of images, plain or gzip
     * @param labels a file of as many labels, plain or gzip
     * @return all images in the order of the file; safe for concurrent reads
     * @throws IOException if a file cannot be read, or does not hold what it should
     */
    public static Dataset load(Path images, Path labels) throws IOException {
        return load(images, labels, MNIST_CLASSES, PixelScaling.UNIT);
    }

    /**
     * Reads images into memory.
     *
     * @param images a file of images, plain or gzip
     * @param labels a file of as many labels, plain or gzip
     * @param classes the number of classes, at least 1; labels are from 0 to {@code classes - 1}
     * @param scaling to [0, 1] or to [-0.5, 0.5]
     * @return all images in the order of the file; safe for concurrent reads
     * @throws IOException if a file cannot be read, or does not hold what it should
     */
    public static Dataset load(Path images, Path labels, int classes, PixelScaling scaling) throws IOException {
        Objects.requireNonNull(images, "images");
        Objects.requireNonNull(labels, "labels");
        Objects.requireNonNull(scaling, "scaling");
        DatasetChecks.classes("Idx.load", classes);
        return load(images, scaling, count -> labels(labels, count, classes, images), classes);
    }

    /**
     * Reads images without labels, scaled to [0, 1], to predict them; see {@link Dataset#isLabelled}.
     *
     * <pre>{@code
     * double[] probabilities = cnn.predictAll(Idx.loadUnlabelled(Path.of("t10k-images-idx3-ubyte.gz")));
     * }</pre>
     *
     * @param images a file of images, plain or gzip
     * @return all images in the order of the file; safe for concurrent reads
     * @throws IOException if the file cannot be read, or does not hold what it should
     */
    public static Dataset loadUnlabelled(Path images) throws IOException {
        return loadUnlabelled(images, PixelScaling.UNIT);
    }

    /**
     * As {@link #loadUnlabelled(Path)}, with another scaling.
     *
     * @param images a file of images, plain or gzip
     * @param scaling as in training
     * @return all images in the order of the file; safe for concurrent reads
     * @throws IOException if the file cannot be read, or does not hold what it should
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
     * Opens files and leaves the images in them, for datasets that are larger than memory.
     *
     * <pre>{@code
     * try (FileDataset train = Idx.open(Path.of("images"), Path.of("labels"), 1000, PixelScaling.UNIT)) {
     *     cnn.train(train, validation, options);
     * }
     * }</pre>
     *
     * @param images a file of images, not packed, of unsigned bytes
     * @param labels a file of as many labels, plain or gzip
     * @param classes the number of classes, at least 1; labels are from 0 to {@code classes - 1}
     * @param scaling to [0, 1] or to [-0.5, 0.5]
     * @return all images in the order of the file; close it after use
     * @throws IOException if a file cannot be read, does not hold what it should, or the images are packed
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
     * Opens several pairs of files and leaves the images in them.
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
     * @param classes the number of classes, at least 1; labels are from 0 to {@code classes - 1}
     * @param scaling to [0, 1] or to [-0.5, 0.5]
     * @return all images, file by file; close it after use
     * @throws IllegalArgumentException also if there is no file, the numbers of files differ, or the shapes of the images
     * @throws IOException if a file cannot be read, does not hold what it should, or the images are packed
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
     * Writes a dataset, such as one from a CSV file, to a file of images and one of labels, not packed. If writing fails, the
     * files are too short, and readers refuse them.
     *
     * <pre>{@code
     * Idx.save(MnistCsv.load(Path.of("shard1.csv.gz")), images1, labels1, PixelScaling.UNIT);
     * }</pre>
     *
     * @param dataset at least 1 image, of 8-bit pixels, in at most 256 classes
     * @param images where to write the images; an existing file is replaced
     * @param labels where to write the labels; an existing file is replaced
     * @param scaling with which the images were read, which is undone
     * @throws IllegalArgumentException also if a value is not an 8-bit pixel with that scaling
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
