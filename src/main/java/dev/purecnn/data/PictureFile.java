package dev.purecnn.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * The bytes of one picture. Decoders check every size and length here first: no
 * number in a file decides on memory or work alone.
 */
final class PictureFile {
    /** The cap on a picture's pixels, unless it is raised. */
    static final long MOST_PIXELS = 100_000_000;

    private static final int MOST_BYTES_PER_PIXEL = 16; // twice what four channels of 16 bits take unpacked
    private static final int MOST_EXTRA = 1 << 24; // what cameras and editors add

    final byte[] bytes;
    final long maxPixels;
    private final Path file; // null: a stream
    private final Preprocessing purpose; // null: any size

    private PictureFile(Path file, byte[] bytes, long maxPixels, Preprocessing purpose) {
        this.file = file;
        this.bytes = bytes;
        this.maxPixels = maxPixels;
        this.purpose = purpose;
    }

    static long checkedMaxPixels(long maxPixels) {
        if (maxPixels < 1 || maxPixels > Integer.MAX_VALUE - 8) { // no array is longer
            throw new IllegalArgumentException("Pictures: expected maxPixels from 1 to " + (Integer.MAX_VALUE - 8)
                    + ", got " + maxPixels + ". Give the pixels of the largest picture.");
        }
        return maxPixels;
    }

    /**
     * Reads a file.
     *
     * @param purpose what it is read for: sizes that this refuses are refused before the picture is decoded; or null
     */
    static PictureFile read(Path file, long maxPixels, Preprocessing purpose) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return read(in, file, maxPixels, purpose);
        }
    }

    /** Reads a stream to its end. */
    static PictureFile read(InputStream in, Path file, long maxPixels, Preprocessing purpose) throws IOException {
        boolean exact = purpose != null && purpose.resize() == Resize.EXACT;
        long pixels = exact ? (long) purpose.shape().height() * purpose.shape().width() : maxPixels;
        int limit =
                (int) Math.min(Integer.MAX_VALUE - 8, MOST_EXTRA + MOST_BYTES_PER_PIXEL * pixels); // no array is longer
        PictureFile picture = new PictureFile(file, in.readNBytes(limit), maxPixels, purpose);
        if (in.read() >= 0) {
            String expected = "at most " + limit + " bytes, for a picture of " + pixels + " pixels";
            throw picture.refusal(limit, expected, "more", "Scale it down.");
        }
        return picture;
    }

    /** Decodes the picture, upright. */
    Picture decode() throws IOException {
        if (startsWith(0, PngPicture.SIGNATURE)) {
            return new PngPicture(this).decode();
        }
        if (startsWith(0, 0xff, 0xd8, 0xff)) {
            return new JpegPicture(this).decode();
        }
        if (startsWith(0, "GIF87a") || startsWith(0, "GIF89a")) {
            return new GifPicture(this).decode();
        }
        if (startsWith(0, "BM") && bytes.length > 18 && intAt(14) < 1 << 10) { // a text may start with BM too
            return new BmpPicture(this).decode();
        }
        throw refusal(
                0,
                "a PNG, JPEG, GIF or BMP picture",
                PictureFormat.name(this),
                "Convert it to PNG or JPEG, or move it elsewhere.");
    }

    /** What {@link #decode} gives, as the pixels that a dataset keeps. */
    byte[] decodeFor(Preprocessing preprocessing) throws IOException {
        Picture picture = decode();
        try {
            return preprocessing.pixels(picture);
        } catch (IllegalArgumentException e) {
            throw unsuitable(e);
        }
    }

    /** To see later whether the bytes are still the same. */
    int checksum() {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return (int) sum.getValue();
    }

    boolean startsWith(int position, String ascii) {
        return startsWith(position, ascii.chars().toArray());
    }

    boolean startsWith(int position, int... signature) {
        for (int i = 0; i < signature.length; i++) {
            if (position + i >= bytes.length || (bytes[position + i] & 0xff) != signature[i]) {
                return false;
            }
        }
        return true;
    }

    /** A byte, which must be there. */
    int byteAt(int position) throws ImageFormatException {
        need(position, 1);
        return bytes[position] & 0xff;
    }

    /** Two bytes, the lower first. */
    int shortAt(int position) throws ImageFormatException {
        need(position, 2);
        return bytes[position] & 0xff | (bytes[position + 1] & 0xff) << 8;
    }

    /** Four bytes, the lowest first. */
    int intAt(int position) throws ImageFormatException {
        need(position, 4);
        return shortAt(position) | shortAt(position + 2) << 16;
    }

    /** Two bytes, the upper first. */
    int bigShortAt(int position) throws ImageFormatException {
        need(position, 2);
        return (bytes[position] & 0xff) << 8 | bytes[position + 1] & 0xff;
    }

    /** Four bytes, the highest first. */
    int bigIntAt(int position) throws ImageFormatException {
        need(position, 4);
        return bigShortAt(position) << 16 | bigShortAt(position + 2);
    }

    void need(long position, long length) throws ImageFormatException {
        if (position < 0 || length < 0 || position + length > bytes.length) {
            throw refusal(
                    Math.max(0, Math.min(position, bytes.length)),
                    length + " more bytes",
                    "the end of the file",
                    "Fetch the file again.");
        }
    }

    /** Refuses what is too large, or not of the size wanted, before it is decoded. */
    void checkSize(long width, long height, Orientation orientation) throws ImageFormatException {
        if (width < 1 || height < 1) {
            throw refusal(0, "a width and a height of at least 1", width + " and " + height, "Save it again.");
        }
        if (purpose != null && Math.max(width, height) <= Integer.MAX_VALUE) {
            try {
                boolean turned = orientation.swapsSides();
                purpose.checkSize((int) (turned ? width : height), (int) (turned ? height : width));
            } catch (IllegalArgumentException e) {
                throw unsuitable(e);
            }
        }
        if (Math.max(width, height) > Integer.MAX_VALUE || width * height > maxPixels) {
            String expected = "at most " + maxPixels + " pixels";
            throw refusal(0, expected, height + " x " + width, "Scale it down, or raise maxPixels.");
        }
    }

    /** Refuses a picture that claims more than its data can hold, before memory is taken for it. */
    void checkData(long claimed, long dataBytes, long mostPerByte) throws ImageFormatException {
        if (claimed > dataBytes * mostPerByte) {
            String expected = "enough image data for the size of the picture";
            throw refusal(0, expected, "only " + dataBytes + " bytes", "Fetch the file again.");
        }
    }

    private ImageFormatException unsuitable(IllegalArgumentException e) {
        String where = "Preprocessing: ";
        String text = e.getMessage();
        return new ImageFormatException(file, 0, text.startsWith(where) ? text.substring(where.length()) : text);
    }

    ImageFormatException damaged(long at, String fault) {
        return refusal(at, "a whole picture", "damage (" + fault + ")", "Save it again.");
    }

    ImageFormatException refusal(long at, String expected, String got, String remedy) {
        return new ImageFormatException(file, at, "expected " + expected + ", got " + got + ". " + remedy);
    }

    /** A copy of some bytes. */
    byte[] copy(int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }
}
