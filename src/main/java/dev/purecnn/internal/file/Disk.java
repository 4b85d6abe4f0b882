package dev.purecnn.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/** What writing a file takes of a file system; tests have ones that fail. */
public interface Disk {

    /** A file being written. */
    interface Output extends Closeable {
        /**
         * Writes all that the buffer has.
         *
         * @param bytes what to write
         * @throws IOException if that fails
         */
        void write(ByteBuffer bytes) throws IOException;

        /**
         * Waits until all that was written is on the disk.
         *
         * @throws IOException if that fails
         */
        void force() throws IOException;
    }

    /**
     * Makes a folder, and those that it is in, and waits until they are on the disk; nothing if it is there.
     *
     * @param folder its name
     * @throws IOException if that fails
     */
    void createFolder(Path folder) throws IOException;

    /**
     * Makes a file that was not there, and lets others know that it is being written.
     *
     * @param file its name
     * @return what to write it with
     * @throws IOException if that fails
     */
    Output create(Path file) throws IOException;

    /**
     * Renames a file, in place of another that may be there, at once.
     *
     * @param from the name it has
     * @param to the name it gets
     * @throws IOException if that fails
     */
    void move(Path from, Path to) throws IOException;

    /**
     * Waits until the folder's list of names is on the disk.
     *
     * @param folder the folder
     * @throws IOException if that fails
     */
    void forceFolder(Path folder) throws IOException;

    /**
     * Deletes a file, if it is there.
     *
     * @param file its name
     * @throws IOException if that fails
     */
    void delete(Path file) throws IOException;

    /**
     * The file system that is there.
     *
     * @return the one that networks are saved to
     */
    static Disk real() {
        return new Disk() {
            @Override
            public void createFolder(Path folder) throws IOException {
                for (Path missing : missing(folder.toAbsolutePath())) {
                    Files.createDirectories(missing); // which minds no other who does the same
                    Uninterrupted.run(() -> forceFolder(missing.getParent()));
                }
            }

            @Override
            public Output create(Path file) throws IOException {
                return output(Leftovers.create(file));
            }

            @Override
            public void move(Path from, Path to) throws IOException {
                Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            }

            @Override
            public void forceFolder(Path folder) throws IOException {
                if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    return; // Windows opens no folder, and writes its names through
                }
                try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            }

            @Override
            public void delete(Path file) throws IOException {
                Files.deleteIfExists(file);
            }
        };
    }

    /** A folder, and those that it is in, as far as they are not there; the outermost first. */
    private static Deque<Path> missing(Path folder) {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path path = folder; path != null && !Files.isDirectory(path); path = path.getParent()) {
            missing.push(path);
        }
        return missing;
    }

    private static Output output(FileChannel channel) {
        return new Output() {
            @Override
            public void write(ByteBuffer bytes) throws IOException {
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }

            @Override
            public void force() throws IOException {
                channel.force(true);
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }
}
