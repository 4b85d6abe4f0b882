package dev.purecnn.data;

import java.util.Arrays;

/**
 * Decodes the first frame of a GIF, in its place on the screen; the rest is transparent.
 *
 * @see <a href="https://www.w3.org/Graphics/GIF/spec-gif89a.txt">GIF89a</a>
 */
final class GifPicture {
    private static final int SCREEN = 6; // where its size is
    private static final int MOST_CODES = 1 << 12;
    private static final int MOST_PIXELS_PER_BYTE = 4096; // as long a string as a code of 12 bits can have
    private static final int IMAGE = 0x2c;
    private static final int EXTENSION = 0x21;
    private static final int GRAPHIC_CONTROL = 0xf9;

    /** First row and distance of rows of each pass of an interlaced frame. */
    private static final int[][] INTERLACE = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

    private static final int[][] ONE_PASS = {{0, 1}};

    private final PictureFile file;
    private int at = SCREEN + 7;
    private int block; // bytes left in the current sub-block
    private long bits;
    private int bitCount;
    private int transparent = -1;

    GifPicture(PictureFile file) {
        this.file = file;
    }

    Picture decode() throws ImageFormatException {
        int[] palette = palette(file.byteAt(SCREEN + 4));
        for (int kind = file.byteAt(at); kind != IMAGE; kind = file.byteAt(at)) {
            if (kind != EXTENSION) {
                throw file.refusal(at, "a picture", String.format("byte 0x%02x", kind), "Save it again.");
            }
            if (file.byteAt(at + 1) == GRAPHIC_CONTROL && file.byteAt(at + 2) >= 4) {
                transparent = (file.byteAt(at + 3) & 1) == 1 ? file.byteAt(at + 6) : -1;
            }
            at += 2;
            for (int size = file.byteAt(at); size > 0; size = file.byteAt(at)) {
                at += size + 1;
            }
            at++;
        }
        int frame = at;
        int left = file.shortAt(frame + 1);
        int top = file.shortAt(frame + 3);
        int width = file.shortAt(frame + 5);
        int height = file.shortAt(frame + 7);
        int flags = file.byteAt(frame + 9);
        at = frame + 10;
        int[] own = palette(flags);
        int screenWidth =
                Math.max(file.shortAt(SCREEN), left + width); // at least up to the frame's edge, as viewers do
        int screenHeight = Math.max(file.shortAt(SCREEN + 2), top + height);
        file.checkSize(screenWidth, screenHeight, Orientation.UPRIGHT);
        if (width == 0 || height == 0) {
            throw file.refusal(frame, "a frame with pixels", height + " x " + width, "Save it again.");
        }
        file.checkData((long) screenWidth * screenHeight, file.bytes.length - at, MOST_PIXELS_PER_BYTE);
        byte[] indices = unpack(width * height);
        return drawn(
                indices,
                own == null ? palette : own,
                new int[] {left, top, width, height},
                flags,
                screenWidth,
                screenHeight);
    }

    private Picture drawn(byte[] indices, int[] palette, int[] frame, int flags, int screenWidth, int screenHeight)
            throws ImageFormatException {
        int[] argb = new int[screenWidth * screenHeight];
        int from = 0;
        for (int[] pass : (flags & 0x40) == 0 ? ONE_PASS : INTERLACE) {
            for (int row = pass[0]; row < frame[3]; row += pass[1]) {
                int to = (frame[1] + row) * screenWidth + frame[0];
                for (int col = 0; col < frame[2]; col++, from++) {
                    int index = indices[from] & 0xff;
                    if (index != transparent && (palette == null || index >= palette.length)) {
                        String expected = palette == null ? "a palette" : "colours from 0 to " + (palette.length - 1);
                        throw file.refusal(0, expected, index + " at row " + row + ", column " + col, "Save it again.");
                    }
                    argb[to + col] = index == transparent ? 0 : palette[index];
                }
            }
        }
        return new Picture(argb, screenWidth, screenHeight);
    }

