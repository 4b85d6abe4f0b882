package dev.purecnn.data;

import java.io.IOException;
import java.nio.file.Path;

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
 * <p><b>A file</b> is plain or gzip, as its first bytes say; its name does not matter. (The published archive, a tar file, must
 * be unpacked first.) It holds one image after another, each of 3073 bytes: its label from 0 to 9, then 1024 red, 1024 green and
 * 1024 blue pixels, row by row. If {@code batches.meta.txt} is beside the first file, the names of the classes are taken from it.
 *
 * <p><b>Memory:</b> one byte per pixel: 155 MB for the 50,000 training images.
 *
 * <p><b>Errors:</b> a file that holds anything else, a byte less or more included, is refused with an
 * {@link ImageFormatException} that says where and why; one that cannot be read with another {@link IOException}.
 *
 * @see <a href="https://www.cs.toronto.edu/~kriz/cifar.html">Krizhevsky 2009, Learning Multiple Layers of Features from
 *     Tiny Images</a>
 */
public final class Cifar10 {
    private static final CifarFiles FILES =
            new CifarFiles("Cifar10", "a CIFAR-10 file", new int[] {10}, 0, "batches.meta.txt");

    private Cifar10() {}

    /**
     * As {@link #load(PixelScaling, Path...)}, scaled to [0, 1].
     *
     * @param files at least one, plain or gzip
     * @return all images, file by file; safe for concurrent reads
     * @throws IOException if a file cannot be read, or does not hold what it should
     */
    public static Dataset load(Path... files) throws IOException {
        return load(PixelScaling.UNIT, files);
    }

    /**
     * Reads images into memory.
     *
     * @param scaling to [0, 1] or to [-0.5, 0.5]
     * @param files at least one, plain or gzip
     * @return all images, file by file; safe for concurrent reads
     * @throws IOException if a file cannot be read, or does not hold what it should
     */
    public static Dataset load(PixelScaling scaling, Path... files) throws IOException {
        return FILES.load(scaling, files);
    }

    /**
     * Opens files and leaves the images in them. Reads each file once, to check it.
     *
     * <pre>{@code
     * try (FileDataset train = Cifar10.open(PixelScaling.UNIT, file1, file2)) {
     *     cnn.train(train, validation, options);
     * }
     * }</pre>
     *
     * @param scaling to [0, 1] or to [-0.5, 0.5]
     * @param files at least one, not packed
     * @return all images, file by file; close it after use
     * @throws IOException if a file cannot be read, does not hold what it should, or is packed
     */
    public static FileDataset open(PixelScaling scaling, Path... files) throws IOException {
        return FILES.open(scaling, files);
    }
}
