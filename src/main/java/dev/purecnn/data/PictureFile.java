package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * The bytes of one picture, checked before a decoder sees them, for decoders believe sizes and pass over damage. Of a PNG
 * file only what is needed goes on to the decoder, and no text that unpacks to gigabytes.
 */
final class PictureFile {
    private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] JPEG_SIGNATURE = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};
    private static final Set<String> NEEDED_CHUNKS = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");
    private static final int CHUNK_FRAME = 3 * Integer.BYTES; // length, type, checksum
    private static final int MOST_BYTES_A_PIXEL = 16; // twice what four channels of 16 bits take unpacked
    private static final int MOST_EXTRA = 1 << 24; // what cameras and editors add

    private final Path file;
    private final byte[] bytes;

    private PictureFile(Path file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** The pixels of a picture of that shape, channel by channel. */
    static byte[] read(Path file, Shape shape) throws IOException {
        long most = MOST_EXTRA + (long) MOST_BYTES_A_PIXEL * shape.height() * shape.width();
        int limit = (int) Math.min(Integer.MAX_VALUE - 8, most); // no array is longer
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            PictureFile picture = new PictureFile(file, in.readNBytes(limit));
            if (in.read() >= 0) {
                String expected = "at most " + limit + " bytes, for a picture of " + sizeOf(shape);
                throw picture.refusal(limit, expected, "more", "Scale it down.");
            }
            return picture.decode(shape);
        }
    }

    static String sizeOf(Shape shape) {
        return shape.height() + " x " + shape.width();
    }

    private byte[] decode(Shape shape) throws IOException {
        if (startsWith(PNG_SIGNATURE)) {
            return new PictureDecoder(this, "png").decode(neededChunks(), shape);
        }
        if (startsWith(JPEG_SIGNATURE)) {
            return new PictureDecoder(this, "jpeg").decode(bytes, shape);
        }
        String got = bytes.length == 0 ? "an empty file" : String.format("byte 0x%02x", bytes[0]);
        throw refusal(0, "a PNG or JPEG picture", got, "Convert it, or move it elsewhere.");
    }

    private boolean startsWith(byte[] signature) {
        return bytes.length >= signature.length
                && Arrays.equals(bytes, 0, signature.length, signature, 0, signature.length);
    }

    /** Checks every chunk's length and checksum up to the last, and leaves out what decoding does not need. */
    private byte[] neededChunks() throws ImageFormatException {
        ByteArrayOutputStream needed = new ByteArrayOutputStream(bytes.length);
        needed.writeBytes(PNG_SIGNATURE);
        int start = PNG_SIGNATURE.length;
        String type = "";
        while (!type.equals("IEND")) {
            int room = bytes.length - start - CHUNK_FRAME;
            if (room < 0) {
                throw refusal(start, "a chunk", "the end of the file", "Fetch the file again.");
            }
            ByteBuffer chunk = ByteBuffer.wrap(bytes, start, bytes.length - start);
            long length = Integer.toUnsignedLong(chunk.getInt());
            if (length > room) {
                String expected = "a chunk of at most " + room + " bytes";
                throw refusal(start, expected, String.valueOf(length), "Fetch the file again.");
            }
            type = new String(bytes, start + Integer.BYTES, Integer.BYTES, StandardCharsets.ISO_8859_1);
            checkSum(start, (int) length);
            if (NEEDED_CHUNKS.contains(type)) {
                needed.write(bytes, start, (int) length + CHUNK_FRAME);
            }
            start += (int) length + CHUNK_FRAME;
        }
        return needed.toByteArray();
    }

    private void checkSum(int start, int length) throws ImageFormatException {
        CRC32 sum = new CRC32();
        sum.update(bytes, start + Integer.BYTES, Integer.BYTES + length);
        int expected = ByteBuffer.wrap(bytes).getInt(start + 2 * Integer.BYTES + length);
        if ((int) sum.getValue() != expected) {
            throw refusal(
                    start,
                    String.format("a chunk with the checksum 0x%08x", expected),
                    String.format("one with 0x%08x", (int) sum.getValue()),
                    "Fetch the file again.");
        }
    }

    ImageFormatException refusal(long at, String expected, String got, String remedy) {
        return new ImageFormatException(file, at, "expected " + expected + ", got " + got + ". " + remedy);
    }
}
