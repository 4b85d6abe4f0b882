package dev.purecnn.data;

import dev.purecnn.internal.text.ClassNames;
import dev.purecnn.internal.text.Quoted;
import dev.purecnn.internal.text.StatusLine;
import dev.purecnn.internal.text.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Reads folders of pictures with more settings than {@link ImageFolder#load(Path, Preprocessing)}: it can skip unreadable
 * pictures, use given class names, and allow larger pictures. {@link ImageFolder#reader} creates it; errors are as described
 * there.
 *
 * <pre>{@code
 * Dataset photos = ImageFolder.reader(preprocessing)
 *         .classNames(List.of("cat", "dog"))
 *         .onUnreadable(refusal -> System.err.println("skipped: " + refusal.getMessage()))
 *         .load(Path.of("photos"));
 * }</pre>
 *
 * <p>For one thread; it can read any number of folders.
 */
public final class ImageFolderReader {
    private static final int MOST_NAMED = 10;

    private final Preprocessing preprocessing;
    private List<String> classNames = List.of(); // empty: those of the folders
    private Consumer<? super ImageFormatException> onUnreadable; // null: nothing is skipped
    private long maxPixels = PictureFile.MOST_PIXELS;

    ImageFolderReader(Preprocessing preprocessing) {
        this.preprocessing = Objects.requireNonNull(preprocessing, "preprocessing");
    }

    /**
     * Sets the classes, such as those of the training dataset, so that labels mean the same.
     *
     * @param names in the order of the labels, at least one, all different; a folder of another name is refused, a missing folder
     *     is an empty class
     * @return this reader
     */
    public ImageFolderReader classNames(List<String> names) {
        List<String> copy = ClassNames.checked("ImageFolder", names, names.size());
        if (copy.isEmpty()) {
            throw new IllegalArgumentException(
                    "ImageFolder: expected at least 1 class name, got none. Leave them out to take those of the folders.");
        }
        classNames = copy;
        return this;
    }

    /**
     * Skips pictures that cannot be read, instead of refusing the folder.
     *
     * @param report gets the reason for each, in the order of the pictures, on the thread that reads the folder
     * @return this reader
     */
    public ImageFolderReader onUnreadable(Consumer<? super ImageFormatException> report) {
        onUnreadable = Objects.requireNonNull(report, "report");
        return this;
    }

    /**
     * Allows larger pictures.
     *
     * @param pixels the most that a picture may have, from 1 to 2147483639; 100 million by default
     * @return this reader
     */
    public ImageFolderReader maxPixels(long pixels) {
        maxPixels = PictureFile.checkedMaxPixels(pixels);
        return this;
    }

    /**
     * Reads all pictures into memory, a byte per value.
     *
     * @param folder has a folder for each class
     * @return the images, class by class, with class names and preprocessing; safe for concurrent reads
     * @throws IOException if the folder or a picture cannot be read
     */
    public Dataset load(Path folder) throws IOException {
        Listing listing = listing(folder);
        Decoded decoded = new Decoded(folder, listing.files, true);
        return new PixelDataset(decoded.images(), decoded.labels(listing.labels), preprocessing, listing.names);
    }

    /**
     * Leaves the pictures in their files, to be decoded whenever they are read. Each is decoded once to check it.
     *
     * @param folder has a folder for each class
     * @return the same images as {@link #load}; close it after use
     * @throws IOException if the folder or a picture cannot be read
     */
    public FileDataset open(Path folder) throws IOException {
        Listing listing = listing(folder);
        Decoded decoded = new Decoded(folder, listing.files, false);
        StoredPictures pictures = new StoredPictures(decoded.files(), decoded.checksums(), preprocessing, maxPixels);
        return new FileDataset(
                pictures, decoded.kept.length, decoded.labels(listing.labels), preprocessing, listing.names);
    }

    /**
     * Reads the pictures of one folder without classes, to predict them.
     *
     * @param folder of pictures
     * @return the images in the order of the file names, {@linkplain Dataset#isLabelled without labels}
     * @throws IOException if the folder or a picture cannot be read
     */
    public Dataset loadUnlabelled(Path folder) throws IOException {
        Decoded decoded = new Decoded(folder, PictureFolder.pictures(folder), true);
        return new PixelDataset(decoded.images(), LabelledImages.NO_LABELS, preprocessing, List.of());
    }

    private record Listing(List<Path> files, int[] labels, List<String> names) {}

    private Listing listing(Path folder) throws IOException {
        List<Path> folders = PictureFolder.classes(folder);
        List<String> found = names(folders);
        List<String> names = classNames.isEmpty() ? found : classNames;
        for (String name : found) {
            if (!names.contains(name)) {
                throw PictureFolder.refusal(
                        folder,
                        "folders of the classes " + ClassNames.shown(names) + ", got " + ClassNames.shown(found)
                                + ": no class is called " + Quoted.of(name)
                                + ". Rename the folder, or move it elsewhere.");
            }
        }
        List<Path> files = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int label = 0; label < names.size(); label++) {
            int place = found.indexOf(names.get(label));
            for (Path picture : place < 0 ? List.<Path>of() : PictureFolder.pictures(folders.get(place))) {
                files.add(picture);
                labels.add(label);
            }
        }
        return new Listing(files, labels.stream().mapToInt(Integer::intValue).toArray(), names);
    }

    static List<String> names(List<Path> folders) {
        return folders.stream().map(path -> path.getFileName().toString()).toList();
    }

    /** All pictures of a folder, decoded on all cores, each into its own place. */
    private final class Decoded {
        private final List<Path> files;
        private final byte[][] images; // null if they are not kept
        private final int[] checksums;
        private final ImageFormatException[] refusals;
        final int[] kept; // which could be read

        Decoded(Path folder, List<Path> files, boolean keep) throws IOException {
            this.files = files;
            images = keep ? new byte[files.size()][] : null;
            checksums = new int[files.size()];
            refusals = new ImageFormatException[files.size()];
            AtomicInteger done = new AtomicInteger();
            try (StatusLine progress = new StatusLine(System.out, Terminal::isThere, System::nanoTime)) {
                IntStream.range(0, files.size()).parallel().forEach(i -> {
                    decode(i);
                    int count = done.incrementAndGet();
                    progress.show(() -> "Reading pictures: " + count + " of " + files.size());
                });
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            kept = IntStream.range(0, refusals.length)
                    .filter(i -> refusals[i] == null)
                    .toArray();
            report(folder);
        }

        private void decode(int i) {
            try {
                PictureFile picture = PictureFile.read(files.get(i), maxPixels, preprocessing);
                byte[] pixels = picture.decodeFor(preprocessing);
                checksums[i] = picture.checksum();
                if (images != null) {
                    images[i] = pixels;
                }
            } catch (ImageFormatException e) {
                refusals[i] = e;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void report(Path folder) throws IOException {
            List<ImageFormatException> unreadable = new ArrayList<>();
            for (ImageFormatException refusal : refusals) {
                if (refusal != null) {
                    unreadable.add(refusal);
                }
            }
            if (onUnreadable != null) {
                unreadable.forEach(onUnreadable);
            } else if (unreadable.size() == 1) {
                throw unreadable.get(0);
            } else if (unreadable.size() > 1) {
                throw new ImageFormatException(message(folder, unreadable), unreadable.get(0));
            }
            if (kept.length == 0) {
                throw PictureFolder.refusal(folder, "at least one picture, got none. Check that this is the folder.");
            }
        }

        private String message(Path folder, List<ImageFormatException> unreadable) {
            StringBuilder text = new StringBuilder(folder + ": expected pictures, got " + unreadable.size() + " of "
                    + files.size() + " files that cannot be read. Move them elsewhere, or skip them with"
                    + " ImageFolder.reader(...).onUnreadable(...):");
            for (ImageFormatException refusal : unreadable.subList(0, Math.min(MOST_NAMED, unreadable.size()))) {
                String reason = refusal.getMessage();
                text.append(" [")
                        .append(reason, 0, Math.min(300, reason.length()))
                        .append(']');
            }
            return text.append(unreadable.size() > MOST_NAMED ? " ..." : "").toString();
        }

        byte[][] images() {
            return IntStream.of(kept).mapToObj(i -> images[i]).toArray(byte[][]::new);
        }

        List<Path> files() {
            return IntStream.of(kept).mapToObj(files::get).toList();
        }

        int[] checksums() {
            return IntStream.of(kept).map(i -> checksums[i]).toArray();
        }

        int[] labels(int[] all) {
            return IntStream.of(kept).map(i -> all[i]).toArray();
        }
    }
}
