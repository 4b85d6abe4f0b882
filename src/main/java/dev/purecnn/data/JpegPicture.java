package dev.purecnn.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Checks a JPEG marker by marker, and passes only what is needed for the pixels to the decoder, with explicit colours: so no
 * profile, thumbnail or comment can do harm, and all JDKs decode alike. What their decoders (libjpeg 6b and libjpeg-turbo) read
 * differently is refused: arithmetic coding, chroma that is halved in height alone, progressive pictures
 * that end before they are complete, and tables left out.
 *
 * @see <a href="https://www.w3.org/Graphics/JPEG/itu-t81.pdf">ITU-T T.81</a>
 */
final class JpegPicture {
    private static final int MOST_SCANS = 100;
    private static final int MOST_FULL_SCANS = 10; // of a picture of the most pixels: what libjpeg writes
    private static final int BLOCK = 8;
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP14 = 0xee;
    private static final int APP15 = 0xef;
    private static final int COMMENT = 0xfe;
    private static final int[] JFIF = {0xff, APP0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0};
    private static final int[] ADOBE_RGB = {0xff, APP14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
    private static final String OTHER_JPEG = "Save it again as baseline JPEG or PNG.";

    private final PictureFile file;
    private final ByteArrayOutputStream needed = new ByteArrayOutputStream();
    private final boolean[] tables = new boolean[32]; // Huffman, by class and number
    private Orientation orientation;
    private boolean jfif;
    private int adobe = -1; // the colour transform that it names
    private boolean progressive;
    private int width;
    private int height;
    private int[] ids; // of the components
    private int[] sampling; // of each: 16 * horizontal + vertical
    private int[][] missingBits; // of each coefficient of each component; -1: all
    private int scans;
    private long scanBytes;

    JpegPicture(PictureFile file) {
        this.file = file;
    }

    Picture decode() throws IOException {
        int at = 2;
        for (int marker = markerAt(at); marker != 0xd9; marker = markerAt(at)) {
            while (file.byteAt(at + 1) == 0xff) {
                at++;
            }
            at = marker == 0x01 || marker >= 0xd0 && marker <= 0xd7 ? at + 2 : segment(at, marker);
        }
        checkComplete(at);
        byte[] body = needed.toByteArray();
        ByteArrayOutputStream jpeg = new ByteArrayOutputStream(body.length + 32);
        write(jpeg, 0xff, 0xd8);
        write(jpeg, isRgb() ? ADOBE_RGB : JFIF);
        jpeg.writeBytes(body);
        write(jpeg, 0xff, 0xd9);
        Orientation turn = orientation == null ? Orientation.UPRIGHT : orientation;
        return turn.upright(pixels(jpeg.toByteArray()), width, height);
    }

    private int[] pixels(byte[] jpeg) throws IOException {
        try {
            return new PictureDecoder(file).decode(jpeg, width, height);
        } catch (NoClassDefFoundError e) {
            throw new IllegalStateException(
                    "Pictures: expected the module java.desktop, which decodes JPEG, got a Java without it. Say \"requires"
                            + " java.desktop;\", add it to the image that jlink makes, or convert the pictures to PNG.",
                    e);
        }
    }

    private static void write(ByteArrayOutputStream out, int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
    }

    /** The marker at a place; the end of the picture where the file ends after a scan, as viewers assume. */
    private int markerAt(int position) throws ImageFormatException {
        int at = position;
        if (scans > 0 && at >= file.bytes.length - 1) {
            return 0xd9;
        }
        if (file.byteAt(at) != 0xff) {
            throw file.refusal(at, "a marker", String.format("byte 0x%02x", file.byteAt(at)), "Save it again.");
        }
        while (file.byteAt(at + 1) == 0xff) {
            at++;
        }
        return file.byteAt(at + 1);
    }

    /** Reads what follows a marker; returns where the next one is. */
    private int segment(int at, int marker) throws ImageFormatException {
        int length = file.bigShortAt(at + 2);
        int content = at + 4;
        int end = at + 2 + length;
        if (length < 2) {
            throw file.damaged(at, "a segment of " + length + " bytes");
        }
        file.need(at + 2, length);
        if (marker >= APP0 && marker <= APP15 || marker == COMMENT) {
            readApplication(marker, content, end);
            return end;
        }
        switch (marker) {
            case 0xc0, 0xc1, 0xc2 -> readFrame(content, end, marker == 0xc2);
            case 0xc4 -> readTables(content, end);
            case 0xdb, 0xdd -> {} // quantization, restarts
            case 0xda -> {
                readScan(content, end);
                int scanEnd = scanEnd(end);
                needed.writeBytes(file.copy(end, scanEnd));
                scanBytes += scanEnd - end;
                return scanEnd;
            }
            case 0xc9, 0xca, 0xcb, 0xcc, 0xcd, 0xce, 0xcf ->
                throw file.refusal(at, "Huffman coding", "arithmetic coding, which not every JDK reads", OTHER_JPEG);
            default ->
                throw file.refusal(
                        at, "baseline or progressive JPEG", String.format("marker 0x%02x", marker), OTHER_JPEG);
        }
        if (marker != 0xc0 && marker != 0xc1 && marker != 0xc2) {
            needed.writeBytes(file.copy(at, end));
        }
        return end;
    }

    private void readApplication(int marker, int content, int end) {
        boolean exif = marker == APP1 && end - content > 6 && file.startsWith(content, "Exif\0");
        if (exif && orientation == null) {
            orientation = Orientation.ofExif(file.bytes, content + 6, end);
        }
        jfif |= marker == APP0 && file.startsWith(content, "JFIF\0");
        if (marker == APP14 && end - content >= 12 && file.startsWith(content, "Adobe")) {
            adobe = file.bytes[content + 11] & 0xff;
        }
    }

    private void readFrame(int content, int end, boolean isProgressive) throws ImageFormatException {
        int components = file.byteAt(content + 5);
        if (ids != null || end - content != 6 + 3 * components) {
            throw file.damaged(content, "a second frame, or one of another length");
        }
        if (file.byteAt(content) != 8) {
            throw file.refusal(content, "8 bits per sample", String.valueOf(file.byteAt(content)), OTHER_JPEG);
        }
        if (components != 1 && components != 3) {
            String got = components == 4 ? "4 components (CMYK)" : components + " components";
            throw file.refusal(content, "grey, or three components", got, "Save it as RGB.");
        }
        progressive = isProgressive;
        height = file.bigShortAt(content + 1);
        width = file.bigShortAt(content + 3);
        ids = new int[components];
        sampling = new int[components];
        missingBits = new int[components][BLOCK * BLOCK];
        byte[] frame = file.copy(content - 4, end);
        for (int i = 0; i < components; i++) {
            ids[i] = file.byteAt(content + 6 + 3 * i);
            sampling[i] = file.byteAt(content + 7 + 3 * i);
            frame[10 + 3 * i] = (byte) (i + 1); // what a decoder might take for the names of colours
            Arrays.fill(missingBits[i], -1);
        }
        frame[0] = (byte) 0xff;
        needed.writeBytes(frame);
        file.checkSize(width, height, orientation == null ? Orientation.UPRIGHT : orientation);
        checkSampling(content);
    }

    private int most(int shift) {
        return Arrays.stream(sampling).map(s -> s >> shift & 15).max().getAsInt();
    }

    private void checkSampling(int content) throws ImageFormatException {
        for (int factors : sampling) {
            int horizontal = factors >> 4;
            int vertical = factors & 15;
            if (horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4) {
                throw file.damaged(content, "sampling factors " + horizontal + " and " + vertical);
            }
            if (most(4) == horizontal && most(0) == 2 * vertical) {
                throw file.refusal(
                        content,
                        "chroma that every JDK reads alike",
                        "chroma halved in height alone (4:4:0)",
                        "Save it again with 4:2:0 or 4:4:4, or as PNG.");
            }
        }
    }

    private void readTables(int content, int end) throws ImageFormatException {
        for (int at = content; at < end; ) {
            int table = file.byteAt(at);
            int codes = 0;
            for (int i = 1; i <= 16; i++) {
                codes += file.byteAt(at + i);
            }
            at += 17 + codes;
            if ((table & 0xec) != 0 || codes > 256 || at > end) {
                throw file.damaged(content, "a Huffman table");
            }
            tables[table] = true;
        }
    }

    private void readScan(int content, int end) throws ImageFormatException {
        int count = file.byteAt(content);
        if (ids == null || count < 1 || count > ids.length || end - content != 4 + 2 * count) {
            throw file.damaged(content, "a scan that does not fit the frame");
        }
        long most = MOST_FULL_SCANS * file.maxPixels;
        if (++scans > MOST_SCANS || progressive && (long) scans * width * height > most) {
            String expected = "at most " + MOST_SCANS + " scans, and scans of " + most + " pixels in all";
            throw file.refusal(content, expected, "more", OTHER_JPEG);
        }
        byte[] scan = file.copy(content - 4, end);
        int[] range = {file.byteAt(end - 3), file.byteAt(end - 2), file.byteAt(end - 1)};
        if (range[0] > range[1] || range[1] >= BLOCK * BLOCK) {
            throw file.damaged(content, "coefficients " + range[0] + " to " + range[1]);
        }
        for (int i = 0; i < count; i++) {
            int component = component(file.byteAt(content + 1 + 2 * i), content);
            scan[5 + 2 * i] = (byte) (component + 1);
            int table = file.byteAt(content + 2 + 2 * i);
            boolean needsDc = !progressive || range[0] == 0 && range[2] >> 4 == 0;
            boolean needsAc = !progressive || range[0] > 0;
            if (needsDc && !hasTable(table >> 4) || needsAc && !hasTable(16 + (table & 15))) {
                throw file.refusal(content, "Huffman tables", "none (a frame of a film?)", OTHER_JPEG);
            }
            int from = progressive ? range[0] : 0;
            int to = progressive ? range[1] : BLOCK * BLOCK - 1;
            Arrays.fill(missingBits[component], from, to + 1, progressive ? range[2] & 15 : 0);
        }
        scan[0] = (byte) 0xff;
        needed.writeBytes(scan);
    }

    private boolean hasTable(int table) {
        return table < tables.length && tables[table];
    }

    private int component(int id, int at) throws ImageFormatException {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == id) {
                return i;
            }
        }
        throw file.damaged(at, "a scan of component " + id);
    }

    /** Where the coded data ends: at a marker that is neither a stuffed byte nor a restart. */
    private int scanEnd(int start) {
        byte[] bytes = file.bytes;
        int at = start;
        for (; at < bytes.length - 1; at++) {
            if (bytes[at] == (byte) 0xff) {
                int next = bytes[at + 1] & 0xff;
                if (next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) {
                    return at;
                }
            }
        }
        return bytes.length;
    }

    private void checkComplete(int at) throws ImageFormatException {
        if (scans == 0) {
            throw file.damaged(at, "no scan");
        }
        for (int[] component : missingBits) {
            for (int bits : component) {
                if (bits != 0) {
                    throw file.refusal(at, "a whole picture", "one that ends before it is complete", "Fetch it again.");
                }
            }
        }
        long blocks = 0;
        for (int factors : sampling) {
            blocks += blocks(width, factors >> 4, most(4)) * blocks(height, factors & 15, most(0));
        }
        file.checkData(blocks, scanBytes, BLOCK); // none takes less than a bit
    }

    private static long blocks(long side, int factor, int most) {
        long samples = (side * factor + most - 1) / most;
        return (samples + BLOCK - 1) / BLOCK;
    }

    /** As libjpeg and so all viewers decide: by JFIF, then by Adobe's mark, then by the components' names. */
    private boolean isRgb() {
        if (ids.length == 1 || jfif) {
            return false;
        }
        return adobe >= 0 ? adobe == 0 : ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B';
    }
}
