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
 * <p><b>A file</b> is plain or gzip; its first bytes tell, not its name. (The published archive, a tar file, must be
 * unpacked first.) It holds one image after another, each of 3073 bytes: its label from 0 to 9, then 1024 red, 1024
 * green and 1024 blue pixels, row by row. If {@code batches.meta.txt} is beside the first file, the names of the
 * classes are taken from it.
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
    private static final CifarFiles FILES =
            new CifarFiles("Cifar10", "a CIFAR-10 file", new int[] {10}, 0, "batches.meta.txt");

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
        return FILES.load(scaling, files);
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
        return FILES.open(scaling, files);
    }
}
