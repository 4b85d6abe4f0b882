package dev.purecnn.data;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** The file at a path, and its state: key, if the file system has keys, size, and modification time. */
record FileIdentity(Object key, long size, FileTime modified) {

    static FileIdentity of(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new FileIdentity(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
    }

    /** Refuses another file, and the same one if it was modified. */
    void check(Path file) throws IOException {
        FileIdentity now = of(file);
        if (!now.equals(this)) {
            String got = now.size != size
                    ? "one of " + now.size + " bytes instead of " + size
                    : now.modified.equals(modified) ? "another of the same size" : "one changed at " + now.modified;
            throw new FileSystemException(
                    file.toString(),
                    null,
                    "expected the file as it was when it was opened, got " + got
                            + ". Leave files alone while they are open.");
        }
    }
}
