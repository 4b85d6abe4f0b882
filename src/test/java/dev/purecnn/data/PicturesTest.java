package dev.purecnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.within;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PicturesTest {
    @TempDir
    private Path folder;

    private static Picture read(byte[] bytes) throws IOException {
        return Pictures.read(new ByteArrayInputStream(bytes));
    }

    private static void assertRefused(byte[] bytes, String message) {
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> read(bytes))
                .withMessageStartingWith("picture, byte ")
                .withMessageContaining(message)
                .withMessageEndingWith(".");
    }

    static List<SamplePicture> samples() throws IOException {
        return SamplePicture.all();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void read_everyKind_hasThePixelsOfPillow(SamplePicture sample) throws IOException {
        Picture picture = read(sample.file());

        assertThat(picture.width()).isEqualTo(sample.width());
        assertThat(picture.height()).isEqualTo(sample.height());
        for (int row = 0, i = 0; row < picture.height(); row++) {
            for (int col = 0; col < picture.width(); col++, i++) {
                int expected = sample.argb()[i];
                int actual = picture.argb(row, col);
                int most = sample.name().matches("bmp-5.5") ? 1 : 0; // Pillow cuts off what we round
                boolean bothInvisible = expected >>> 24 == 0 && actual >>> 24 == 0;
                for (int shift = 0; shift < 32 && !bothInvisible; shift += 8) {
                    assertThat(actual >> shift & 0xff)
                            .as("row %d, column %d: %08x, expected %08x", row, col, actual, expected)
                            .isCloseTo(expected >> shift & 0xff, within(most));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "refused-jpeg-440, chroma halved in height alone (4:4:0)",
        "refused-jpeg-arithmetic, arithmetic coding",
        "refused-jpeg-cmyk, 4 components (CMYK)"
    })
    void read_whatJdksReadDifferently_isRefused(String name, String message) throws IOException {
        assertRefused(SamplePicture.named(name).file(), message);
    }

    @ParameterizedTest
    @CsvSource({
        "RIFF....WEBPVP8 , WebP",
        "....ftypheic, HEIC",
        "....ftypmif1, HEIC",
        "....ftypavif, AVIF",
        "....ftypisom, MP4 (video)",
        "II*0, byte 0x49",
        "%PDF-1.7, PDF",
        "<svg xmlns, SVG",
        "<?xml version, XML",
        "<!DOCTYPE html>, HTML",
        "<html>, HTML",
        "8BPS, Photoshop",
        "BMW is a brand, byte 0x42",
        "P6 2 2 255, PPM",
        "version https://git-lfs.github.com, a pointer of Git LFS"
    })
    void read_otherFormats_areNamed(String bytes, String format) {
        assertRefused(TestFiles.utf8(bytes), "expected a PNG, JPEG, GIF or BMP picture, got " + format);
    }

    @Test
    void read_otherBinaryFormats_areNamed() {
        assertRefused(new byte[0], "got an empty file");
        assertRefused(TestFiles.utf8("II*\0"), "got TIFF");
        assertRefused(TestFiles.utf8("MM\0*"), "got TIFF");
        assertRefused(TestFiles.utf8("PK\u0003\u0004"), "got ZIP");
        assertRefused(new byte[] {0x1f, (byte) 0x8b}, "got gzip");
        assertRefused(new byte[] {0, 0, 1, 0}, "got ICO");
        assertRefused(new byte[] {(byte) 0xff, 0x0a}, "got JPEG XL");
    }

    @Test
    void read_path_isTheSameAndNamesTheFile() throws IOException {
        SamplePicture sample = SamplePicture.named("png-rgba");
        Path file = Files.write(folder.resolve("a.png"), sample.file());

        assertThat(Pictures.read(file)).isEqualTo(read(sample.file()));
        Files.write(file, new byte[] {1, 2, 3});
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> Pictures.read(file))
                .withMessage(file + ", byte 0: expected a PNG, JPEG, GIF or BMP picture, got byte 0x01."
                        + " Convert it to PNG or JPEG, or move it elsewhere.");
        assertThatNullPointerException()
                .isThrownBy(() -> Pictures.read((Path) null))
                .withMessage("file");
    }

    @Test
    void read_maxPixels_isTheMost() throws IOException {
        byte[] png = SamplePicture.named("png-rgb").file();

        assertThat(Pictures.read(new ByteArrayInputStream(png), 13 * 9).width()).isEqualTo(13);
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> Pictures.read(new ByteArrayInputStream(png), 13 * 9 - 1))
                .withMessage("picture, byte 0: expected at most 116 pixels, got 9 x 13."
                        + " Scale it down, or raise maxPixels.");
        assertThatIllegalArgumentException().isThrownBy(() -> Pictures.read(new ByteArrayInputStream(png), 0));
    }

    private static final byte[] EXIF_LITTLE = IdxTest.bytes(
            "49 49 2a 00 08 00 00 00 02 00 0f 01 02 00 04 00 00 00 41 42 43 00 12 01 03 00 01 00 00 00 06 00 00 00 00 00 00 00");
    private static final byte[] EXIF_BIG =
            IdxTest.bytes("4d 4d 00 2a 00 00 00 08 00 01 01 12 00 03 00 00 00 01 00 06 00 00 00 00 00 00");

    private static byte[] exif(boolean big, int orientation) {
        byte[] exif = (big ? EXIF_BIG : EXIF_LITTLE).clone();
        exif[big ? 19 : 30] = (byte) orientation;
        return exif;
    }

    static byte[] jpegWith(byte[] jpeg, int marker, byte[] content) {
        byte[] head = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) marker, 0, (byte) (content.length + 2)};
        return TestFiles.concat(head, content, Arrays.copyOfRange(jpeg, 2, jpeg.length));
    }

    static byte[] pngWith(byte[] png, String chunk, byte[] content) {
        return TestFiles.concat(
                TestFiles.cut(png, 33), ImageFolderTest.chunk(chunk, content), Arrays.copyOfRange(png, 33, png.length));
    }

    /** The corners of the upright picture, from those of the stored one: 0 upper left, 1 upper right, 2 lower left, 3. */
    @ParameterizedTest
    @CsvSource({"1, 0123", "2, 1032", "3, 3210", "4, 2301", "5, 0213", "6, 2031", "7, 3120", "8, 1302"})
    void read_orientation_isApplied(int orientation, String corners) throws IOException {
        byte[] png = SamplePicture.named("png-rgba").file();
        byte[] jpeg = SamplePicture.named("jpeg-420").file();
        for (boolean big : new boolean[] {true, false}) {
            byte[] exif = exif(big, orientation);
            byte[] app1 = TestFiles.concat(TestFiles.utf8("Exif\0\0"), exif);
            assertTurned(read(png), read(pngWith(png, "eXIf", exif)), orientation, corners);
            assertTurned(read(jpeg), read(jpegWith(jpeg, 0xe1, app1)), orientation, corners);
        }
    }

    private static void assertTurned(Picture stored, Picture upright, int orientation, String corners) {
        boolean turned = orientation > 4;
        assertThat(upright.width()).isEqualTo(turned ? stored.height() : stored.width());
        assertThat(upright.height()).isEqualTo(turned ? stored.width() : stored.height());
        int[] from = corners(stored);
        int[] to = corners(upright);
        for (int i = 0; i < 4; i++) {
            assertThat(to[i]).isEqualTo(from[corners.charAt(i) - '0']);
        }
        int[] sortedFrom = stored.argb();
        int[] sortedTo = upright.argb();
        Arrays.sort(sortedFrom);
        Arrays.sort(sortedTo);
        assertThat(sortedTo).isEqualTo(sortedFrom);
    }

    private static int[] corners(Picture picture) {
        int bottom = picture.height() - 1;
        int right = picture.width() - 1;
        return new int[] {
            picture.argb(0, 0), picture.argb(0, right), picture.argb(bottom, 0), picture.argb(bottom, right)
        };
    }

    @Test
    void read_senselessExif_isPassedOver() throws IOException {
        byte[] png = SamplePicture.named("png-rgba").file();
        Picture expected = read(png);
        for (String exif : new String[] {
            "",
            "4d",
            "4d 4d 00 2a 00 00 00 08",
            "4d 4d 00 2a 7f ff ff ff 00 01",
            "4d 4d 00 2a ff ff ff ff 00 01",
            "4d 4d 00 2a 00 00 00 08 ff ff 01 12",
            "4d 4d 00 2b 00 00 00 08 00 00",
            "4d 4d 00 2a 00 00 00 08 00 01 01 12 00 03 00 00 00 01 00 09 00 00",
            "4d 4d 00 2a 00 00 00 08 00 01 01 12 00 03 00 00 00 02 00 06 00 00",
            "4d 4d 00 2a 00 00 00 08 00 01 01 12 00 02 00 00 00 01 00 06 00 00"
        }) {
            assertThat(read(pngWith(png, "eXIf", IdxTest.bytes(exif)))).as(exif).isEqualTo(expected);
        }
    }

    /** The profile claims two parts and has one; its length is wrong, and so is a thumbnail. Every viewer shows it. */
    @Test
    void read_jpegWithDamagedProfile_isRead() throws IOException {
        byte[] jpeg = SamplePicture.named("jpeg-420").file();
        byte[] profile = TestFiles.concat(TestFiles.utf8("ICC_PROFILE\0"), new byte[] {1, 2, 0, 0, 9, 9, 1, 2, 3});
        byte[] app0 = TestFiles.concat(TestFiles.utf8("JFXX\0"), new byte[] {0x10, 1, 2, 3});

        assertThat(read(jpegWith(jpeg, 0xe2, profile))).isEqualTo(read(jpeg));
        assertThat(read(jpegWith(jpeg, 0xe0, app0))).isEqualTo(read(jpeg));
        assertThat(read(TestFiles.concat(jpeg, TestFiles.utf8("more")))).isEqualTo(read(jpeg));
        assertThat(read(TestFiles.cut(jpeg, jpeg.length - 2))).isEqualTo(read(jpeg));
    }

    /** Without JFIF and Adobe marks, one JDK takes unsampled components for RGB; viewers go by their names. */
    @Test
    void read_jpegWithoutMarks_isYCbCr() throws IOException {
        byte[] jpeg = SamplePicture.named("jpeg-444").file();
        byte[] bare = TestFiles.concat(TestFiles.cut(jpeg, 2), Arrays.copyOfRange(jpeg, 20, jpeg.length));

        assertThat(jpeg[3]).isEqualTo((byte) 0xe0);
        assertThat(read(bare)).isEqualTo(read(jpeg));
    }

    private static int find(byte[] bytes, int marker, int from) {
        for (int i = from; i < bytes.length - 1; i++) {
            if (bytes[i] == (byte) 0xff && bytes[i + 1] == (byte) marker) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void read_progressiveJpegThatEndsEarly_isRefused() throws IOException {
        byte[] jpeg = SamplePicture.named("jpeg-progressive").file();
        int second = find(jpeg, 0xda, find(jpeg, 0xda, 0) + 1);

        assertRefused(TestFiles.cut(jpeg, second), "expected a whole picture, got one that ends before it is complete");
        byte[] end = {(byte) 0xff, (byte) 0xd9};
        assertRefused(TestFiles.concat(TestFiles.cut(jpeg, second), end), "ends before it is complete");
    }

    @Test
    void read_jpegOfManyScans_isRefused() throws IOException {
        byte[] jpeg = SamplePicture.named("jpeg-progressive").file();
        int first = find(jpeg, 0xda, 0);
        byte[] scan = Arrays.copyOfRange(jpeg, first, find(jpeg, 0xc4, first));
        byte[][] parts = new byte[102][];
        Arrays.fill(parts, scan);
        parts[0] = TestFiles.cut(jpeg, first);
        parts[101] = Arrays.copyOfRange(jpeg, first, jpeg.length);

        assertRefused(TestFiles.concat(parts), "expected at most 100 scans");
    }

    @Test
    void read_jpegWithoutHuffmanTables_isRefused() throws IOException {
        byte[] jpeg = SamplePicture.named("jpeg-grey").file();
        int table = find(jpeg, 0xc4, 0);
        byte[] without = TestFiles.concat(
                TestFiles.cut(jpeg, table), Arrays.copyOfRange(jpeg, find(jpeg, 0xda, table), jpeg.length));

        assertRefused(without, "expected Huffman tables, got none");
    }

    private static byte[] png(int width, int height, int idatLength) {
        byte[] header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 6, 0, 0, 0})
                .array();
        return TestFiles.concat(
                TestFiles.cut(ImageFolderTest.SIGNATURE, 8),
                ImageFolderTest.chunk("IHDR", header),
                ImageFolderTest.chunk("IDAT", new byte[idatLength]),
                ImageFolderTest.chunk("IEND", new byte[0]));
    }

    @Test
    void read_smallFileThatClaimsBillionsOfPixels_isRefusedInLittleMemory() throws IOException {
        byte[] jpeg = SamplePicture.named("jpeg-420").file();
        int frame = find(jpeg, 0xc0, 0);
        byte[] large = jpeg.clone();
        Arrays.fill(large, frame + 5, frame + 9, (byte) 0x20); // 8224 x 8224
        byte[] bmp = SamplePicture.named("bmp-24bit").file().clone();
        bmp[19] = 0x20;
        bmp[23] = 0x20;
        byte[] gif = SamplePicture.named("gif").file().clone();
        Arrays.fill(gif, 6, 10, (byte) 0xff);
        for (byte[] file : List.of(png(50_000, 50_000, 10_000), png(9_999, 10_000, 10_000), large, bmp, gif)) {
            assertThatExceptionOfType(ImageFormatException.class).isThrownBy(() -> read(file)); // loads classes
            long before = TestFiles.allocatedBytes();
            assertThatExceptionOfType(ImageFormatException.class).isThrownBy(() -> read(file));
            assertThat(TestFiles.allocatedBytes() - before).isLessThan(5 << 20);
        }
        assertRefused(png(50_000, 50_000, 10_000), "expected at most 100000000 pixels, got 50000 x 50000");
        assertRefused(png(9_999, 10_000, 10_000), "got only 10000 bytes");
    }

    @Test
    void read_pngForAppleOnly_isRefused() throws IOException {
        byte[] png = SamplePicture.named("png-rgb").file();

        assertRefused(pngWith(png, "CgBI", new byte[4]), "got the chunk CgBI");
        assertRefused(pngWith(png, "\u001b[2J", new byte[4]), "got the chunk \\u001b[2J");
    }

    @Test
    void of_linearGrey_isNotMadeLighter() {
        BufferedImage grey = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(0, 0, 0, 82);
        BufferedImage wide = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
        wide.getRaster().setSample(0, 0, 0, 82 << 8 | 200);

        assertThat(grey.getRGB(0, 0) & 0xff).as("the trap").isEqualTo(154);
        assertThat(Pictures.of(grey).argb(0, 0)).isEqualTo(0xff525252);
        assertThat(Pictures.of(wide).argb(0, 0)).isEqualTo(0xff525252);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_INT_ARGB_PRE,
                BufferedImage.TYPE_INT_BGR,
                BufferedImage.TYPE_3BYTE_BGR,
                BufferedImage.TYPE_4BYTE_ABGR,
                BufferedImage.TYPE_4BYTE_ABGR_PRE
            })
    void of_everyColourType_hasItsColours(int type) {
        BufferedImage image = new BufferedImage(2, 3, type);
        image.setRGB(1, 2, 0xff123456);

        assertThat(Pictures.of(image).argb(2, 1)).isEqualTo(0xff123456);
        assertThat(Pictures.of(image).height()).isEqualTo(3);
        if (image.getColorModel().hasAlpha()) {
            image.setRGB(0, 1, 0x80ff4000);
            assertThat(Pictures.of(image).argb(1, 0)).isEqualTo(0x80ff4000);
            assertThat(Pictures.of(image).argb(0, 0)).isZero();
        }
    }

    @Test
    void of_fewBits_areSpread() {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_565_RGB);
        image.getRaster().setPixel(0, 0, new int[] {31, 32, 1});

        assertThat(Pictures.of(image).argb(0, 0)).isEqualTo(0xffff8208); // 255, 129.5, 8.2
        BufferedImage binary = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
        binary.getRaster().setSample(1, 0, 0, 1);
        assertThat(Pictures.of(binary).argb()).containsExactly(0xff000000, 0xffffffff);
        BufferedImage indexed = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_INDEXED);
        indexed.setRGB(0, 0, 0xff336699);
        assertThat(Pictures.of(indexed).argb(0, 0)).isEqualTo(0xff336699);
    }

    private static BufferedImage custom(ColorSpace space, boolean alpha, int type, float... samples) {
        ComponentColorModel model = new ComponentColorModel(
                space, alpha, false, alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE, type);
        WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
        raster.setPixel(0, 0, samples);
        return new BufferedImage(model, raster, false, null);
    }

    @Test
    void of_customTypes_areTakenAsTheyAreOrRefused() {
        ColorSpace grey = ColorSpace.getInstance(ColorSpace.CS_GRAY);
        ColorSpace linear = ColorSpace.getInstance(ColorSpace.CS_LINEAR_RGB);

        assertThat(Pictures.of(custom(grey, true, DataBuffer.TYPE_BYTE, 82, 7)).argb(0, 0))
                .isEqualTo(0x07525252);
        assertThat(Pictures.of(custom(linear, false, DataBuffer.TYPE_BYTE, 1, 2, 3))
                        .argb(0, 0))
                .isEqualTo(0xff010203);
        assertThat(Pictures.of(custom(linear, false, DataBuffer.TYPE_FLOAT, 0.5f, 1, 0))
                        .argb(0, 0))
                .isEqualTo(0xff80ff00);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pictures.of(
                        custom(ColorSpace.getInstance(ColorSpace.CS_CIEXYZ), false, DataBuffer.TYPE_BYTE, 1, 2, 3)))
                .withMessageContaining("Pictures.of: expected grey, or red, green and blue, got ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pictures.of(custom(grey, false, DataBuffer.TYPE_SHORT, 1)));
    }
}
