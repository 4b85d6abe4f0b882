package dev.purecnn.view;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import javax.imageio.ImageIO;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Writes pictures. Nobody ever finds half a file: it is written under another name, and renamed when it is whole. */
final class PngFile {
    private PngFile() {}

    /** Writes the image, in place of a file that may be there. */
    static void write(BufferedImage image, Path file, String where) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || Files.isDirectory(file)) {
            throw new FileSystemException(
                    file.toString(),
                    null,
                    where + ": expected a file's name, got a directory. Add a name ending in .png.");
        }
        if (!Files.isDirectory(directory)) {
            throw new NoSuchFileException(
                    file.toString(),
                    null,
                    where + ": expected an existing directory, got " + directory + ". Create it first.");
        }
        // a name of our own: what createTempFile makes is closed to other users, also after the renaming
        Path unfinished =
                directory.resolve(file.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".unfinished");
        try {
            Files.write(unfinished, encode(image), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            move(unfinished, file);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static byte[] encode(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // handing the bytes over directly would make ImageIO keep a second temporary file
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, "png", stream)) {
                throw new AssertionError("every Java platform with java.desktop writes PNG");
            }
        }
        return bytes.toByteArray();
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
