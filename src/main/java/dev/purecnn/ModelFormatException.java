package dev.purecnn;

import dev.purecnn.internal.text.Quoted;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A model file is damaged or malformed. The message says where in the file, what was expected and found there, and how to fix it:
 *
 * <pre>{@code
 * digits.safetensors, byte 1016: expected 2864 bytes of numbers, got 1000 bytes.
 *     The file is damaged or not whole: fetch it again, or save the model again.
 * }</pre>
 *
 * <p>Thrown by {@link CNN#load}:
 *
 * <pre>{@code
 * try {
 *     return CNN.load(file);
 * } catch (ModelFormatException e) {
 *     hexViewer.open(e.file(), e.position());
 * }
 * }</pre>
 */
public final class ModelFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path file;
    private final long position;

    /**
     * Reports a fault in a file.
     *
     * @param file as passed to the reader; null for a stream or an array
     * @param position the byte at fault, 0 for the first
     * @param problem what was expected, what was found, and how to fix it
     * @param cause may be null
     */
    public ModelFormatException(Path file, long position, String problem, Throwable cause) {
        super(Quoted.message((file == null ? "model" : file) + ", byte " + position + ": " + problem), cause);
        this.file = file;
        this.position = position;
    }

    /** {@return the file, as passed to the reader; null for a stream or an array, and after serialization} */
    public Path file() {
        return file;
    }

    /** {@return the byte at fault, 0 for the first} */
    public long position() {
        return position;
    }
}
