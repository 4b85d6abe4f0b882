package dev.purecnn.internal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Unfinished files whose writer was killed. A writer holds a lock on its file until it has renamed it, and the operating system
 * releases the locks of a process that is gone. So a file that can be locked is a leftover, or was created this very moment:
 * hence a writer checks, once it has the lock, that its file is still there.
 */
public final class Leftovers {
    /** Names of those that this JVM writes: opening one and closing it again would release the lock. */
    private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

    private Leftovers() {}

    /** A name in the same folder for the unfinished file, to be handed to {@link #finished} afterwards. */
    static Path unfinished(Path file, Path folder) {
        // a name of our own: what createTempFile makes is closed to other users, also after the renaming
        String name = file.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".unfinished";
        OWN.add(name);
        return folder.resolve(name);
    }

    static void finished(Path unfinished) {
        OWN.remove(unfinished.getFileName().toString());
    }

    /** Creates a file and locks it, if the file system has locks; without them leftovers are never deleted. */
    static FileChannel create(Path file) throws IOException {
        while (true) {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            lock(channel);
            if (Files.exists(file)) {
                return channel;
            }
            channel.close(); // deleted before it was locked
        }
    }

    private static void lock(FileChannel channel) {
        try {
            while (channel.tryLock() == null) {
                Thread.onSpinWait(); // another process is about to delete it
            }
        } catch (IOException | UnsupportedOperationException e) {
            // no locks here, then
        }
    }

    static void delete(Path file, Path folder, Disk disk) {
        delete(folder, Pattern.quote(file.getFileName().toString()), disk);
    }

    /**
     * Deletes the leftovers of some files, to make room. What cannot be deleted stays, and does no harm.
     *
     * @param folder where they are
     * @param names what the whole names of the finished files match
     * @param disk the file system
     */
    public static void delete(Path folder, String names, Disk disk) {
        Pattern unfinished = Pattern.compile("(" + names + ")\\.[0-9a-f]+\\.unfinished");
        try (DirectoryStream<Path> all = Files.newDirectoryStream(
                folder,
                path -> unfinished.matcher(path.getFileName().toString()).matches())) {
            for (Path path : all) {
                if (!OWN.contains(path.getFileName().toString())) {
                    deleteIfAbandoned(path, disk);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // the file can be written all the same, or else that will say why not
        }
    }

    private static void deleteIfAbandoned(Path path, Disk disk) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                disk.delete(path); // while it is locked, for its writer may just have created it
            }
        } catch (IOException | UnsupportedOperationException | OverlappingFileLockException e) {
            // gone already, or in use
        }
    }
}
