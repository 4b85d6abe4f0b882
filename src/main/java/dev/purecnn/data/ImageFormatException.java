package dev.purecnn.data;

import dev.purecnn.internal.text.Quoted;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file of images or labels does not hold what it should. The message says where reading stopped, what was expected and found
 * there, and how to fix it:
 *
 * <pre>{@code
 * train-labels-idx1-ubyte, byte 8: expected a label from 0 to 9, got 12.
 *     Correct it, or give the number of classes.
 * }</pre>
 *
 * <p>Thrown by {@link Idx}, {@link Cifar10}, {@link Pictures} and {@link ImageFolder}:
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

    /** For several pictures of a folder that cannot be read; file and position are those of the first. */
    ImageFormatException(String problem, ImageFormatException first) {
        super(Quoted.message(problem));
        file = first.file;
        position = first.position;
        initCause(first);
    }

    /** {@return the file, as passed to the reader, or the first of several; null for a stream, and after serialization} */
    public Path file() {
        return file;
    }

    /**
     * {@return the byte where reading stopped, from 0; in a gzip file counted in the unpacked bytes; 0 for a picture as a whole}
     */
    public long position() {
        return position;
    }
}
