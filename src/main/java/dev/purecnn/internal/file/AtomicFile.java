package dev.purecnn.internal.file;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Writes a file so that nobody ever finds half of it, not even after a power cut: under another name in the same folder,
 * forced to the disk, then renamed, and the renaming forced too. What a writer that was killed left under such another name goes
 * with the next writing of its file.
 */
final class AtomicFile {
    private AtomicFile() {}

    /** Writes what the file is to hold. */
    interface Content {
        void writeTo(Disk.Output output) throws IOException;
    }

    /**
     * Writes the file, in place of one that may be there.
     *
     * @throws IOException if it cannot be written; the old file is then as it was, unless the message says otherwise
     */
    static void write(Path file, Disk disk, Content content) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        checkPlace(file, folder);
        Leftovers.delete(file, folder, disk);
        Path unfinished = Leftovers.unfinished(file, folder);
        try {
            Uninterrupted.run(() -> writeForced(unfinished, disk, content));
            disk.move(unfinished, file);
        } catch (IOException e) {
            deleteAfter(e, unfinished, disk);
            throw failure(file, "the old file, if any, is as it was", e);
        } catch (RuntimeException | Error e) {
            deleteAfter(e, unfinished, disk);
            throw e;
        } finally {
            Leftovers.finished(unfinished);
        }
        try {
            Uninterrupted.run(() -> disk.forceFolder(folder));
        } catch (IOException e) {
            throw failure(file, "the new file is in its place, but a power cut may bring back the old one", e);
        }
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

    private static void writeForced(Path file, Disk disk, Content content) throws IOException {
        disk.delete(file); // what an interrupted attempt may have left
        try (Disk.Output output = disk.create(file)) {
            content.writeTo(output);
            output.force();
        }
    }

    private static void deleteAfter(Throwable cause, Path unfinished, Disk disk) {
        try {
            disk.delete(unfinished);
        } catch (IOException | RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private static IOException failure(Path file, String state, IOException cause) {
        return new IOException(
                file + ": expected to write the file, got " + cause + "; " + state
                        + ". Check the disk, and save again.",
                cause);
    }
}
