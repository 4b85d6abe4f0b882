package dev.purecnn.data;

import dev.purecnn.internal.text.Quoted;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes PNG. Checks length and checksum of all chunks; of those that are not needed for the pixels, only eXIf is read, so
 * nothing else is ever unpacked.
 *
 * @see <a href="https://www.w3.org/TR/png-3/">Portable Network Graphics, third edition</a>
 */
final class PngPicture {
    static final int[] SIGNATURE = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private static final int CHUNK_FRAME = 12; // length, type, checksum
    private static final int MOST_UNPACKED = 1032; // bytes from one byte of deflate: zlib's technical details
    private static final int GREY = 0;
    private static final int RGB = 2;
    private static final int PALETTE = 3;
    private static final int GREY_ALPHA = 4;
    private static final int RGBA = 6;

    /** First row, first column, distance of rows, distance of columns of each pass of an interlaced picture. */
    private static final int[][] ADAM7 = {
        {0, 0, 8, 8}, {0, 4, 8, 8}, {4, 0, 8, 4}, {0, 2, 4, 4}, {2, 0, 4, 2}, {0, 1, 2, 2}, {1, 0, 2, 1}
    };

    private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

    private final PictureFile file;
    private final Inflater inflater = new Inflater();
    private int width;
    private int height;
    private int depth;
    private int type;
    private boolean interlaced;
    private int[] palette;
    private int[] transparent; // samples of the one colour that is
    private Orientation orientation = Orientation.UPRIGHT;
    private int chunk; // being read
    private int data; // left in it
    private long packed; // bytes of image data in all chunks
    private int[] argb;

    PngPicture(PictureFile file) {
        this.file = file;
    }

    Picture decode() throws ImageFormatException {
        try {
            int firstData = readChunks();
            file.checkSize(Integer.toUnsignedLong(width), Integer.toUnsignedLong(height), orientation);
            int[][] passes = interlaced ? ADAM7 : ONE_PASS;
            long unpacked = 0;
            for (int[] pass : passes) {
                unpacked += rows(pass) * (1 + rowBytes(cols(pass)));
            }
            file.checkData(unpacked, packed, MOST_UNPACKED);
            if (rowBytes(width) > Integer.MAX_VALUE - 16) {
                throw file.refusal(firstData, "rows that fit an array", height + " x " + width, "Scale it down.");
            }
            argb = new int[width * height];
            chunk = firstData;
            data = file.bigIntAt(chunk);
            inflater.setInput(file.bytes, chunk + 8, data);
            for (int[] pass : passes) {
                decode(pass);
            }
            checkEnd();
            return orientation.upright(argb, width, height);
        } finally {
            inflater.end();
        }
    }

    /** Checks every chunk up to the last; returns where the first one of image data is. */
    private int readChunks() throws ImageFormatException {
        int firstData = -1;
        String name = "";
        for (int start = SIGNATURE.length; !name.equals("IEND"); ) {
            int length = checkedLength(start);
            name = new String(file.bytes, start + 4, 4, StandardCharsets.ISO_8859_1);
            if (start == SIGNATURE.length != name.equals("IHDR")) {
                throw file.refusal(start, "the chunk IHDR first, and once", Quoted.of(name), "Save it again.");
            }
            int content = start + 8;
            switch (name) {
                case "IHDR" -> readHeader(content, length);
                case "PLTE" -> readPalette(content, length);
                case "tRNS" -> readTransparency(content, length);
                case "eXIf" -> orientation = Orientation.ofExif(file.bytes, content, content + length);
                case "IDAT" -> {
                    firstData = firstData < 0 ? start : firstData;
                    packed += length;
                }
                case "IEND" -> {}
                default -> {
                    if ((file.bytes[start + 4] & 0x20) == 0) { // an upper-case letter: must not be ignored
                        String got = "the chunk " + Quoted.of(name);
                        throw file.refusal(start, "chunks that every reader knows", got, "Save it again as plain PNG.");
                    }
                }
            }
            start = content + length + 4;
        }
        if (firstData < 0 || type == PALETTE && palette == null) {
            throw file.refusal(0, "image data" + (firstData < 0 ? "" : " and a palette"), "none", "Save it again.");
        }
        return firstData;
    }

