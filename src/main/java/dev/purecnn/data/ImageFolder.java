package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Reads labelled images from a folder that has a folder of pictures for each class.
 *
 * <pre>{@code
 * // photos/train/cat/001.png, photos/train/cat/002.jpg, photos/train/dog/001.png
 * Preprocessing preprocessing = Preprocessing.builder(Shape.of(3, 64, 64))
 *         .resize(Resize.CENTER_CROP)
 *         .background(0xFFFFFF)
 *         .build();
 * Dataset train = ImageFolder.load(Path.of("photos/train"), preprocessing);
 * Dataset test = ImageFolder.load(Path.of("photos/test"), preprocessing, train.classNames());
 * }</pre>
 *
 * <p><b>The folder:</b> the classes are numbered from 0 in the order of their names, and the pictures of a class come in the
 * order of theirs: by the bytes of the names in UTF-8, the same on every system. A class may be empty. Names that start with a
 * dot are skipped, and so is what systems leave behind: {@code Thumbs.db}, {@code ehthumbs.db}, {@code desktop.ini},
 * {@code $RECYCLE.BIN}, {@code System Volume Information}, {@code __MACOSX}, {@code Icon}, {@code @eaDir}, {@code #recycle} and
 * {@code lost+found}, in upper and lower case. Links are refused, as are folders among pictures and files among folders. An empty
 * file is an unreadable picture.
 *
 * <p><b>The pictures</b> are PNG, JPEG, BMP or GIF, as for {@link Pictures}, and brought upright. {@link Preprocessing} says what
 * happens to their size, colours and transparency.
 *
 * <p><b>Class names and preprocessing</b> come with the dataset; a network built from it keeps both.
 *
 * <p><b>Reading</b> uses all cores; the images and their order do not depend on how many there are. On a terminal, a progress
 * line is shown. <b>Memory:</b> a byte per value; while reading, on each core, a file and up to twelve bytes per pixel of one
 * picture. {@link #open} keeps no images, but decodes each picture whenever it is read.
 *
 * <p><b>Errors:</b> one {@link ImageFormatException} counts all pictures that cannot be read, and names the first ten with the
 * reason; a folder that holds anything else, or no picture, is refused with a {@link FileSystemException}, a shape or class names
 * that make no sense with an {@link IllegalArgumentException}. A {@link #reader} can skip unreadable pictures.
 *
 * <p>JPEG needs java.desktop: a module that reads JPEG says {@code requires java.desktop;}.
 */
public final class ImageFolder {
    private ImageFolder() {}

    /**
     * {@return a reader with more settings: to skip unreadable pictures, and to allow larger ones}
     *
     * @param preprocessing of every picture
     */
    public static ImageFolderReader reader(Preprocessing preprocessing) {
        return new ImageFolderReader(preprocessing);
    }

    /**
     * Reads all pictures, which have this size, into memory, scaled to [0, 1].
     *
     * @param folder has a folder for each class
     * @param shape of every picture: one channel for grey or three for red, green and blue; height and width
     * @return the images, class by class; safe for concurrent reads
     * @throws IOException if the folder or a picture cannot be read
     */
    public static Dataset load(Path folder, Shape shape) throws IOException {
        return load(folder, shape, PixelScaling.UNIT);
    }

    /**
     * Reads all pictures, which have this size, into memory.
     *
     * @param folder has a folder for each class
     * @param shape of every picture: one channel for grey or three for red, green and blue; height and width
     * @param scaling to [0, 1] or to [-0.5, 0.5], or standardized
     * @return the images, class by class; safe for concurrent reads
     * @throws IOException if the folder or a picture cannot be read
     */
    public static Dataset load(Path folder, Shape shape, PixelScaling scaling) throws IOException {
        Objects.requireNonNull(folder, "folder");
        return load(folder, Preprocessing.builder(shape).scaling(scaling).build());
    }

    /**
     * Reads all pictures into memory.
     *
     * @param folder has a folder for each class
     * @param preprocessing of every picture
     * @return the images, class by class; safe for concurrent reads
     * @throws IOException if the folder or a picture cannot be read
     */
    public static Dataset load(Path folder, Preprocessing preprocessing) throws IOException {
        return reader(preprocessing).load(folder);
    }

    /**
     * Reads all pictures into memory, in given classes.
     *
     * @param folder has folders of these classes only; a missing folder is an empty class
     * @param preprocessing of every picture
     * @param classNames in the order of the labels, such as those of the training dataset; all different
     * @return the images, class by class; safe for concurrent reads
     * @throws IOException if the folder or a picture cannot be read
     */
    public static Dataset load(Path folder, Preprocessing preprocessing, List<String> classNames) throws IOException {
        return reader(preprocessing).classNames(classNames).load(folder);
    }

    /**
     * Leaves the pictures in their files, for folders that are larger than memory. Each picture is decoded once to check it, and
     * then whenever it is read.
     *
     * @param folder has a folder for each class
     * @param preprocessing of every picture
     * @return the same images as {@link #load(Path, Preprocessing)}; close it after use
     * @throws IOException if the folder or a picture cannot be read
     */
    public static FileDataset open(Path folder, Preprocessing preprocessing) throws IOException {
        return reader(preprocessing).open(folder);
    }

    /**
     * Leaves the pictures in their files, in given classes.
     *
     * @param folder has folders of these classes only; a missing folder is an empty class
     * @param preprocessing of every picture
     * @param classNames in the order of the labels, such as those of the training dataset; all different
     * @return the same images as {@link #load(Path, Preprocessing, List)}; close it after use
     * @throws IOException if the folder or a picture cannot be read
     */
    public static FileDataset open(Path folder, Preprocessing preprocessing, List<String> classNames)
            throws IOException {
        return reader(preprocessing).classNames(classNames).open(folder);
    }

    /**
     * Reads the pictures of one folder without classes, to predict them.
     *
     * @param folder of pictures, without folders in it
     * @param preprocessing of every picture
     * @return the images in the order of the file names, {@linkplain Dataset#isLabelled without labels}
     * @throws IOException if the folder or a picture cannot be read
     */
    public static Dataset loadUnlabelled(Path folder, Preprocessing preprocessing) throws IOException {
        return reader(preprocessing).loadUnlabelled(folder);
    }

    /**
     * {@return the names of the classes, in the order of the labels}
     *
     * @param folder has a folder for each class
     * @throws IOException if it cannot be read, or holds anything else
     */
    public static List<String> classNames(Path folder) throws IOException {
        return ImageFolderReader.names(PictureFolder.classes(folder));
    }
}
