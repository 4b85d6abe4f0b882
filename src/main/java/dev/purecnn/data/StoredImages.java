package dev.purecnn.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Images that stay in their file, read one at a time by any number of threads. */
interface StoredImages extends Closeable {

    /**
     * Reads an image.
     *
     * @param index from 0, and below the number of images, which the caller knows
     * @param pixels a buffer of an array as long as an image has pixels, which is filled with a byte for each
     */
    void read(int index, ByteBuffer pixels) throws IOException;
}