    private int checkedLength(int start) throws ImageFormatException {
        int room = file.bytes.length - start - CHUNK_FRAME;
        if (room < 0) {
            throw file.refusal(start, "a chunk", "the end of the file", "Fetch the file again.");
        }
        long length = Integer.toUnsignedLong(file.bigIntAt(start));
        if (length > room) {
            String expected = "a chunk of at most " + room + " bytes";
            throw file.refusal(start, expected, String.valueOf(length), "Fetch the file again.");
        }
        CRC32 sum = new CRC32();
        sum.update(file.bytes, start + 4, (int) length + 4);
        int expected = file.bigIntAt(start + 8 + (int) length);
        if ((int) sum.getValue() != expected) {
            throw file.refusal(
                    start,
                    String.format("a chunk with the checksum 0x%08x", expected),
                    String.format("one with 0x%08x", (int) sum.getValue()),
                    "Fetch the file again.");
        }
        return (int) length;
    }

    private void readHeader(int start, int length) throws ImageFormatException {
        if (length != 13) {
            throw file.refusal(start, "a header of 13 bytes", String.valueOf(length), "Save it again.");
        }
        width = file.bigIntAt(start);
        height = file.bigIntAt(start + 4);
        depth = file.byteAt(start + 8);
        type = file.byteAt(start + 9);
        boolean known = switch (type) {
            case GREY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
            case PALETTE -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
            case RGB, GREY_ALPHA, RGBA -> depth == 8 || depth == 16;
            default -> false;
        };
        int methods = file.bigShortAt(start + 10);
        int interlace = file.byteAt(start + 12);
        if (!known || methods != 0 || interlace > 1) {
            String got = "type " + type + ", " + depth + " bits, methods " + methods + ", interlace " + interlace;
            throw file.refusal(start, "a combination that PNG has", got, "Save it again.");
        }
        interlaced = interlace == 1;
    }

    private void readPalette(int start, int length) throws ImageFormatException {
        if (length % 3 != 0 || length == 0 || length > 3 * 256 || palette != null) {
            throw file.refusal(start, "one palette of 1 to 256 colours", length + " bytes", "Save it again.");
        }
        palette = new int[length / 3];
        for (int i = 0; i < palette.length; i++) {
            palette[i] = 0xff << 24 | file.bigShortAt(start + 3 * i) << 8 | file.byteAt(start + 3 * i + 2);
        }
    }

    private void readTransparency(int start, int length) throws ImageFormatException {
        int samples = type == GREY ? 1 : 3;
        if (type == PALETTE && palette != null && length <= palette.length) {
            for (int i = 0; i < length; i++) {
                palette[i] = palette[i] & 0xffffff | file.byteAt(start + i) << 24;
            }
        } else if ((type == GREY || type == RGB) && length == 2 * samples) {
            transparent = new int[samples];
            for (int i = 0; i < samples; i++) {
                transparent[i] = file.bigShortAt(start + 2 * i);
            }
        } else {
            throw file.refusal(start, "transparency that fits the colours", length + " bytes", "Save it again.");
        }
    }

    private int samples() {
        return type == RGB ? 3 : type == GREY_ALPHA ? 2 : type == RGBA ? 4 : 1;
    }

    private long rows(int[] pass) {
        return (height - pass[0] + pass[2] - 1L) / pass[2];
    }

    private long cols(int[] pass) {
        return (width - pass[1] + pass[3] - 1L) / pass[3];
    }

    private long rowBytes(long cols) {
        return (cols * samples() * depth + 7) / 8;
    }

    private void decode(int[] pass) throws ImageFormatException {
        int cols = (int) cols(pass);
        int length = (int) rowBytes(cols);
        int back = Math.max(1, samples() * depth / 8); // bytes to the pixel on the left
        byte[] row = new byte[back + length]; // what lies left of the first pixel is 0
        byte[] above = new byte[back + length];
        byte[] filter = new byte[1];
        for (int y = pass[0]; y < height && cols > 0; y += pass[2]) {
            inflate(filter, 0, 1);
            inflate(row, back, length);
            unfilter(filter[0], row, above, back, y);
            for (int col = 0, i = y * width + pass[1]; col < cols; col++, i += pass[3]) {
                argb[i] = pixel(row, back, col, i);
            }
            byte[] swapped = above;
            above = row;
            row = swapped;
        }
    }

