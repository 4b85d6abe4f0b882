package dev.purecnn.internal.file;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What is checked of a file's path before it is read. */
public final class InputFile {
    private InputFile() {}

    /**
     * Refuses what does not exist, and directories.
     *
     * @param kind what is expected, such as {@code a model file}
     */
    public static void requireExists(Path file, String kind) throws IOException {
        if (Files.notExists(file)) {
            String start = Path.of("").toAbsolutePath().toString();
            throw new NoSuchFileException(
                    file.toString(),
                    null,
                    "expected " + kind + ", got nothing. Check the path; it starts at " + start + ".");
        }
        if (Files.isDirectory(file)) {
            throw new FileSystemException(
                    file.toString(), null, "expected " + kind + ", got a directory. Name a file in it.");
        }
    }

    /** Opens a regular file: a pipe or a device would let its reader wait, or never end. */
    public static SeekableByteChannel open(Path file, String kind) throws IOException {
        requireExists(file, kind);
        if (!Files.isRegularFile(file)) {
            throw new FileSystemException(file.toString(), null, "expected " + kind + ", got no file. Copy it to one.");
        }
        return Files.newByteChannel(file);
    }
}
