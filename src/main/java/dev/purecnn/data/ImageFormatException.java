package dev.purecnn.data;

import dev.purecnn.internal.text.Quoted;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file of images or labels does not hold what it should. The message says where reading stopped, what was expected
 * there, what came, and how to mend it:
 *
 * <pre>{@code
 * train-labels-idx1-ubyte, byte 8: expected a label from 0 to 9, got 12.
 *     Correct it, or give the number of classes.
 * }</pre>
 *
 * <p>Thrown by {@link Idx}, {@link Cifar10}, {@link Pictures} and {@link ImageFolder}; use it to find the place again:
 *
 * <pre>{@code
 * try {
 *     return Idx.load(images, labels);
 * } catch (ImageFormatException e) {
 *     hexViewer.open(e.file(), e.position());
 * }
 * }</pre>
 */
public final class ImageFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final long position;

    ImageFormatException(Path file, long position, String problem) {
        super(Quoted.message((file == null ? "picture" : file) + ", byte " + position + ": " + problem));
        this.file = file;
        this.position = position;
    }

    /** Several pictures of a folder cannot be read; the first of them stands for all. */
    ImageFormatException(String problem, ImageFormatException first) {
        super(Quoted.message(problem));
        file = first.file;
        position = first.position;
        initCause(first);
    }

    /**
     * The file, as it was given to the reader; of several in a folder, the first.
     *
     * @return the path; null for a stream, or if this exception was serialized in between
     */
    public Path file() {
        return file;
    }

    /**
     * The byte where reading stopped; in a gzip file counted in what it unpacks to.
     *
     * @return 0 for the first byte, or for a picture as a whole
     */
    public long position() {
        return position;
    }
}