    private void inflate(byte[] target, int offset, int length) throws ImageFormatException {
        try {
            for (int done = 0; done < length; ) {
                int got = inflater.inflate(target, offset + done, length - done);
                done += got;
                if (got == 0 && !nextInput()) {
                    throw file.damaged(chunk, "image data ends early");
                }
            }
        } catch (DataFormatException e) {
            throw file.damaged(chunk, "image data cannot be unpacked");
        }
    }

    /** Moves to the next chunk of image data, if the inflater has reached the end of this one. */
    private boolean nextInput() throws ImageFormatException {
        if (inflater.finished() || inflater.needsDictionary() || !inflater.needsInput()) {
            return false;
        }
        chunk += CHUNK_FRAME + data;
        if (!file.startsWith(chunk + 4, "IDAT")) { // they follow each other
            return false;
        }
        data = file.bigIntAt(chunk);
        inflater.setInput(file.bytes, chunk + 8, data);
        return true;
    }

    /** Lets the inflater check its sum. More data than the picture needs is ignored, as viewers do. */
    private void checkEnd() throws ImageFormatException {
        try {
            byte[] more = new byte[1];
            while (!inflater.finished() && inflater.inflate(more) == 0) {
                if (!inflater.finished() && !nextInput()) {
                    throw file.damaged(chunk, "image data ends early");
                }
            }
        } catch (DataFormatException e) {
            throw file.damaged(chunk, "image data has another checksum");
        }
    }

    private void unfilter(int filter, byte[] row, byte[] above, int back, int y) throws ImageFormatException {
        switch (filter) {
            case 0 -> {}
            case 1 -> {
                for (int i = back; i < row.length; i++) {
                    row[i] += row[i - back];
                }
            }
            case 2 -> {
                for (int i = back; i < row.length; i++) {
                    row[i] += above[i];
                }
            }
            case 3 -> {
                for (int i = back; i < row.length; i++) {
                    row[i] += (byte) ((row[i - back] & 0xff) + (above[i] & 0xff) >> 1);
                }
            }
            case 4 -> {
                for (int i = back; i < row.length; i++) {
                    row[i] += (byte) paeth(row[i - back] & 0xff, above[i] & 0xff, above[i - back] & 0xff);
                }
            }
            default -> throw file.damaged(chunk, "filter " + (filter & 0xff) + " in row " + y);
        }
    }

    private static int paeth(int left, int above, int corner) {
        int toLeft = Math.abs(above - corner);
        int toAbove = Math.abs(left - corner);
        int toCorner = Math.abs(left + above - 2 * corner);
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }

    /** A pixel of a row; of 16 bits the upper eight count. */
    private int pixel(byte[] row, int back, int col, int place) throws ImageFormatException {
        int samples = samples();
        if (depth < 8) {
            int bit = col * depth;
            return small((row[back + bit / 8] & 0xff) >> 8 - depth - bit % 8 & (1 << depth) - 1, place);
        }
        int step = depth / 8;
        int start = back + col * samples * step;
        int first = row[start] & 0xff;
        if (type == PALETTE) {
            return small(first, place);
        }
        int green = samples < 3 ? first : row[start + step] & 0xff;
        int blue = samples < 3 ? first : row[start + 2 * step] & 0xff;
        int alpha = samples % 2 == 0 ? row[start + (samples - 1) * step] & 0xff : 255;
        if (transparent != null && isTransparent(row, start)) {
            alpha = 0;
        }
        return alpha << 24 | first << 16 | green << 8 | blue;
    }

    private boolean isTransparent(byte[] row, int start) {
        for (int sample = 0; sample < transparent.length; sample++) {
            int first = row[start + sample * depth / 8] & 0xff;
            int value = depth == 16 ? first << 8 | row[start + sample * 2 + 1] & 0xff : first;
            if (value != transparent[sample]) {
                return false;
            }
        }
        return true;
    }

    /** A sample of a palette, or of less than eight bits of grey, which are spread over 0 to 255. */
    private int small(int sample, int place) throws ImageFormatException {
        if (type == PALETTE) {
            if (sample >= palette.length) {
                String got = sample + " at row " + place / width + ", column " + place % width;
                throw file.refusal(chunk, "colours from 0 to " + (palette.length - 1), got, "Save it again.");
            }
            return palette[sample];
        }
        int grey = Picture.grey(sample * 255 / ((1 << depth) - 1));
        return transparent != null && sample == transparent[0] ? grey & 0xffffff : grey;
    }
}
