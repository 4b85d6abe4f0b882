package dev.purecnn;

import dev.purecnn.internal.text.Quoted;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A model file does not hold what it should. The message says where in the file, what was expected there, what came, and how
 * to fix it:
 *
 * <pre>{@code
 * digits.safetensors, byte 1016: expected 2864 bytes of numbers, got 1000 bytes.
 *     The file is damaged or not whole: fetch it again, or save the model again.
 * }</pre>
 *
 * <p>Thrown by {@link CNN#load}; use it to find the place again:
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
     * A fault in a file.
     *
     * @param file the file, as it was given to the reader; null for a stream or an array
     * @param position the byte that does not fit, 0 for the first
     * @param problem what was expected, what came, and how to fix it
     * @param cause what found it; may be null
     */
    public ModelFormatException(Path file, long position, String problem, Throwable cause) {
        super(Quoted.message((file == null ? "model" : file) + ", byte " + position + ": " + problem), cause);
        this.file = file;
        this.position = position;
    }

    /**
     * The file, as it was given to the reader.
     *
     * @return the path; null for a stream or an array, or if this exception was serialized in between
     */
    public Path file() {
        return file;
    }

    /**
     * The byte that does not fit.
     *
     * @return 0 for the first byte
     */
    public long position() {
        return position;
    }
}
