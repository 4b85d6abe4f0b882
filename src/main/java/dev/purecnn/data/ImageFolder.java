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
 * <p><b>The folder:</b> the classes are numbered from 0 in the order of their names, and in each class the pictures come
 * in the order of theirs: by the bytes of the names in UTF-8, and so the same everywhere. A class may be empty. Names that
 * start with a dot are passed over, and so is what systems leave behind: {@code Thumbs.db}, {@code ehthumbs.db},
 * {@code desktop.ini}, {@code $RECYCLE.BIN}, {@code System Volume Information}, {@code __MACOSX}, {@code Icon},
 * {@code @eaDir}, {@code #recycle} and {@code lost+found}, in upper and lower case. Links are not followed, but refused, like
 * folders among pictures and files among folders. An empty file is an unreadable picture.
 *
 * <p><b>The pictures</b> are what {@link Pictures} reads: PNG, JPEG, BMP, GIF, brought upright. What becomes of their size,
 * colours and transparency says {@link Preprocessing}.
 *
 * <p><b>Class names and preprocessing</b> come with the dataset; a network built from it keeps both.
 *
 * <p><b>Reading</b> uses all cores; the images and their order do not depend on how many there are. On a terminal, a line of
 * standard output shows how far it is. <b>Memory:</b> a byte per value; while reading, on each core, a file and up to twelve
 * bytes per pixel of one picture. {@link #open} keeps no images, but decodes each picture whenever it is read.
 *
 * <p><b>Errors:</b> all pictures that cannot be read are named in one {@link ImageFormatException} (how many, the first ten,
 * and why); a folder that holds something else is refused with a {@link FileSystemException}. {@link #reader} can skip what is
 * unreadable.
 *
 * <p>JPEG needs java.desktop: a module that reads such pictures says {@code requires java.desktop;}.
 */
public final class ImageFolder {
    private ImageFolder() {}

    /**
     * Starts with more settings: to skip what is unreadable, and to allow larger pictures.
     *
     * @param preprocessing of every picture
     * @return a reader
     * @throws NullPointerException if it is null
     */
    public static ImageFolderReader reader(Preprocessing preprocessing) {
        return new ImageFolderReader(preprocessing);
    }

    /**
     * Reads all pictures, which have exactly that size, scaled to [0, 1].
     *
     * @param folder has a folder for each class
     * @param shape of every picture: one channel for grey or three for red, green and blue; height and width
     * @return the images, class by class; safe for concurrent reads
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the shape has neither one channel nor three
     * @throws ImageFormatException if pictures are not what they should be
     * @throws FileSystemException if the folder holds something else than folders of pictures, or no picture at all
     * @throws IOException if something cannot be read
     */
    public static Dataset load(Path folder, Shape shape) throws IOException {
        return load(folder, shape, PixelScaling.UNIT);
    }

    /**
     * Reads all pictures, which have exactly that size.
     *
     * @param folder has a folder for each class
     * @param shape of every picture: one channel for grey or three for red, green and blue; height and width
     * @param scaling to [0, 1] or to [-0.5, 0.5], or standardized
     * @return the images, class by class; safe for concurrent reads
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if the shape has neither one channel nor three, or not those of the scaling
     * @throws ImageFormatException if pictures are not what they should be
     * @throws FileSystemException if the folder holds something else than folders of pictures, or no picture at all
     * @throws IOException if something cannot be read
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
     * @throws NullPointerException if an argument is null
     * @throws ImageFormatException if pictures cannot be read
     * @throws FileSystemException if the folder holds something else than folders of pictures, or no picture at all
     * @throws IOException if something cannot be read
     */
    public static Dataset load(Path folder, Preprocessing preprocessing) throws IOException {
        return reader(preprocessing).load(folder);
    }

    /**
     * Reads all pictures into memory, in given classes.
     *
     * @param folder has folders of such classes; a missing folder is an empty class
     * @param preprocessing of every picture
     * @param classNames in the order of the labels, such as those of the dataset that was trained on
     * @return the images, class by class; safe for concurrent reads
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if there are no names, one is blank, or two are the same
     * @throws ImageFormatException if pictures cannot be read
     * @throws FileSystemException if the folder holds something else than folders of pictures, a folder of none of the
     *     classes, or no picture at all
     * @throws IOException if something cannot be read
     */
    public static Dataset load(Path folder, Preprocessing preprocessing, List<String> classNames) throws IOException {
        return reader(preprocessing).classNames(classNames).load(folder);
    }

    /**
     * Leaves the pictures in their files, for folders that do not fit in memory. Each is decoded once here, to see that it
     * can be, and then whenever it is read.
     *
     * @param folder has a folder for each class
     * @param preprocessing of every picture
     * @return the same images as {@link #load(Path, Preprocessing)} gives; to be closed
     * @throws NullPointerException if an argument is null
     * @throws ImageFormatException if pictures cannot be read
     * @throws FileSystemException if the folder holds something else than folders of pictures, or no picture at all
     * @throws IOException if something cannot be read
     */
    public static FileDataset open(Path folder, Preprocessing preprocessing) throws IOException {
        return reader(preprocessing).open(folder);
    }

    /**
     * Leaves the pictures in their files, in given classes.
     *
     * @param folder has folders of such classes; a missing folder is an empty class
     * @param preprocessing of every picture
     * @param classNames in the order of the labels, such as those of the dataset that was trained on
     * @return the same images as {@link #load(Path, Preprocessing, List)} gives; to be closed
     * @throws NullPointerException if an argument is null
     * @throws IllegalArgumentException if there are no names, one is blank, or two are the same
     * @throws ImageFormatException if pictures cannot be read
     * @throws FileSystemException if the folder holds something else than folders of pictures, a folder of none of the
     *     classes, or no picture at all
     * @throws IOException if something cannot be read
     */
    public static FileDataset open(Path folder, Preprocessing preprocessing, List<String> classNames)
            throws IOException {
        return reader(preprocessing).classNames(classNames).open(folder);
    }

    /**
     * Reads the pictures of one folder that have no classes, to predict them.
     *
     * @param folder of pictures, without folders in it
     * @param preprocessing of every picture
     * @return the images in the order of the files' names, {@linkplain Dataset#isLabelled without labels}
     * @throws NullPointerException if an argument is null
     * @throws ImageFormatException if pictures cannot be read
     * @throws FileSystemException if the folder holds something else than pictures, or none
     * @throws IOException if something cannot be read
     */
    public static Dataset loadUnlabelled(Path folder, Preprocessing preprocessing) throws IOException {
        return reader(preprocessing).loadUnlabelled(folder);
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
        return ImageFolderReader.names(PictureFolder.classes(folder));
    }
}
