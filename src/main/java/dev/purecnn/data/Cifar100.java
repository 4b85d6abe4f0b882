package dev.purecnn.data;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads the binary version of CIFAR-100: colour images of 32 x 32 pixels in 100 fine classes (apple, beaver, ...), or 20 coarse
 * ones (aquatic mammals, fish, ...).
 *
 * <pre>{@code
 * Path folder = Path.of("cifar-100-binary");
 * Dataset train = Cifar100.load(folder.resolve("train.bin"));
 * Dataset coarse = Cifar100.load(Cifar100.Labels.COARSE, PixelScaling.UNIT, folder.resolve("test.bin"));
 * }</pre>
 *
 * <p><b>A file</b> is plain or gzip, as its first bytes say; its name does not matter. (The published archive, a tar file, must
 * be unpacked first.) It holds one image after another, each of 3074 bytes: its coarse label from 0 to 19, its fine label from 0
 * to 99, then 1024 red, 1024 green and 1024 blue pixels, row by row. If {@code fine_label_names.txt} or
 * {@code coarse_label_names.txt} is beside the first file, the names of the classes are taken from it.
 *
 * <p><b>Memory:</b> one byte per pixel: 155 MB for the 50,000 training images.
 *
 * <p><b>Errors:</b> a file that holds anything else, a byte less or more included, is refused with an
 * {@link ImageFormatException} that says where and why; one that cannot be read with another {@link IOException}.
 *
 * @see <a href="https://www.cs.toronto.edu/~kriz/cifar.html">Krizhevsky 2009, Learning Multiple Layers of Features from
 *     Tiny Images</a>
 */
public final class Cifar100 {
    private static final String KIND = "a CIFAR-100 file";
    private static final int[] CLASSES = {20, 100};

    private Cifar100() {}

    /** Which of an image's two labels to use. */
    public enum Labels {

        /** One of 20 groups of classes. */
        COARSE("coarse_label_names.txt"),

        /** One of 100 classes. */
        FINE("fine_label_names.txt");

        private final CifarFiles files;

        Labels(String namesFile) {
            files = new CifarFiles("Cifar100", KIND, CLASSES, ordinal(), namesFile);
        }
    }

    /**
     * As {@link #load(Labels, PixelScaling, Path...)}, with fine labels, scaled to [0, 1].
     *
     * @param files at least one, plain or gzip
     * @return all images, file by file; safe for concurrent reads
     * @throws IOException if a file cannot be read, or does not hold what it should
     */
    public static Dataset load(Path... files) throws IOException {
        return load(Labels.FINE, PixelScaling.UNIT, files);
    }

    /**
     * Reads images into memory.
     *
     * @param labels which labels to use
     * @param scaling of the pixels
     * @param files at least one, plain or gzip
     * @return all images, file by file; safe for concurrent reads
     * @throws IOException if a file cannot be read, or does not hold what it should
     */
    public static Dataset load(Labels labels, PixelScaling scaling, Path... files) throws IOException {
        return labels.files.load(scaling, files);
    }

    /**
     * Opens files and leaves the images in them. Reads each file once, to check it.
     *
     * @param labels which labels to use
     * @param scaling of the pixels
     * @param files at least one, not packed
     * @return all images, file by file; close it after use
     * @throws IOException if a file cannot be read, does not hold what it should, or is packed
     */
    public static FileDataset open(Labels labels, PixelScaling scaling, Path... files) throws IOException {
        return labels.files.open(scaling, files);
    }
}
