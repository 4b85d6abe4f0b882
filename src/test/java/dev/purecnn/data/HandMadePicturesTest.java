package dev.purecnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** GIF and BMP files written byte by byte. */
class HandMadePicturesTest {
    private static final String SCREEN = "474946383961 0300 0200 80 00 00 000000 0a141e";

    /** Clear, colour 1, end: 4, 1, 5 in three bits each. */
    private static final String PIXEL = "02 02 4c01 00 3b";

    private static Picture read(String hex) throws IOException {
        return Pictures.read(new ByteArrayInputStream(IdxTest.bytes(hex)));
    }

    private static void assertRefused(String hex, String message) {
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> read(hex))
                .withMessageContaining(message);
    }

    @Test
    void gif_smallFrame_liesInItsPlaceOnATransparentScreen() throws IOException {
        Picture picture = read(SCREEN + "2c 0100 0100 0100 0100 00" + PIXEL);

        assertThat(picture.width()).isEqualTo(3);
        assertThat(picture.argb()).containsExactly(0, 0, 0, 0, 0xff0a141e, 0);
    }

    @Test
    void gif_frameBeyondItsScreen_makesItLarger() throws IOException {
        Picture picture = read(SCREEN + "2c 0300 0000 0100 0100 00" + PIXEL);

        assertThat(picture.width()).isEqualTo(4);
        assertThat(picture.argb(0, 3)).isEqualTo(0xff0a141e);
    }

    @Test
    void gif_extensionsBeforeTheFrame_areReadOrPassedOver() throws IOException {
        String comment = "21 fe 03 616263 01 64 00";
        String transparentOne = "21 f9 04 01 0000 01 00";

        assertThat(read(SCREEN + comment + "2c 0000 0000 0100 0100 00" + PIXEL).argb(0, 0))
                .isEqualTo(0xff0a141e);
        assertThat(read(SCREEN + transparentOne + "2c 0000 0000 0100 0100 00" + PIXEL)
                        .argb(0, 0))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "3b, 'expected a picture, got byte 0x3b'",
        "2c 0000 0000 0000 0100 00 02 02 4c01 00, 'expected a frame with pixels, got 1 x 0'",
        "2c 0000 0000 0200 0100 00 02 02 4c01 00, the frame ends early",
        "2c 0000 0000 0100 0100 00 09 02 4c01 00, expected 1 to 8 bits per colour",
        "2c 0000 0000 0100 0100 00 02 01 3c 00, out of order",
        "2c 0000 0000 0100 0100 00 02 02 1c00 00, 'expected colours from 0 to 1, got 3'",
        "2c 0000 0000 0100 0100 00 02 05 4c01, 5 more bytes",
        "2c 0000, more bytes"
    })
    void gif_damaged_isRefused(String hex, String message) {
        assertRefused(SCREEN + hex, message);
    }

    @Test
    void gif_withoutPalette_isRefused() {
        assertRefused("474946383961 0100 0100 00 00 00 2c 0000 0000 0100 0100 00" + PIXEL, "expected a palette, got 1");
    }

    /** Two pixels of 32 bits with a field for opacity. */
    private static String bmp(int opacityOfTheFirst) {
        ByteBuffer bmp = ByteBuffer.allocate(14 + 108 + 8).order(ByteOrder.LITTLE_ENDIAN);
        bmp.put((byte) 'B').put((byte) 'M').putInt(bmp.capacity()).putInt(0).putInt(14 + 108);
        bmp.putInt(108)
                .putInt(2)
                .putInt(1)
                .putShort((short) 1)
                .putShort((short) 32)
                .putInt(3);
        bmp.putInt(8).putInt(0).putInt(0).putInt(0).putInt(0);
        bmp.putInt(0xff0000).putInt(0xff00).putInt(0xff).putInt(0xff000000);
        bmp.position(14 + 108);
        bmp.putInt(opacityOfTheFirst << 24 | 0x102030).putInt(0x405060);
        return HexFormat.of().formatHex(bmp.array());
    }

    @Test
    void bmp_fieldForOpacity_countsUnlessItIsEmpty() throws IOException {
        assertThat(read(bmp(7)).argb()).containsExactly(0x07102030, 0x00405060);
        assertThat(read(bmp(0)).argb()).containsExactly(0xff102030, 0xff405060);
    }

    private static String bmp(int width, int height, int bits, int compression, String rest) {
        ByteBuffer header = ByteBuffer.allocate(54).order(ByteOrder.LITTLE_ENDIAN);
        header.put((byte) 'B').put((byte) 'M').putInt(0).putInt(0).putInt(54 + (bits <= 8 ? 8 : 0));
        header.putInt(40)
                .putInt(width)
                .putInt(height)
                .putShort((short) 1)
                .putShort((short) bits)
                .putInt(compression);
        header.putInt(46, 2);
        return HexFormat.of().formatHex(header.array()) + rest;
    }

    /** Two colours; a step over a pixel, a row left out, a literal run of three. */
    @Test
    void bmp_runLengths_leaveOutWhatTheySkip() throws IOException {
        String colours = "01020300 0a0b0c00";
        Picture picture = read(bmp(4, 3, 8, 1, colours + "0002 0100 0201 0000 0000 0003 010001 00 0001"));

        int zero = 0xff030201;
        int one = 0xff0c0b0a;
        assertThat(picture.argb()).containsExactly(one, zero, one, zero, zero, zero, zero, zero, zero, one, one, zero);
    }

    @Test
    void bmp_damaged_isRefused() {
        assertRefused(bmp(1, 1, 9, 0, "00000000 00000000 00000000"), "got 9 bits, compression 0");
        assertRefused(bmp(1, 1, 24, 4, "00000000"), "got 24 bits, compression 4");
        assertRefused(bmp(1, -1, 8, 1, "00000000 00000000 0001"), "compression 1, top down");
        assertRefused(bmp(1, Integer.MIN_VALUE, 24, 0, "00000000"), "at least 1, got 1 and -2147483648");
        assertRefused(bmp(-1, 1, 24, 0, "00000000"), "at least 1, got -1 and 1");
        assertRefused(bmp(2, 2, 24, 0, "00000000"), "16 more bytes, got the end of the file");
        assertRefused(bmp(1, 1, 8, 1, "00000000 00000000 0200 0001"), "a run outside of the picture");
        assertRefused(bmp(1, 1, 8, 0, "00000000 00000000 02000000"), "expected colours from 0 to 1, got 2");
        assertRefused(bmp(20_000, 20_000, 24, 0, ""), "expected at most 100000000 pixels, got 20000 x 20000");
        assertRefused(
                bmp(1, 1, 16, 3, "00000500 e0070000 1f000000 0000"), "expected a mask of bits in a row, got 50000");
    }
}
