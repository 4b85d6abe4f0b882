package dev.purecnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.layer.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFolderTest {
    private static final Shape GREY = Shape.of(1, 4, 5);
    private static final Shape COLOUR = Shape.of(3, 4, 5);

    @TempDir
    private Path folder;

    private Path picture;

    @BeforeEach
    void makeClass() throws IOException {
        picture = Files.createDirectory(folder.resolve("class")).resolve("picture");
    }

    private static byte[] encoded(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(image, format, out)).isTrue();
        return out.toByteArray();
    }

    /** Band b of pixel i is {@code 12 * i + 5 * b}, with the last band opaque if there are 2 or 4. */
    private static BufferedImage image(int type) {
        BufferedImage image = new BufferedImage(5, 4, type);
        WritableRaster raster = image.getRaster();
        for (int i = 0; i < 20; i++) {
            for (int band = 0; band < raster.getNumBands(); band++) {
                int value = band == 3 ? 255 : 12 * i + 5 * band;
                int sample = type == BufferedImage.TYPE_USHORT_GRAY ? value << 8 | 77 : value;
                raster.setSample(i % 5, i / 5, band, sample);
            }
        }
        return image;
    }

    private double[] read(byte[] content, Shape shape) throws IOException {
        Files.write(picture, content);
        double[] image = ImageFolder.load(folder, shape).image(0);
        return Arrays.stream(image).map(value -> value * 255).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY})
    void load_greyPng_hasTheSamplesOfTheFile(int type) throws IOException {
        byte[] png = encoded(image(type), "png");
        double[] grey = read(png, GREY);
        double[] colour = read(png, COLOUR);
        for (int i = 0; i < 20; i++) {
            assertThat(grey[i]).isCloseTo(12 * i, within(1e-9));
            for (int channel = 0; channel < 3; channel++) {
                assertThat(colour[20 * channel + i]).isCloseTo(12 * i, within(1e-9));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_INT_RGB,
                BufferedImage.TYPE_3BYTE_BGR,
                BufferedImage.TYPE_INT_ARGB,
                BufferedImage.TYPE_4BYTE_ABGR
            })
    void load_colourPng_hasTheSamplesOfTheFile(int type) throws IOException {
        byte[] png = encoded(image(type), "png");
        double[] colour = read(png, COLOUR);
        double[] grey = read(png, GREY);
        for (int i = 0; i < 20; i++) {
            assertThat(colour[i]).isCloseTo(12 * i, within(1e-9));
            assertThat(colour[20 + i]).isCloseTo(12 * i + 5, within(1e-9));
            assertThat(colour[40 + i]).isCloseTo(12 * i + 10, within(1e-9));
            assertThat(grey[i]).isCloseTo(Math.floor(12 * i + 0.587 * 5 + 0.114 * 10 + 0.5), within(1e-9));
        }
    }

    @Test
    void load_palettePng_hasItsColours() throws IOException {
        byte[] red = {0, 10, (byte) 200};
        byte[] green = {1, 20, (byte) 210};
        byte[] blue = {2, 30, (byte) 220};
        BufferedImage image =
                new BufferedImage(5, 4, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 3, red, green, blue));
        image.getRaster().setSample(3, 2, 0, 2);
        double[] colour = read(encoded(image, "png"), COLOUR);

        assertThat(colour[13]).isCloseTo(200, within(1e-9));
        assertThat(colour[33]).isCloseTo(210, within(1e-9));
        assertThat(colour[53]).isCloseTo(220, within(1e-9));
        assertThat(colour[32]).isCloseTo(1, within(1e-9));
    }

    @Test
    void load_blackAndWhitePng_hasBlackAndWhite() throws IOException {
        BufferedImage image = new BufferedImage(5, 4, BufferedImage.TYPE_BYTE_BINARY);
        image.getRaster().setSample(4, 1, 0, 1);
        double[] expected = new double[20];
        expected[9] = 255;

        assertThat(read(encoded(image, "png"), GREY)).containsExactly(expected);
    }

    @Test
    void load_jpeg_isNearItsOriginal() throws IOException {
        double[] grey = read(encoded(image(BufferedImage.TYPE_BYTE_GRAY), "jpeg"), GREY);
        double[] colour = read(encoded(image(BufferedImage.TYPE_3BYTE_BGR), "jpeg"), COLOUR);
        for (int i = 0; i < 20; i++) {
            assertThat(grey[i]).isCloseTo(12 * i, within(15.0));
            assertThat(colour[20 + i]).isCloseTo(12 * i + 5, within(25.0));
        }
    }

    private void write(String name, int value) throws IOException {
        BufferedImage image = new BufferedImage(5, 4, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setSample(0, 0, 0, value);
        Path path = folder.resolve(name);
        Files.createDirectories(path.getParent());
        Files.write(path, encoded(image, "png"));
    }

    /** In UTF-8 U+FF21 comes before U+1F600; in UTF-16, by which Java compares strings, after it. */
    @Test
    void load_manyClasses_areInTheOrderOfTheBytes() throws IOException {
        Files.delete(picture.getParent());
        write("b/10", 1);
        write("b/9", 2);
        write("B/x", 3);
        write("\u00e9/x", 4);
        write("\uff21/x", 5);
        write("\ud83d\ude00/x", 6);
        write("b/.hidden/x", 7);
        write(".git/x", 8);
        Files.createDirectory(folder.resolve("a"));

        Dataset dataset = ImageFolder.load(folder, GREY, PixelScaling.ZERO_MEAN);

        assertThat(ImageFolder.classNames(folder)).containsExactly("B", "a", "b", "\u00e9", "\uff21", "\ud83d\ude00");
        int[] values = {3, 1, 2, 4, 5, 6};
        int[] labels = {0, 2, 2, 3, 4, 5};
        assertThat(dataset.size()).isEqualTo(6);
        assertThat(dataset.classes()).isEqualTo(6);
        assertThat(dataset.shape()).isEqualTo(GREY);
        for (int i = 0; i < 6; i++) {
            assertThat(dataset.image(i)[0]).isEqualTo(values[i] / 255.0 - 0.5);
            assertThat(dataset.label(i)).isEqualTo(labels[i]);
        }
    }

    @Test
    void load_wrongArguments_areNamed() {
        assertThatNullPointerException()
                .isThrownBy(() -> ImageFolder.load(null, GREY))
                .withMessage("folder");
        assertThatNullPointerException()
                .isThrownBy(() -> ImageFolder.load(folder, (Shape) null))
                .withMessage("shape");
        assertThatNullPointerException()
                .isThrownBy(() -> ImageFolder.load(folder, GREY, null))
                .withMessage("scaling");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageFolder.load(folder, Shape.of(4, 2, 2)))
                .withMessage("Preprocessing: expected 1 channel or 3, got 4."
                        + " Read pictures as grey, or as red, green and blue.");
    }

    private void assertFolderRefused(Path loaded, Path named, String problem) {
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> ImageFolder.load(loaded, GREY))
                .withMessage(named + ": expected " + problem);
    }

    @Test
    void load_whatIsNoFolderOfPictures_isRefused() throws IOException {
        String move = ". Copy what belongs here, and move the rest elsewhere.";
        assertFolderRefused(folder, folder, "at least one picture, got none. Check that this is the folder.");
        Path missing = folder.resolve("missing");
        assertFolderRefused(missing, missing, "a folder of folders, got nothing. Check the path.");
        Files.write(picture, new byte[1]);
        assertFolderRefused(picture, picture, "a folder of folders, got a file. Name the folder.");
        assertFolderRefused(picture.getParent(), picture, "the folder of a class, got a file" + move);
        Files.delete(picture);
        assertFolderRefused(
                picture.getParent(), picture.getParent(), "a folder for each class, got none. Make one for each.");
        Files.createDirectory(picture);
        assertFolderRefused(folder, picture, "a picture, got a folder" + move);
        Files.delete(picture);
        Path elsewhere = Files.createTempFile("picture", ".png");
        Files.createSymbolicLink(picture, elsewhere);
        assertFolderRefused(folder, picture, "a picture, got a link" + move);
        Files.delete(picture);
        Files.delete(elsewhere);
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);
        assertFolderRefused(folder, link, "the folder of a class, got a link" + move);
    }

    private void assertRefused(byte[] content, long position, String problem) throws IOException {
        Files.write(picture, content);
        ImageFormatException refusal =
                catchThrowableOfType(ImageFormatException.class, () -> ImageFolder.load(folder, GREY));

        assertThat(refusal).isNotNull();
        assertThat(refusal).hasMessageStartingWith(picture + ", byte " + position + ": expected " + problem);
        assertThat(refusal.getMessage()).endsWith(".").matches("\\p{Print}+");
        assertThat(refusal.file()).isEqualTo(picture);
        assertThat(refusal.position()).isEqualTo(position);
    }

    @Test
    void load_whatIsNoPicture_isRefused() throws IOException {
        assertRefused(new byte[0], 0, "a PNG, JPEG, GIF or BMP picture, got an empty file.");
        assertRefused(TestFiles.utf8("GIF87"), 0, "a PNG, JPEG, GIF or BMP picture, got byte 0x47.");
        assertRefused(TestFiles.utf8("\u0089PNG"), 0, "a PNG, JPEG, GIF or BMP picture, got byte 0xc2.");
    }

    @Test
    void load_pictureOfAnotherSize_isRefused() throws IOException {
        BufferedImage turned = new BufferedImage(4, 5, BufferedImage.TYPE_BYTE_GRAY);

        assertRefused(encoded(turned, "png"), 0, "a picture of 4 x 5, got 5 x 4.");
        assertRefused(encoded(turned, "jpeg"), 0, "a picture of 4 x 5, got 5 x 4.");
    }

    @Test
    void load_transparentPicture_isRefused() throws IOException {
        BufferedImage image = image(BufferedImage.TYPE_INT_ARGB);
        image.getRaster().setSample(3, 2, 3, 254);

        assertRefused(encoded(image, "png"), 0, "an opaque picture, got opacity 254 of 255 at row 2, column 3.");
    }

    private static byte[] png() throws IOException {
        return encoded(image(BufferedImage.TYPE_BYTE_GRAY), "png");
    }

    static final byte[] SIGNATURE = IdxTest.bytes("89 50 4e 47 0d 0a 1a 0a");

    static byte[] chunk(String type, byte[] data) {
        byte[] body = TestFiles.concat(TestFiles.utf8(type), data);
        CRC32 sum = new CRC32();
        sum.update(body);
        return ByteBuffer.allocate(body.length + 8)
                .putInt(data.length)
                .put(body)
                .putInt((int) sum.getValue())
                .array();
    }

    @Test
    void load_pngOfBillionsOfPixels_isRefusedByItsHeader() throws IOException {
        byte[] header = IdxTest.bytes("7fffffff 7fffffff 08 00 00 00 00");
        byte[] png = TestFiles.concat(
                TestFiles.cut(png(), 8), chunk("IHDR", header), chunk("IDAT", new byte[9]), chunk("IEND", new byte[0]));

        assertRefused(png, 0, "a picture of 4 x 5, got 2147483647 x 2147483647.");
    }

    @Test
    void load_pngWithBadChunks_isRefusedAtTheChunk() throws IOException {
        byte[] png = png();
        byte[] long4gb = png.clone();
        Arrays.fill(long4gb, 33, 37, (byte) 0xff);

        assertRefused(long4gb, 33, "a chunk of at most " + (png.length - 45) + " bytes, got 4294967295.");
        assertRefused(TestFiles.damaged(png, 20), 8, "a chunk with the checksum 0x");
        assertRefused(TestFiles.cut(png, 8), 8, "a chunk, got the end of the file.");
    }

    @Test
    void load_pngWithMoreThanIsNeeded_isRead() throws IOException {
        byte[] png = png();
        byte[] text = chunk("zTXt", TestFiles.utf8("not even zipped"));
        byte[] more = TestFiles.concat(
                TestFiles.cut(png, 33), text, Arrays.copyOfRange(png, 33, png.length), TestFiles.utf8("trailer"));

        assertThat(read(more, GREY)).isEqualTo(read(png, GREY));
    }

    @Test
    void load_fileOfMegabytesForAFewPixels_isRefused() throws IOException {
        byte[] png = png();
        assertRefused(
                TestFiles.concat(png, new byte[1 << 25]),
                (1 << 24) + 320,
                "at most 16777536 bytes, for a picture of 20 pixels");
    }

    @Test
    void load_everyPrefix_isRefusedAsDocumented() throws IOException {
        byte[] jpeg = encoded(image(BufferedImage.TYPE_3BYTE_BGR), "jpeg");
        for (byte[] original : List.of(png(), jpeg)) {
            for (int length = 0; length < original.length - 2; length++) { // without its end mark a JPEG is whole
                Files.write(picture, TestFiles.cut(original, length));
                assertThatExceptionOfType(ImageFormatException.class)
                        .as("cut after " + length)
                        .isThrownBy(() -> ImageFolder.load(folder, GREY));
            }
        }
    }

    private static final Preprocessing SMALL = Preprocessing.builder(Shape.of(3, 6, 6))
            .resize(Resize.CENTER_CROP)
            .background(0xffffff)
            .build();

    /** Pictures of all kinds and sizes in classes "a" and "b", and in "c" none. */
    private List<Path> manyPictures() throws IOException {
        Files.delete(picture.getParent());
        List<Path> files = new ArrayList<>();
        int number = 100;
        for (SamplePicture sample : SamplePicture.all()) {
            Path file = folder.resolve(number % 2 == 0 ? "a" : "b").resolve(number++ + "-" + sample.name());
            Files.createDirectories(file.getParent());
            files.add(Files.write(file, sample.file()));
        }
        Files.createDirectory(folder.resolve("c"));
        files.sort(null);
        return files;
    }

    @Test
    void load_picturesOfAllSizes_areThoseReadOneByOne() throws IOException {
        List<Path> files = manyPictures();

        Dataset dataset = ImageFolder.load(folder, SMALL);

        assertThat(dataset.size()).isEqualTo(files.size()).isGreaterThan(40);
        assertThat(dataset.classes()).isEqualTo(3);
        assertThat(dataset.classNames()).containsExactly("a", "b", "c");
        assertThat(dataset.preprocessing()).contains(SMALL);
        assertThat(dataset.isLabelled()).isTrue();
        for (int i = 0; i < files.size(); i++) {
            assertThat(dataset.image(i)).isEqualTo(SMALL.apply(Pictures.read(files.get(i))));
            assertThat(dataset.label(i)).isEqualTo(files.get(i).getParent().endsWith("a") ? 0 : 1);
        }
    }

    @Test
    void open_picturesOfAllSizes_areTheSame() throws IOException {
        manyPictures();
        FileDataset opened = ImageFolder.open(folder, SMALL);
        try (opened) {
            TestFiles.assertSame(opened, ImageFolder.load(folder, SMALL));
            assertThat(opened.classNames()).containsExactly("a", "b", "c");
            assertThat(opened.preprocessing()).contains(SMALL);
            Thread.currentThread().interrupt();
            assertThat(opened.image(0)).hasSize(108);
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThatIllegalStateException().isThrownBy(() -> opened.image(0)).withMessageContaining("close() has closed");
    }

    @Test
    void open_pictureChangedLater_isRefused() throws IOException {
        List<Path> files = manyPictures();
        try (FileDataset opened = ImageFolder.open(folder, SMALL)) {
            Files.copy(files.get(1), files.get(0), StandardCopyOption.REPLACE_EXISTING);

            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> opened.image(0))
                    .withMessageContaining("expected the picture that was there when the folder was opened");
            assertThat(opened.image(1)).hasSize(108);
        }
    }

    @Test
    void load_rubbishOfSystems_isPassedOver() throws IOException {
        Files.write(picture, png());
        for (String rubbish : new String[] {"Thumbs.db", "desktop.ini", ".DS_Store", "._picture", "ehthumbs.db"}) {
            Files.write(folder.resolve(rubbish), new byte[3]);
            Files.write(picture.resolveSibling(rubbish), new byte[3]);
        }
        for (String rubbish : new String[] {"__MACOSX", "@eaDir", "$RECYCLE.BIN", "lost+found"}) {
            Files.createDirectory(folder.resolve(rubbish));
            Files.createDirectory(picture.resolveSibling(rubbish));
        }

        assertThat(ImageFolder.load(folder, GREY).size()).isEqualTo(1);
        assertThat(ImageFolder.classNames(folder)).containsExactly("class");
    }

    @Test
    void load_unreadableFiles_areNamedTogether() throws IOException {
        for (int i = 0; i < 12; i++) {
            Files.write(picture.resolveSibling("bad" + (10 + i)), TestFiles.utf8(i == 3 ? "%PDF" : ""));
        }
        Files.write(picture, png());

        ImageFormatException refusal =
                catchThrowableOfType(ImageFormatException.class, () -> ImageFolder.load(folder, GREY));

        assertThat(refusal)
                .hasMessageStartingWith(folder + ": expected pictures, got 12 of 13 files that cannot be read.")
                .hasMessageContaining("onUnreadable")
                .hasMessageContaining("[" + picture.resolveSibling("bad13")
                        + ", byte 0: expected a PNG, JPEG, GIF or BMP" + " picture, got PDF.")
                .hasMessageContaining("bad19")
                .hasMessageEndingWith(" ...");
        assertThat(refusal.getMessage()).doesNotContain("bad20");
        assertThat(refusal.file()).isEqualTo(picture.resolveSibling("bad10"));
    }

    @Test
    void load_skippingUnreadableFiles_reportsThemInOrder() throws IOException {
        for (String name : new String[] {"z", "a", "m"}) {
            Files.write(picture.resolveSibling(name), new byte[2]);
        }
        Files.write(picture, png());
        List<Path> skipped = new ArrayList<>();
        ImageFolderReader reader = ImageFolder.reader(
                        Preprocessing.builder(GREY).build())
                .onUnreadable(refusal -> skipped.add(refusal.file()));

        Dataset loaded = reader.load(folder);
        assertThat(skipped).extracting(path -> path.getFileName().toString()).containsExactly("a", "m", "z");
        assertThat(loaded.size()).isEqualTo(1);
        try (FileDataset opened = reader.open(folder)) {
            TestFiles.assertSame(opened, loaded);
        }
        Files.delete(picture);
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> reader.load(folder))
                .withMessageContaining("expected at least one picture, got none");
    }

    @Test
    void load_givenClassNames_decideOnLabels() throws IOException {
        Files.delete(picture.getParent());
        write("horse/1", 9);
        write("cat/1", 7);
        Preprocessing exact = Preprocessing.builder(GREY).build();
        List<String> names = List.of("cat", "dog", "horse");

        Dataset test = ImageFolder.load(folder, exact, names);

        assertThat(test.classNames()).isEqualTo(names);
        assertThat(test.classes()).isEqualTo(3);
        assertThat(test.label(0)).isZero();
        assertThat(test.label(1)).isEqualTo(2);
        try (FileDataset opened = ImageFolder.open(folder, exact, names)) {
            TestFiles.assertSame(opened, test);
        }
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> ImageFolder.load(folder, exact, List.of("cat", "dog")))
                .withMessage(
                        folder + ": expected folders of the classes [cat, dog] (2), got [cat, horse] (2): no class is"
                                + " called horse. Rename the folder, or move it elsewhere.");
        assertThatIllegalArgumentException().isThrownBy(() -> ImageFolder.load(folder, exact, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> ImageFolder.load(folder, exact, List.of("cat", "cat")));
    }

    @Test
    void load_namesWithEscapes_areQuoted() throws IOException {
        Files.move(picture.getParent(), folder.resolve("\u001b[2J\nclass"));
        Preprocessing exact = Preprocessing.builder(GREY).build();

        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> ImageFolder.load(folder, exact, List.of("cat")))
                .withMessageContaining("got [\\u001b[2J\\u000aclass] (1): no class is called \\u001b[2J\\u000aclass.");
        Files.write(folder.resolve("\u001b[2J\nclass").resolve("\u202ebad"), new byte[1]);
        assertThatExceptionOfType(ImageFormatException.class)
                .isThrownBy(() -> ImageFolder.load(folder, exact))
                .withMessageContaining("\\u001b[2J\\u000aclass/\\u202ebad, byte 0");
    }

    @Test
    void loadUnlabelled_folderOfPictures_hasNoLabels() throws IOException {
        write("class/2", 20);
        write("class/1", 10);

        Dataset pictures = ImageFolder.loadUnlabelled(
                picture.getParent(), Preprocessing.builder(GREY).build());

        assertThat(pictures.isLabelled()).isFalse();
        assertThat(pictures.size()).isEqualTo(2);
        assertThat(pictures.classNames()).isEmpty();
        assertThat(pictures.image(0)[0] * 255).isCloseTo(10, within(1e-9));
    }

    @Test
    void load_turnedPhoto_isUpright() throws IOException {
        byte[] exif = IdxTest.bytes("4d4d002a00000008 0001 0112 0003 00000001 0006 0000 00000000");
        byte[] png = png();
        byte[] turned =
                TestFiles.concat(TestFiles.cut(png, 33), chunk("eXIf", exif), Arrays.copyOfRange(png, 33, png.length));
        Files.write(picture, turned);

        assertThat(ImageFolder.load(folder, Shape.of(1, 5, 4)).image(0)[0] * 255)
                .isCloseTo(180, within(1e-9));
        assertRefused(turned, 0, "a picture of 4 x 5, got 5 x 4.");
    }
}
