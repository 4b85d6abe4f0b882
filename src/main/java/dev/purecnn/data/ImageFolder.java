package dev.purecnn.data;

import dev.purecnn.layer.Shape;
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
import java.util.Objects;

/**
 * Reads labelled images from a folder that has a folder of PNG or JPEG pictures for each class.
 *
 * <pre>{@code
 * // pets/cat/001.png, pets/cat/002.jpg, pets/dog/001.png
 * Dataset pets = ImageFolder.load(Path.of("pets"), Shape.of(3, 64, 64));
 * List<String> names = ImageFolder.classNames(Path.of("pets")); // cat, dog
 * }</pre>
 *
 * <p><b>The folder:</b> the classes are numbered from 0 in the order of their names, and in each class the pictures come
 * in the order of theirs: by the bytes of the names in UTF-8, and so the same everywhere. A class may be empty, so that
 * folders to train on and to test on can have the same classes. Names that start with a dot are passed over. Links are
 * not followed, but refused, like anything else that is no picture.
 *
 * <p><b>The pictures</b> are of exactly the height and width asked for, which is checked before anything is decoded;
 * their first bytes tell whether they are PNG or JPEG, not their names. They are opaque. For one channel, colours become
 * {@code (299 * red + 587 * green + 114 * blue + 500) / 1000}, rounded down (ITU-R BT.601); for three, grey becomes three
 * equal values. Of 16 bits the upper eight count. Colour profiles are ignored, and so is what follows a picture in its
 * file.
 *
 * <p><b>Memory:</b> a pixel takes one byte a channel.
 *
 * <p><b>Errors:</b> a picture that is not whole and sound is refused with an {@link ImageFormatException}, which says
 * where and why; a folder that holds something else with a {@link FileSystemException}. Nothing is skipped or guessed.
 *
 * <p>Needs java.desktop: a module that uses this class says {@code requires java.desktop;}.
 */
public final class ImageFolder {
    private static final int GREY = 1;
    private static final int COLOUR = 3;

    private ImageFolder() {}

    /**
     * Reads all pictures, scaled to [0, 1].
     *
     * @param folder has a folder for each class
     * @param shape of every picture: one channel for grey or three for red, green and blue; height and width
     * @return the images, class by class; safe for concurrent reads
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the shape has neither one channel nor three
     * @throws ImageFormatException if a picture is not what it should be
     * @throws FileSystemException if the folder holds something else than folders of pictures, or no picture at all
     * @throws IOException if something cannot be read
     */
    public static Dataset load(Path folder, Shape shape) throws IOException {
        return load(folder, shape, PixelScaling.UNIT);
    }

    /**
     * Reads all pictures.
     *
     * @param folder has a folder for each class
     * @param shape of every picture: one channel for grey or three for red, green and blue; height and width
     * @param scaling to [0, 1] or to [-0.5, 0.5]
     * @return the images, class by class; safe for concurrent reads
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the shape has neither one channel nor three
     * @throws ImageFormatException if a picture is not what it should be
     * @throws FileSystemException if the folder holds something else than folders of pictures, or no picture at all
     * @throws IOException if something cannot be read
     */
    public static Dataset load(Path folder, Shape shape, PixelScaling scaling) throws IOException {
        Objects.requireNonNull(shape, "shape");
        Objects.requireNonNull(scaling, "scaling");
        if (shape.channels() != GREY && shape.channels() != COLOUR) {
            throw new IllegalArgumentException("ImageFolder.load: expected 1 channel or 3, got " + shape.channels()
                    + ". Read pictures as grey, or as red, green and blue.");
        }
        List<Path> classes = classes(folder);
        List<byte[]> images = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int label = 0; label < classes.size(); label++) {
            for (Path picture : sorted(classes.get(label), false)) {
                images.add(PictureFile.read(picture, shape));
                labels.add(label);
            }
        }
        if (images.isEmpty()) {
            throw new FileSystemException(
                    folder.toString(), null, "expected at least one picture, got none. Check that this is the folder.");
        }
        int[] numbers = labels.stream().mapToInt(Integer::intValue).toArray();
        return new PixelDataset(images.toArray(new byte[0][]), numbers, shape, classes.size(), scaling);
    }

    /**
     * The names of the classes.
     *
     * @param folder has a folder for each class
     * @return the names of those folders in the order of the labels
     * @throws NullPointerException if the folder is null
     * @throws FileSystemException if it is none, or holds something else than folders, or nothing
     * @throws IOException if it cannot be read
     */
    public static List<String> classNames(Path folder) throws IOException {
        return classes(folder).stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }

    private static List<Path> classes(Path folder) throws IOException {
        Objects.requireNonNull(folder, "folder");
        if (!Files.isDirectory(folder)) {
            String got = Files.exists(folder) ? "a file. Name the folder." : "nothing. Check the path.";
            throw new FileSystemException(folder.toString(), null, "expected a folder of folders, got " + got);
        }
        List<Path> classes = sorted(folder, true);
        if (classes.isEmpty()) {
            throw new FileSystemException(
                    folder.toString(), null, "expected a folder for each class, got none. Make one for each.");
        }
        return classes;
    }

    /** What is in a folder: all folders, or all files. */
    private static List<Path> sorted(Path folder, boolean folders) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (!entry.getFileName().toString().startsWith(".")) {
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
        throw new FileSystemException(
                entry.toString(),
                null,
                "expected " + (folder ? "the folder of a class" : "a picture") + ", got " + got
                        + ". Copy what belongs here, and move the rest elsewhere.");
    }
}
