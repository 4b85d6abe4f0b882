package dev.purecnn.internal.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Writes a file so that no one ever sees a part of it, not even after a power cut: under another name in the same folder, forced
 * to the disk, then renamed, and the folder forced too. The next writer of the file deletes what a killed one left behind.
 */
public final class AtomicFile {
    private final Path file;
    private final Path folder;
    private final Path unfinished;
    private final Disk disk;
    private boolean inPlace;

    private AtomicFile(Path file, Path folder, Disk disk) {
        this.file = file;
        this.folder = folder;
        this.unfinished = Leftovers.unfinished(file, folder);
        this.disk = disk;
    }

    /** Writes what the file is to hold. */
    public interface Content {
        void writeTo(Disk.Output output) throws IOException;
    }

    /**
     * Writes the file, in place of one that may be there.
     *
     * @throws IOException if it cannot be written; the old file is then as it was, unless the message says otherwise
     */
    public static void write(Path file, Disk disk, Content content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        checkPlace(file, folder);
        Leftovers.delete(file, folder, disk);
        new AtomicFile(file, folder, disk).write(content);
    }

    private static void checkPlace(Path file, Path folder) throws IOException {
        if (folder == null || Files.isDirectory(file)) {
            throw new FileSystemException(
                    file.toString(), null, "expected a file's name, got a directory. Add a name to it.");
        }
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(
                    file.toString(), null, "expected an existing directory, got " + folder + ". Create it first.");
        }
    }

    private void write(Content content) throws IOException {
        try {
            Uninterrupted.run(() -> writeForced(content));
            Uninterrupted.run(() -> disk.forceFolder(folder));
        } catch (IOException e) {
            deleteAfter(e);
            String state = inPlace
                    ? "the new file is in its place, but a power cut may bring back the old one"
                    : "the old file, if any, is as it was";
            throw new IOException(
                    file + ": expected to write the file, got " + e + "; " + state
                            + ". Check the disk, and save again.",
                    e);
        } catch (RuntimeException | Error e) {
            deleteAfter(e);
            throw e;
        } finally {
            Leftovers.finished(unfinished);
        }
    }

    private void writeForced(Content content) throws IOException {
        disk.delete(unfinished); // what an interrupted attempt may have left
        try (Disk.Output output = disk.create(unfinished)) {
            content.writeTo(output);
            output.force();
            disk.move(unfinished, file); // while it is locked, or another writer takes it for a leftover
            inPlace = true;
        }
    }

    private void deleteAfter(Throwable cause) {
        try {
            disk.delete(unfinished);
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
    }
}
