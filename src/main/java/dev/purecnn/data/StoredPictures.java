package dev.purecnn.data;

import dev.purecnn.internal.text.Quoted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/** Pictures that stay in their files, and are decoded each time that they are read. */
final class StoredPictures implements StoredImages {
    private final List<Path> files;
    private final int[] checksums; // of the files as they were when the folder was opened
    private final Preprocessing preprocessing;
    private final long maxPixels;
    private volatile boolean closed;

    StoredPictures(List<Path> files, int[] checksums, Preprocessing preprocessing, long maxPixels) {
        this.files = files;
        this.checksums = checksums;
        this.preprocessing = preprocessing;
        this.maxPixels = maxPixels;
    }

    @Override
    public void read(int index, ByteBuffer pixels) throws IOException {
        Path file = files.get(index);
        if (closed) {
            throw new IllegalStateException("FileDataset: expected an open folder, got one that close() has closed: "
                    + Quoted.message(file) + ". Read first, close last.");
        }
        PictureFile picture = PictureFile.read(file, maxPixels, preprocessing);
        if (picture.checksum() != checksums[index]) {
            throw picture.refusal(
                    0,
                    "the picture that was there when the folder was opened",
                    "another one",
                    "Open the folder again.");
        }
        pixels.clear().put(picture.decodeFor(preprocessing));
    }

    @Override
    public void close() {
        closed = true;
    }
}
