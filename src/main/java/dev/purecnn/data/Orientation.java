package dev.purecnn.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How the camera was held, as EXIF's tag says, and how to bring the picture upright.
 *
 * @param value from 1 (upright) to 8
 * @see <a href="https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf">Exif 2.32, 4.6.4 A</a>
 */
record Orientation(int value) {
    static final Orientation UPRIGHT = new Orientation(1);

    private static final int TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int LONG = 4;
    private static final int HEADER = 8;
    private static final int ENTRY = 12;

    /**
     * Finds the orientation in an EXIF block (a TIFF header and its first directory), in time bounded by its length. A malformed
     * block is ignored, as viewers do.
     */
    static Orientation ofExif(byte[] bytes, int start, int end) {
        if (end - start < HEADER) {
            return UPRIGHT;
        }
        ByteBuffer tiff = ByteBuffer.wrap(bytes, start, end - start).slice();
        int order = tiff.getShort(0);
        if (order == 0x4949) {
            tiff.order(ByteOrder.LITTLE_ENDIAN); // "II"
        } else if (order != 0x4d4d) { // "MM"
            return UPRIGHT;
        }
        int directory = tiff.getInt(4);
        if (tiff.getShort(2) != 42 || directory < HEADER || directory > tiff.limit() - 2) {
            return UPRIGHT;
        }
        int entries = tiff.getShort(directory) & 0xffff;
        int entry = directory + 2;
        for (; entries > 0 && entry <= tiff.limit() - ENTRY; entries--, entry += ENTRY) {
            if ((tiff.getShort(entry) & 0xffff) == TAG) {
                int type = tiff.getShort(entry + 2);
                boolean one = tiff.getInt(entry + 4) == 1;
                int value = type == SHORT ? tiff.getShort(entry + 8) : type == LONG ? tiff.getInt(entry + 8) : 0;
                return one && value >= 1 && value <= 8 ? new Orientation(value) : UPRIGHT;
            }
        }
        return UPRIGHT;
    }

    /** Whether height and width change places. */
    boolean swapsSides() {
        return value > 4;
    }

    /** The picture of those pixels, brought upright. */
    Picture upright(int[] argb, int width, int height) {
        if (value == 1) {
            return new Picture(argb, width, height);
        }
        int newWidth = swapsSides() ? height : width;
        int newHeight = swapsSides() ? width : height;
        int right = width - 1;
        int bottom = height - 1;
        int[] turned = new int[argb.length];
        for (int row = 0, i = 0; row < newHeight; row++) {
            for (int col = 0; col < newWidth; col++, i++) {
                turned[i] = argb[
                        switch (value) {
                            case 2 -> row * width + right - col; // mirrored
                            case 3 -> (bottom - row) * width + right - col; // upside down
                            case 4 -> (bottom - row) * width + col; // upside down, mirrored
                            case 5 -> col * width + row; // mirrored at the diagonal from the upper left
                            case 6 -> (bottom - col) * width + row; // to be turned clockwise
                            case 7 -> (bottom - col) * width + right - row; // mirrored at the other diagonal
                            default -> col * width + right - row; // to be turned anticlockwise
                        }];
            }
        }
        return new Picture(turned, newWidth, newHeight);
    }
}
