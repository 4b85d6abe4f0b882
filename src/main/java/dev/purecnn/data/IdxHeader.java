package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;

/** The start of an IDX file: the type of its values, how many items there are, and how large each is. */
record IdxHeader(IdxType type, int count, Shape shape) {
    private static final int MAGIC_LENGTH = 4;
    private static final int LABEL_DIMENSIONS = 1;
    private static final int TABLE_DIMENSIONS = 2; // QMNIST: the class, then seven numbers about the writing
    private static final int QMNIST_COLUMNS = 8;
    private static final int GREY_DIMENSIONS = 3; // images, rows, columns
    private static final int COLOUR_DIMENSIONS = 4; // images, channels, rows, columns

    /** Reads the header of a file of images, and checks it against the file's size. */
    static IdxHeader ofImages(BinaryFile in) throws IOException {
        byte[] magic = magic(in);
        IdxType type = type(in, magic);
        int dimensions = magic[3] & 0xff;
        if (dimensions != GREY_DIMENSIONS && dimensions != COLOUR_DIMENSIONS) {
            String remedy = dimensions == LABEL_DIMENSIONS
                    ? "This file holds labels: give images first, labels second."
                    : "Store the images as rows and columns.";
            throw in.refusal(MAGIC_LENGTH - 1, "images, of 3 or 4 dimensions", dimensions + " dimensions", remedy);
        }
        long[] sizes = sizes(in, dimensions);
        long channels = dimensions == COLOUR_DIMENSIONS ? sizes[1] : 1;
        long plane = sizes[dimensions - 2] * sizes[dimensions - 1]; // of numbers below 2^31, as all here
        long most = Integer.MAX_VALUE / type.bytes;
        if (plane > most || plane * channels > most) {
            throw in.refusal(
                    MAGIC_LENGTH + Integer.BYTES,
                    "images of at most " + most + " pixels",
                    channels + " x " + sizes[dimensions - 2] + " x " + sizes[dimensions - 1],
                    "Fetch the file again, or store smaller images.");
        }
        Shape shape = Shape.of((int) channels, (int) sizes[dimensions - 2], (int) sizes[dimensions - 1]);
        in.checkRemaining(sizes[0] * shape.size() * type.bytes, sizes[0] + " images of " + shape, MAGIC_LENGTH);
        return new IdxHeader(type, (int) sizes[0], shape);
    }

    /** Reads the header of a file of labels, and checks it against the file's size. Its shape is that of one label. */
    static IdxHeader ofLabels(BinaryFile in) throws IOException {
        byte[] magic = magic(in);
        IdxType type = type(in, magic);
        int dimensions = magic[3] & 0xff;
        if (dimensions != LABEL_DIMENSIONS && dimensions != TABLE_DIMENSIONS) {
            throw in.refusal(
                    MAGIC_LENGTH - 1,
                    "labels, of 1 dimension",
                    dimensions + " dimensions",
                    "Give images first, labels second.");
        }
        long[] sizes = sizes(in, dimensions);
        long columns = dimensions == TABLE_DIMENSIONS ? sizes[1] : 1;
        if (dimensions == TABLE_DIMENSIONS && (columns != QMNIST_COLUMNS || type != IdxType.INT)) {
            throw in.refusal(
                    MAGIC_LENGTH - 1,
                    "labels, of 1 dimension, or a table of " + QMNIST_COLUMNS + " columns of type int, as QMNIST has",
                    columns + " columns of type "
                            + type.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    "Store one label per image.");
        }
        in.checkRemaining(sizes[0] * columns * type.bytes, sizes[0] + " labels", MAGIC_LENGTH);
        return new IdxHeader(type, (int) sizes[0], Shape.vector((int) columns));
    }

    private static byte[] magic(BinaryFile in) throws IOException {
        byte[] magic = in.read(MAGIC_LENGTH, "the header");
        if (magic[0] != 0 || magic[1] != 0) {
            String got = String.format("0x%02x%02x", magic[0], magic[1]);
            throw in.refusal(0, "two zero bytes", got, "Check that this is an IDX file, plain or gzip.");
        }
        return magic;
    }

    private static IdxType type(BinaryFile in, byte[] magic) throws IOException {
        IdxType type = IdxType.of(magic[2]);
        if (type == null) {
            String got = String.format("0x%02x", magic[2]);
            String expected = "values of type 0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e";
            throw in.refusal(2, expected, got, "Store them as unsigned bytes, type 0x08.");
        }
        return type;
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
