package dev.purecnn.data;

import java.util.Arrays;

/**
 * Decodes BMP: 1, 2, 4 and 8 bits with a palette, 16, 24 and 32 bits with or without masks, and run lengths of 4 and 8 bits.
 *
 * @see <a href="https://learn.microsoft.com/en-us/windows/win32/gdi/bitmap-storage">Bitmap storage</a>
 */
final class BmpPicture {
    private static final int INFO = 14; // where the second header starts
    private static final int CORE_HEADER = 12;
    private static final int INFO_HEADER = 40;
    private static final int ALPHA_HEADER = 56;
    private static final int MASKS = 54;
    private static final int RGB = 0;
    private static final int RLE8 = 1;
    private static final int RLE4 = 2;
    private static final int BIT_FIELDS = 3;
    private static final int MOST_PIXELS_PER_BYTE = 128; // a run of 255 takes two

    private final PictureFile file;
    private int width;
    private int height;
    private boolean topDown;
    private int bits;
    private int compression;
    private int[] palette;
    private final int[] masks = new int[4]; // red, green, blue, alpha
    private int[] argb;

    BmpPicture(PictureFile file) {
        this.file = file;
    }

    Picture decode() throws ImageFormatException {
        int headerSize = file.intAt(INFO);
        readHeader(headerSize);
        file.checkSize(width, height, Orientation.UPRIGHT);
        readColours(headerSize);
        int start = file.intAt(10);
        if (compression == RLE8 || compression == RLE4) {
            file.need(start, 1);
            file.checkData((long) width * height, file.bytes.length - start, MOST_PIXELS_PER_BYTE);
            argb = new int[width * height];
            Arrays.fill(argb, palette[0]); // what the runs leave out
            runs(start);
        } else {
            long stride = ((long) width * bits + 31) / 32 * 4;
            file.need(start, stride * height);
            argb = new int[width * height];
            for (int row = 0; row < height; row++) {
                int from = start + (int) stride * row;
                for (int col = 0; col < width; col++) {
                    argb[place(row, col)] = pixel(from, col);
                }
            }
        }
        if (masks[3] != 0) {
            makeOpaqueIfEmpty();
        }
        return new Picture(argb, width, height);
    }

    private void readHeader(int size) throws ImageFormatException {
        if (size == CORE_HEADER) {
            width = file.shortAt(INFO + 4);
            height = file.shortAt(INFO + 6);
            bits = file.shortAt(INFO + 10);
        } else if (size >= INFO_HEADER) {
            width = file.intAt(INFO + 4);
            height = file.intAt(INFO + 8);
            bits = file.shortAt(INFO + 14);
            compression = file.intAt(INFO + 16);
            topDown = height < 0;
            height = topDown ? -height : height; // the least int stays below 0, and is refused
        } else {
            throw file.refusal(INFO, "a header of 12, or of 40 or more bytes", String.valueOf(size), "Save it again.");
        }
        boolean known = switch (compression) {
            case RGB -> bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32;
            case RLE8 -> bits == 8 && !topDown;
            case RLE4 -> bits == 4 && !topDown;
            case BIT_FIELDS -> bits == 16 || bits == 32;
            default -> false;
        };
        if (!known) {
            String got = bits + " bits, compression " + compression + (topDown ? ", top down" : "");
            throw file.refusal(INFO, "bits and compression that BMP viewers know", got, "Save it as PNG.");
        }
    }

