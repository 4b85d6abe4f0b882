package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Images that stay in their files, for datasets that are larger than memory: each is read when it is needed.
 * {@link MnistCsv#open}, {@link Idx#open} and {@link Cifar10#open} open one file or several, one after the other,
 * {@link ImageFolder#open} a folder of pictures.
 *
 * <pre>{@code
 * try (FileDataset train = MnistCsv.open(Path.of("shard1.csv"), Path.of("shard2.csv"))) {
 *     cnn.train(train, validation, options);
 * }
 * }</pre>
 *
 * <p>It does what any dataset does: any number of threads read images in any order, and views work too. Training shuffles the
 * images of all files together, so the network gets the same bits as from images in memory, and a checkpoint resumes anywhere in
 * an epoch. The operating system caches what fits in memory; reading the rest takes a fast disk.
 *
 * <p>Packed files cannot be read from the middle: unpack them first. An image in an IDX file is smaller and faster to read than a
 * row of text; this converts a CSV file of any size:
 *
 * <pre>{@code
 * try (FileDataset csv = MnistCsv.open(Path.of("shard1.csv"))) {
 *     Idx.save(csv, images, labels, PixelScaling.UNIT);
 * }
 * }</pre>
 *
 * <p><b>Memory:</b> four bytes per image for its label, twelve more in a CSV file for the row's place and checksum; and one image
 * per thread.
 *
 * <p><b>Changed files:</b> do not change files while they are open. Headers, sizes, labels and all rows of a CSV file are checked
 * when a file is opened. A CSV row is checked again whenever it is read (CRC-32), and refused if it has changed. The pixels of
 * IDX and CIFAR files have no checksum: overwritten bytes are read as they are, but a file that has become too short is refused.
 * When a file must be opened again because a thread was interrupted while reading, it must be the same file (by its key, if the
 * file system has keys) with the same size and modification time. If a file is refused or cannot be read, {@link #copyImage}
 * throws an {@link UncheckedIOException}. Interrupting a thread does not harm the dataset.
 */
public final class FileDataset extends LabelledImages implements Closeable {
    private final StoredImages images;
    private final PixelScaling scaling;
    private final ThreadLocal<ByteBuffer> pixels;

    /** Trusts its caller, a reader of this package, and takes the images over. */
    FileDataset(StoredImages images, int size, int[] labels, Shape shape, int classes, PixelScaling scaling) {
        super(size, labels, shape, classes);
        this.images = images;
        this.scaling = scaling;
        scaling.check("PixelScaling", shape);
        pixels = ThreadLocal.withInitial(() -> ByteBuffer.allocate(shape.size()));
    }

    /** Images that are made from pictures; takes them over. */
    FileDataset(StoredImages images, int size, int[] labels, Preprocessing preprocessing, List<String> classNames) {
        super(size, labels, preprocessing, classNames);
        this.images = images;
        this.scaling = preprocessing.scaling();
        pixels = ThreadLocal.withInitial(() -> ByteBuffer.allocate(shape.size()));
    }

    /** The same images in classes of these names, if there are any; it takes them over. */
    FileDataset named(List<String> classNames) {
        return classNames.isEmpty() ? this : new FileDataset(this, classNames);
    }

    private FileDataset(FileDataset other, List<String> classNames) {
        super(other, classNames);
        images = other.images;
        scaling = other.scaling;
        pixels = other.pixels;
    }

    /** Opens a shard. */
    @FunctionalInterface
    interface Opener {
        FileDataset open(int shard) throws IOException;
    }

    /**
     * The images of several shards, which are open together or not at all.
     *
     * @param where for messages, such as {@code Idx.open}
     */
    static FileDataset joined(String where, int shards, Opener opener) throws IOException {
        if (shards < 1) {
            throw new IllegalArgumentException(where + ": expected at least 1 file, got none. Name the files to read.");
        }
        List<FileDataset> opened = new ArrayList<>();
        try {
            for (int i = 0; i < shards; i++) {
                opened.add(opener.open(i));
            }
            return shards == 1 ? opened.get(0) : joined(where, opened);
        } catch (IOException | RuntimeException | Error e) {
            try {
                StoredShards.closeAll(opened);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private static FileDataset joined(String where, List<FileDataset> shards) {
        FileDataset first = shards.get(0);
        int[] ends = new int[shards.size()];
        long size = 0;
        for (int i = 0; i < ends.length; i++) {
            Shape shape = shards.get(i).shape;
            if (!shape.equals(first.shape)) {
                throw new IllegalArgumentException(where + ": expected images of " + first.shape
                        + ", as in the first file, got " + shape + " in file " + (i + 1)
                        + ". Open files of one shape together.");
            }
            size += shards.get(i).size();
            if (size > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(where + ": expected at most " + Integer.MAX_VALUE
                        + " images, got more in the first " + (i + 1) + " files. Open fewer of them.");
            }
            ends[i] = (int) size;
        }
        int[] labels = first.isLabelled() ? new int[(int) size] : NO_LABELS;
        for (int i = 0; i < ends.length && first.isLabelled(); i++) {
            int[] part = shards.get(i).labels;
            System.arraycopy(part, 0, labels, ends[i] - part.length, part.length);
        }
        List<StoredImages> images = shards.stream().map(shard -> shard.images).toList();
        return new FileDataset(
                new StoredShards(images, ends), (int) size, labels, first.shape, first.classes, first.scaling);
    }

    /**
     * Reads an image into an array. Only a thread's first call allocates.
     *
     * @throws UncheckedIOException if the file cannot be read, or has changed; names the place
     * @throws IllegalStateException if the dataset has been closed
     */
    @Override
    public void copyImage(int index, double[] target, int offset) {
        super.copyImage(index, target, offset);
    }

    @Override
    void copy(int index, double[] target, int offset) {
        ByteBuffer buffer = pixels.get();
        try {
            images.read(index, buffer);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        scaling.scale(buffer.array(), target, offset);
    }

    /**
     * Closes the files. Views of this dataset can no longer be read either.
     *
     * @throws IOException if that fails
     */
    @Override
    public void close() throws IOException {
        images.close();
    }
}
