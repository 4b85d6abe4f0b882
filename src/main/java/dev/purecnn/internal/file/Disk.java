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
        /** Writes all that the buffer has. */
        void write(ByteBuffer bytes) throws IOException;

        /** Waits until all that was written is on the disk. */
        void force() throws IOException;
    }

    /** Makes a folder, and those that it is in, and waits until they are on the disk; nothing if it is there. */
    void createFolder(Path folder) throws IOException;

    /** Makes a file that was not there, and lets others know that it is being written. */
    Output create(Path file) throws IOException;

    /** Renames a file, in place of another that may be there, at once. */
    void move(Path from, Path to) throws IOException;

    /** Waits until the folder's list of names is on the disk. */
    void forceFolder(Path folder) throws IOException;

    /** Deletes a file, if it is there. */
    void delete(Path file) throws IOException;

    /** The file system that is there. */
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