    /** A palette, if those flags say that one follows. */
    private int[] palette(int flags) throws ImageFormatException {
        if ((flags & 0x80) == 0) {
            return null;
        }
        int[] palette = new int[2 << (flags & 7)];
        file.need(at, 3L * palette.length);
        for (int i = 0; i < palette.length; i++, at += 3) {
            palette[i] = 0xff << 24 | file.bigShortAt(at) << 8 | file.byteAt(at + 2);
        }
        return palette;
    }

    /** Unpacks LZW; the array grows with what is really there. */
    private byte[] unpack(int length) throws ImageFormatException {
        int colourBits = file.byteAt(at++);
        if (colourBits < 1 || colourBits > 8) {
            throw file.refusal(at - 1, "1 to 8 bits per colour", String.valueOf(colourBits), "Save it again.");
        }
        Codes codes = new Codes(1 << colourBits);
        byte[] pixels = new byte[Math.min(length, 1 << 16)];
        int codeBits = colourBits + 1;
        int previous = -1;
        for (int done = 0; done < length; ) {
            int code = code(codeBits);
            if (code == codes.clear) {
                codes.count = codes.clear + 2;
                codeBits = colourBits + 1;
                previous = -1;
                continue;
            }
            if (!codes.has(code) && (previous < 0 || code != codes.count || codes.count == MOST_CODES)) {
                throw file.damaged(
                        at, code == codes.clear + 1 ? "the frame ends early" : "code " + code + " out of order");
            }
            byte first = codes.first(codes.has(code) ? code : previous);
            if (previous >= 0 && codes.count < MOST_CODES) {
                codes.add(previous, first); // the code itself, if it is new
                codeBits += codes.count == 1 << codeBits && codeBits < 12 ? 1 : 0;
            }
            int end = (int) Math.min((long) done + codes.lengths[code], length);
            if (end > pixels.length) {
                pixels = Arrays.copyOf(pixels, (int) Math.min(length, Math.max(2L * pixels.length, end)));
            }
            codes.write(code, pixels, done, end);
            previous = code;
            done = end;
        }
        return pixels;
    }

    /** What the codes of LZW stand for: a code's pixels are those of its prefix, and one more. */
    private static final class Codes {
        final int clear; // the code that forgets all others; the next one ends the frame
        final int[] prefix = new int[MOST_CODES];
        final int[] lengths = new int[MOST_CODES];
        final byte[] last = new byte[MOST_CODES];
        int count;

        Codes(int colours) {
            clear = colours;
            count = colours + 2;
            for (int code = 0; code < colours; code++) {
                lengths[code] = 1;
                last[code] = (byte) code;
            }
        }

        boolean has(int code) {
            return code < count && code != clear + 1;
        }

        byte first(int code) {
            int walk = code;
            while (lengths[walk] > 1) {
                walk = prefix[walk];
            }
            return last[walk];
        }

        void add(int before, byte pixel) {
            prefix[count] = before;
            last[count] = pixel;
            lengths[count++] = lengths[before] + 1;
        }

        /** Writes a code's pixels, from the last to the first, as far as there is room for them. */
        void write(int code, byte[] pixels, int start, int end) {
            int walk = code;
            for (int i = start + lengths[code] - 1; i >= start; i--, walk = prefix[walk]) {
                if (i < end) {
                    pixels[i] = last[walk];
                }
            }
        }
    }

    /** The next code, the lowest bit first. */
    private int code(int codeBits) throws ImageFormatException {
        while (bitCount < codeBits) {
            if (block == 0) {
                block = file.byteAt(at++);
                if (block == 0) {
                    throw file.damaged(at - 1, "the frame ends early");
                }
                file.need(at, block);
            }
            bits |= (long) (file.bytes[at++] & 0xff) << bitCount;
            bitCount += 8;
            block--;
        }
        int code = (int) (bits & (1 << codeBits) - 1);
        bits >>>= codeBits;
        bitCount -= codeBits;
        return code;
    }
}
