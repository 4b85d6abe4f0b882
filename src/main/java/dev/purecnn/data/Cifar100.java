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
 * <p><b>A file</b> is plain or gzip; its first bytes tell, not its name. (The published archive, a tar file, must be
 * unpacked first.) It holds one image after another, each of 3074 bytes: its coarse label from 0 to 19, its fine label from 0
 * to 99, then 1024 red, 1024 green and 1024 blue pixels, row by row. If {@code fine_label_names.txt} or
 * {@code coarse_label_names.txt} is beside the first file, the names of the classes are taken from it.
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
public final class Cifar100 {
    private static final String KIND = "a CIFAR-100 file";
    private static final int[] CLASSES = {20, 100};

    private Cifar100() {}

    /** Which of an image's two labels counts. */
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
     * Reads images with their fine labels, scaled to [0, 1].
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
        return load(Labels.FINE, PixelScaling.UNIT, files);
    }

    /**
     * Reads images.
     *
     * @param labels which labels to take
     * @param scaling what becomes of a pixel
     * @param files at least one, plain or gzip
     * @return all images, file by file; safe for concurrent reads
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if there is no file
     * @throws ImageFormatException if a file does not hold what it should
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if it is a directory, or cannot be read
     */
    public static Dataset load(Labels labels, PixelScaling scaling, Path... files) throws IOException {
        return labels.files.load(scaling, files);
    }

    /**
     * Opens files of which the images stay where they are. Reads each once, to check it.
     *
     * @param labels which labels to take
     * @param scaling what becomes of a pixel
     * @param files at least one, not packed
     * @return all images, file by file; the caller closes it
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if there is no file
     * @throws ImageFormatException if a file does not hold what it should, or is packed
     * @throws java.nio.file.NoSuchFileException if there is no such file
     * @throws IOException if it is a directory, or cannot be read
     */
    public static FileDataset open(Labels labels, PixelScaling scaling, Path... files) throws IOException {
        return labels.files.open(scaling, files);
    }
}
