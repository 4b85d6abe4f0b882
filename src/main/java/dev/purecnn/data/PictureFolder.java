package dev.purecnn.data;

import dev.purecnn.internal.text.Quoted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/** What is in a folder of pictures, in the order of the names, without the files that systems leave there. */
final class PictureFolder {
    /** In lower case: of Windows, macOS, Synology and QNAP, Linux. */
    private static final Set<String> RUBBISH = Set.of(
            "thumbs.db",
            "ehthumbs.db",
            "ehthumbs_vista.db",
            "desktop.ini",
            "$recycle.bin",
            "system volume information",
            "__macosx",
            "icon\r",
            "@eadir",
            "#recycle",
            "lost+found");

    private PictureFolder() {}

    /** The folders of the classes. */
    static List<Path> classes(Path folder) throws IOException {
        check(folder, "a folder of folders");
        List<Path> classes = sorted(folder, true);
        if (classes.isEmpty()) {
            throw refusal(folder, "a folder for each class, got none. Make one for each.");
        }
        return classes;
    }

    /** The files of pictures. */
    static List<Path> pictures(Path folder) throws IOException {
        check(folder, "a folder of pictures");
        return sorted(folder, false);
    }

    static FileSystemException refusal(Path path, String expectedAndGot) {
        return new FileSystemException(Quoted.message(path), null, "expected " + expectedAndGot);
    }

    private static void check(Path folder, String expected) throws IOException {
        Objects.requireNonNull(folder, "folder");
        if (!Files.isDirectory(folder)) {
            String got = Files.exists(folder) ? "a file. Name the folder." : "nothing. Check the path.";
            throw refusal(folder, expected + ", got " + got);
        }
    }

    /** What is in a folder: all folders, or all files. */
    private static List<Path> sorted(Path folder, boolean folders) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.startsWith(".") && !RUBBISH.contains(name.toLowerCase(Locale.ROOT))) {
                    check(entry, folders);
                    paths.add(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        paths.sort((a, b) -> Arrays.compareUnsigned(nameBytes(a), nameBytes(b)));
        return paths;
    }

    private static byte[] nameBytes(Path path) {
        return path.getFileName().toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void check(Path entry, boolean folder) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (folder ? attributes.isDirectory() : attributes.isRegularFile()) {
            return;
        }
        String got = attributes.isSymbolicLink()
                ? "a link"
                : attributes.isDirectory() ? "a folder" : attributes.isRegularFile() ? "a file" : "something else";
        throw refusal(
                entry,
                (folder ? "the folder of a class" : "a picture") + ", got " + got
                        + ". Copy what belongs here, and move the rest elsewhere.");
    }
}