    private void readColours(int headerSize) throws ImageFormatException {
        if (compression == BIT_FIELDS) {
            for (int i = 0; i < (headerSize >= ALPHA_HEADER ? 4 : 3); i++) {
                masks[i] = file.intAt(MASKS + 4 * i);
                int shifted = masks[i] >>> Integer.numberOfTrailingZeros(masks[i]);
                if ((shifted & shifted + 1) != 0 || masks[i] == 0 && i < 3) {
                    throw file.refusal(
                            MASKS + 4 * i, "a mask of bits in a row", Integer.toHexString(masks[i]), "Save it again.");
                }
            }
        } else if (bits == 16) {
            masks[0] = 0x7c00;
            masks[1] = 0x03e0;
            masks[2] = 0x001f;
        } else if (bits == 32) {
            masks[0] = 0xff0000;
            masks[1] = 0x00ff00;
            masks[2] = 0x0000ff;
        } else if (bits <= 8) {
            int used = headerSize == CORE_HEADER ? 0 : file.intAt(INFO + 32);
            int step = headerSize == CORE_HEADER ? 3 : 4;
            palette = new int[used > 0 && used < 1 << bits ? used : 1 << bits];
            for (int i = 0, at = INFO + headerSize; i < palette.length; i++, at += step) {
                palette[i] = 0xff << 24 | file.byteAt(at + 2) << 16 | file.shortAt(at);
            }
        }
    }

    private int place(int row, int col) {
        return (topDown ? row : height - 1 - row) * width + col;
    }

    private int pixel(int rowStart, int col) throws ImageFormatException {
        byte[] bytes = file.bytes;
        if (bits <= 8) {
            int bit = col * bits;
            int value = bytes[rowStart + bit / 8] & 0xff;
            return colour(value >> 8 - bits - bit % 8 & (1 << bits) - 1, rowStart);
        }
        int at = rowStart + col * (bits / 8);
        int low = bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8;
        if (bits == 24) {
            return 0xff << 24 | (bytes[at + 2] & 0xff) << 16 | low;
        }
        int value = bits == 16 ? low : low | (bytes[at + 2] & 0xff) << 16 | bytes[at + 3] << 24;
        int alpha = masks[3] == 0 ? 255 : field(value, masks[3]);
        return alpha << 24 | field(value, masks[0]) << 16 | field(value, masks[1]) << 8 | field(value, masks[2]);
    }

    /** The bits under a mask, spread over 0 to 255 and rounded. */
    private static int field(int value, int mask) {
        int shift = Integer.numberOfTrailingZeros(mask);
        long most = Integer.toUnsignedLong(mask) >>> shift;
        return (int) ((((Integer.toUnsignedLong(value & mask) >>> shift) * 255) + most / 2) / most);
    }

    private int colour(int index, long at) throws ImageFormatException {
        if (index >= palette.length) {
            throw file.refusal(
                    at, "colours from 0 to " + (palette.length - 1), String.valueOf(index), "Save it again.");
        }
        return palette[index];
    }

    /** Run lengths: a count and a colour; or 0 and: 0 end of row, 1 end, 2 a step, or a number of colours that follow. */
    private void runs(int start) throws ImageFormatException {
        int row = 0;
        int col = 0;
        for (int at = start; ; ) {
            int count = file.byteAt(at);
            int value = file.byteAt(at + 1);
            at += 2;
            if (count > 0) {
                for (int i = 0; i < count; i++) {
                    set(row, col++, bits == 8 ? value : i % 2 == 0 ? value >> 4 : value & 15, at);
                }
            } else if (value == 0) {
                row++;
                col = 0;
            } else if (value == 1) {
                return;
            } else if (value == 2) {
                col += file.byteAt(at);
                row += file.byteAt(at + 1);
                at += 2;
            } else {
                for (int i = 0; i < value; i++) {
                    int pair = file.byteAt(bits == 8 ? at + i : at + i / 2);
                    set(row, col++, bits == 8 ? pair : i % 2 == 0 ? pair >> 4 : pair & 15, at);
                }
                int length = bits == 8 ? value : (value + 1) / 2;
                at += length + length % 2; // an even number of bytes
            }
        }
    }

    private void set(int row, int col, int index, long at) throws ImageFormatException {
        if (row >= height || col >= width) {
            throw file.damaged(at, "a run outside of the picture");
        }
        argb[place(row, col)] = colour(index, at);
    }

    /** Many programs have a field for opacity and leave it 0: viewers show such a picture opaque. */
    private void makeOpaqueIfEmpty() {
        for (int pixel : argb) {
            if (pixel >>> 24 != 0) {
                return;
            }
        }
        for (int i = 0; i < argb.length; i++) {
            argb[i] |= 0xff << 24;
        }
    }
}
