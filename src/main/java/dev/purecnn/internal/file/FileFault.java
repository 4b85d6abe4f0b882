package dev.purecnn.internal.file;

import dev.purecnn.internal.text.Quoted;
import java.io.IOException;

/** A file is not what it should be. Callers that know its name turn this into the exception that users see. */
public final class FileFault extends IOException {
    private static final long serialVersionUID = 1L;

    private final long position;

    /** A fault in whole sentences; the cause may be null. */
    public FileFault(long position, String problem, Throwable cause) {
        super(Quoted.message(problem), cause);
        this.position = position;
    }

    /** A fault in whole sentences. */
    public FileFault(long position, String problem) {
        this(position, problem, null);
    }

    /** A fault; the remedy is a sentence. */
    public FileFault(long position, String expected, String got, String remedy) {
        this(position, "expected " + expected + ", got " + got + ". " + remedy);
    }

    /** The byte of the file where the fault is, from 0. */
    public long position() {
        return position;
    }
}
