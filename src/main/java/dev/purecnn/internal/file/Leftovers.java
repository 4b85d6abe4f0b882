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
 * Unfinished files whose writer was killed. Who writes one has it locked, and the operating system lets go of the locks of a
 * process that is gone, so those of others that are still at work are told from leftovers.
 */
final class Leftovers {
    /** Names of those that this JVM writes: opening one and closing it again would end the lock. */
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

    /** Locks a file that is about to be written, if the file system can do that. */
    static void lock(FileChannel channel) {
        try {
            channel.tryLock();
        } catch (IOException | UnsupportedOperationException e) {
            // then it cannot be locked by others either, who will let it be
        }
    }

    /** Deletes those of a file, so that there is room for it. What cannot be deleted stays, and does no harm. */
    static void delete(Path file, Path folder, Disk disk) {
        Pattern name = Pattern.compile(Pattern.quote(file.getFileName().toString()) + "\\.[0-9a-f]+\\.unfinished");
        try (DirectoryStream<Path> all = Files.newDirectoryStream(
                folder, path -> name.matcher(path.getFileName().toString()).matches())) {
            for (Path path : all) {
                if (!OWN.contains(path.getFileName().toString()) && isAbandoned(path)) {
                    disk.delete(path);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // the file can be written all the same, or else that will say why not
        }
    }

    private static boolean isAbandoned(Path path) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (IOException | UnsupportedOperationException | OverlappingFileLockException e) {
            return false;
        }
    }
}
