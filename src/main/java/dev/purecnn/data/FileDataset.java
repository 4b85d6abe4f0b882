package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Images that stay in their file, for datasets larger than memory: each is read when it is asked for. {@link Idx#open}
 * and {@link Cifar10#open} make them.
 *
 * <pre>{@code
 * try (FileDataset train = Idx.open(Path.of("images"), Path.of("labels"), 1000, PixelScaling.UNIT)) {
 *     cnn.train(train, validation, options);
 * }
 * }</pre>
 *
 * <p>All that any dataset can do it does too: images are read in any order, by any number of threads, and views work as
 * ever. So training draws its order from all images, and no window of a shuffle leaves its mark on the network. What the
 * operating system has room for, it keeps in memory by itself; reading the rest takes a fast disk.
 *
 * <p>Several files make one dataset by {@link #concat}. Text cannot be read from the middle: convert each CSV file once,
 *
 * <pre>{@code
 * Idx.save(MnistCsv.load(shard), images, labels, PixelScaling.UNIT);
 * }</pre>
 *
 * <p><b>Memory:</b> four bytes an image, for its label, and one image a thread.
 *
 * <p><b>Errors:</b> headers, sizes and labels are checked when the file is opened. If the file cannot be read later on,
 * {@link #copyImage} throws an {@link UncheckedIOException}. Interrupting a thread does no harm to the dataset.
 */
public final class FileDataset implements Dataset, Closeable {
    private final RecordFile file;
    private final int[] labels;
    private final Shape shape;
    private final int classes;
    private final PixelScaling scaling;
    private final ThreadLocal<ByteBuffer> pixels;

    /** Trusts its caller, a reader of this package, and takes the file over. */
    FileDataset(RecordFile file, int[] labels, Shape shape, int classes, PixelScaling scaling) {
        this.file = file;
        this.labels = labels;
        this.shape = shape;
        this.classes = classes;
        this.scaling = scaling;
        pixels = ThreadLocal.withInitial(() -> ByteBuffer.allocate(shape.size()));
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public int label(int index) {
        DatasetChecks.index("Dataset.label", index, labels.length);
        return labels[index];
    }

    /**
     * Reads an image into an array, without allocating anything after a thread's first.
     *
     * @throws UncheckedIOException if the file cannot be read, or has become shorter; names the place
     * @throws IllegalStateException if the dataset has been closed
     */
    @Override
    public void copyImage(int index, double[] target, int offset) {
        DatasetChecks.index("Dataset.copyImage", index, labels.length);
        DatasetChecks.room("Dataset.copyImage", target, offset, shape.size());
        ByteBuffer buffer = pixels.get();
        try {
            file.read(index, buffer);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
        scaling.scale(buffer.array(), target, offset);
    }

    /**
     * Closes the file. Views of this dataset cannot be read any more either.
     *
     * @throws IOException if that fails
     */
    @Override
    public void close() throws IOException {
        file.close();
    }
}
