package dev.purecnn.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** The images of several files, back to back. */
final class StoredShards implements StoredImages {
    private final List<StoredImages> shards;
    private final int[] ends; // of each file, the number of the first image after it

    StoredShards(List<StoredImages> shards, int[] ends) {
        this.shards = shards;
        this.ends = ends;
    }

    @Override
    public void read(int index, ByteBuffer pixels) throws IOException {
        int place = Arrays.binarySearch(ends, index);
        int shard = place < 0 ? -place - 1 : place + 1; // no file is empty, so the ends differ
        int first = shard == 0 ? 0 : ends[shard - 1];
        shards.get(shard).read(index - first, pixels);
    }

    @Override
    public void close() throws IOException {
        closeAll(shards);
    }

    /** Closes all of them, even if some fail. */
    static void closeAll(Iterable<? extends Closeable> files) throws IOException {
        IOException first = null;
        for (Closeable file : files) {
            try {
                file.close();
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
