package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Images that stay in their files, for datasets larger than memory: each is read when it is asked for. {@link MnistCsv#open},
 * {@link Idx#open} and {@link Cifar10#open} make them, of one file or of several, which then follow one another; and
 * {@link ImageFolder#open}, of a folder of pictures.
 *
 * <pre>{@code
 * try (FileDataset train = MnistCsv.open(Path.of("shard1.csv"), Path.of("shard2.csv"))) {
 *     cnn.train(train, validation, options);
 * }
 * }</pre>
 *
 * <p>All that any dataset can do it does too: images are read in any order, by any number of threads, and views work as
 * ever. So training draws its order from all images of all files, and no window of a shuffle leaves its mark on the network,
 * which gets the same bits as from the same images in memory; and a checkpoint goes on from any place in an epoch. What the
 * operating system has room for, it keeps in memory by itself; reading the rest takes a fast disk.
 *
 * <p>Packed files cannot be read from the middle: unpack them first. An image in an IDX file takes less room, and less work to
 * read, than a row of text; this converts a CSV file of any size:
 *
 * <pre>{@code
 * try (FileDataset csv = MnistCsv.open(Path.of("shard1.csv"))) {
 *     Idx.save(csv, images, labels, PixelScaling.UNIT);
 * }
 * }</pre>
 *
 * <p><b>Memory:</b> four bytes per image, for its label; in a CSV file sixteen, for the row's place and checksum too; and one
 * image per thread.
 *
 * <p><b>Files that change:</b> leave them alone while they are open. Headers, sizes and labels are checked when a file is
 * opened, and all rows of a CSV file. Every row that is read later is checked against its checksum (CRC-32), so a row that
 * has changed is refused. The pixels of IDX and CIFAR files have no checksum: bytes that have been written over are read as
 * they are now, but a file that has become too short is refused. When a file has to be opened again, because a thread was
 * interrupted while it read, it must be the same file (by its key, where the file system has keys), of the same size and with
 * the same time of last change; otherwise it is refused. In each case, and if a file cannot be read, {@link #copyImage}
 * throws an {@link UncheckedIOException}. Interrupting a thread does no harm to the dataset.
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
     * Reads an image into an array, without allocating anything after a thread's first.
     *
     * @throws UncheckedIOException if the file cannot be read, or is found to have changed; names the place
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
     * Closes the files. Views of this dataset cannot be read any more either.
     *
     * @throws IOException if that fails
     */
    @Override
    public void close() throws IOException {
        images.close();
    }
}
