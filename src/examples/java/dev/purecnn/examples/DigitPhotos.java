package dev.purecnn.examples;

import dev.purecnn.data.Dataset;
import dev.purecnn.data.MnistCsv;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Makes what a folder of photos is like, from MNIST's digits: a folder for each class, PNG and JPEG, many sizes, some lying on
 * their side with an EXIF orientation that says so, and the rubbish that file managers leave.
 */
final class DigitPhotos {
    static final List<String> NAMES =
            List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");
    private static final int TRAINING_PICTURES = 3_000;
    private static final int TEST_PICTURES = 300;

    private DigitPhotos() {}

    static void write(Path folder) throws IOException {
        write(MnistCsv.load(Path.of("data/mnist_train.csv.gz")), folder.resolve("train"), TRAINING_PICTURES);
        write(MnistCsv.load(Path.of("data/mnist_test.csv.gz")), folder.resolve("test"), TEST_PICTURES);
    }

    private static void write(Dataset digits, Path folder, int count) throws IOException {
        for (String name : NAMES) {
            Files.createDirectories(folder.resolve(name));
        }
        Random random = new Random(count);
        for (int i = 0; i < count; i++) {
            BufferedImage photo =
                    photo(digits.image(i), 28 + random.nextInt(80), random.nextInt(30), random.nextBoolean());
            Path file = folder.resolve(NAMES.get(digits.label(i))).resolve(String.format(Locale.ROOT, "%05d", i));
            switch (i % 3) {
                case 0 -> Files.write(withExtension(file, "png"), encoded(photo, "png"));
                case 1 -> Files.write(withExtension(file, "jpg"), encoded(photo, "jpg"));
                default -> Files.write(withExtension(file, "jpg"), lyingOnItsSide(photo));
            }
        }
        Files.write(folder.resolve("Thumbs.db"), new byte[] {1, 2, 3});
        Files.write(folder.resolve("zero").resolve("desktop.ini"), new byte[] {4, 5, 6});
        Files.createDirectories(folder.resolve("__MACOSX"));
    }

    private static Path withExtension(Path file, String extension) {
        return file.resolveSibling(file.getFileName() + "." + extension);
    }

    /** The digit, enlarged to {@code size}, with a margin of black at two sides so that only the middle has it whole. */
    private static BufferedImage photo(double[] digit, int size, int margin, boolean wide) {
        int width = size + (wide ? 2 * margin : 0);
        int height = size + (wide ? 0 : 2 * margin);
        BufferedImage photo = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < size; row++) {
            for (int col = 0; col < size; col++) {
                int grey = (int) Math.round(255 * digit[row * 28 / size * 28 + col * 28 / size]);
                photo.setRGB(col + (wide ? margin : 0), row + (wide ? 0 : margin), grey * 0x010101);
            }
        }
        return photo;
    }

    private static byte[] encoded(BufferedImage photo, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(photo, format, bytes);
        return bytes.toByteArray();
    }

    /** A JPEG as a phone held upright writes it: turned left, with EXIF orientation 6, "turn right to show". */
    private static byte[] lyingOnItsSide(BufferedImage photo) throws IOException {
        int width = photo.getWidth();
        BufferedImage turned = new BufferedImage(photo.getHeight(), width, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < photo.getHeight(); row++) {
            for (int col = 0; col < width; col++) {
                turned.setRGB(row, width - 1 - col, photo.getRGB(col, row));
            }
        }
        byte[] jpeg = encoded(turned, "jpg");
        byte[] exif = ByteBuffer.allocate(36)
                .putShort((short) 0xFFE1) // APP1
                .putShort((short) 34) // its length
                .put("Exif\0\0MM\0*".getBytes(StandardCharsets.US_ASCII))
                .putInt(8) // where the directory starts
                .putShort((short) 1) // one entry: orientation, a short, one of them, 6
                .putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) 6)
                .putShort((short) 0)
                .putInt(0)
                .array();
        return ByteBuffer.allocate(jpeg.length + exif.length)
                .put(jpeg, 0, 2)
                .put(exif)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }
}
