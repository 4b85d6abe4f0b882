package dev.purecnn.internal.file;

import java.io.IOException;

/** A file is not what it should be. What the user sees of it is made of this, where the file's name is known. */
public final class FileFault extends IOException {
    private static final long serialVersionUID = 1L;

    private final long position;

    /**
     * A fault in whole sentences.
     *
     * @param position the byte of the file
     * @param problem what was expected, what came, and how to fix it
     */
    public FileFault(long position, String problem) {
        super(problem);
        this.position = position;
    }

    /**
     * A fault.
     *
     * @param position the byte of the file
     * @param expected what should be there
     * @param got what is there
     * @param remedy how to fix it, a sentence
     */
    public FileFault(long position, String expected, String got, String remedy) {
        this(position, "expected " + expected + ", got " + got + ". " + remedy);
    }

    /**
     * The byte of the file where the fault is.
     *
     * @return 0 for the first
     */
    public long position() {
        return position;
    }
}
