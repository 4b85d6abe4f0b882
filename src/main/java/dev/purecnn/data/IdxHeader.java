package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What stands at the start of an IDX file: how many items there are, and how large each is. */
record IdxHeader(int count, Shape shape) {
    private static final int UNSIGNED_BYTE = 0x08;
    private static final int MAGIC_LENGTH = 4;
    private static final int LABEL_DIMENSIONS = 1;
    private static final int GREY_DIMENSIONS = 3; // images, rows, columns
    private static final int COLOUR_DIMENSIONS = 4; // images, channels, rows, columns

    /** Reads the header of a file of images, and checks it against the file's size. */
    static IdxHeader ofImages(BinaryFile in) throws IOException {
        int dimensions = dimensions(in);
        if (dimensions != GREY_DIMENSIONS && dimensions != COLOUR_DIMENSIONS) {
            String remedy = dimensions == LABEL_DIMENSIONS
                    ? "This file holds labels: give images first, labels second."
                    : "Store the images as rows and columns.";
            throw in.refusal(MAGIC_LENGTH - 1, "images, of 3 or 4 dimensions", dimensions + " dimensions", remedy);
        }
        long[] sizes = sizes(in, dimensions);
        long channels = dimensions == COLOUR_DIMENSIONS ? sizes[1] : 1;
        long plane = sizes[dimensions - 2] * sizes[dimensions - 1]; // of numbers below 2^31, as all here
        if (plane > Integer.MAX_VALUE || plane * channels > Integer.MAX_VALUE) {
            throw in.refusal(
                    MAGIC_LENGTH + Integer.BYTES,
                    "images of at most " + Integer.MAX_VALUE + " pixels",
                    channels + " x " + sizes[dimensions - 2] + " x " + sizes[dimensions - 1],
                    "Fetch the file again, or store smaller images.");
        }
        Shape shape = Shape.of((int) channels, (int) sizes[dimensions - 2], (int) sizes[dimensions - 1]);
        in.checkRemaining(sizes[0] * shape.size(), sizes[0] + " images of " + shape, MAGIC_LENGTH);
        return new IdxHeader((int) sizes[0], shape);
    }

    /** Reads the header of a file of labels, and checks it against the file's size. */
    static IdxHeader ofLabels(BinaryFile in) throws IOException {
        int dimensions = dimensions(in);
        if (dimensions != LABEL_DIMENSIONS) {
            throw in.refusal(
                    MAGIC_LENGTH - 1,
                    "labels, of 1 dimension",
                    dimensions + " dimensions",
                    "Give images first, labels second.");
        }
        int count = (int) sizes(in, dimensions)[0];
        in.checkRemaining(count, count + " labels", MAGIC_LENGTH);
        return new IdxHeader(count, Shape.vector(1));
    }

    private static int dimensions(BinaryFile in) throws IOException {
        byte[] magic = in.read(MAGIC_LENGTH, "the header");
        if (magic[0] != 0 || magic[1] != 0) {
            String got = String.format("0x%02x%02x", magic[0], magic[1]);
            throw in.refusal(0, "two zero bytes", got, "Check that this is an IDX file, plain or gzip.");
        }
        if (magic[2] != UNSIGNED_BYTE) {
            String got = String.format("0x%02x", magic[2]);
            throw in.refusal(2, "values of type 0x08, unsigned bytes", got, "Store them as unsigned bytes.");
        }
        return magic[3] & 0xff;
    }

    private static long[] sizes(BinaryFile in, int dimensions) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(in.read(dimensions * Integer.BYTES, "the header")); // the high byte first
        long[] sizes = new long[dimensions];
        for (int i = 0; i < dimensions; i++) {
            sizes[i] = Integer.toUnsignedLong(header.getInt());
            if (sizes[i] < 1 || sizes[i] > Integer.MAX_VALUE) {
                throw in.refusal(
                        MAGIC_LENGTH + (long) i * Integer.BYTES,
                        "a size from 1 to " + Integer.MAX_VALUE,
                        String.valueOf(sizes[i]),
                        "Fetch the file again.");
            }
        }
        return sizes;
    }
}
