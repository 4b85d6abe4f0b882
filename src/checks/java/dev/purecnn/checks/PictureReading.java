package dev.purecnn.checks;

import dev.purecnn.data.ImageFolder;
import dev.purecnn.data.Picture;
import dev.purecnn.data.Pictures;
import dev.purecnn.data.Preprocessing;
import dev.purecnn.data.Resize;
import dev.purecnn.layer.Shape;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/**
 * Measures how many pictures of 512 x 512 are read per second, on one thread and on two: by plain {@code ImageIO.read}, by
 * {@code Pictures.read}, and by {@code ImageFolder.load}, which also crops them to 64 x 64. First checks that both decoders
 * give the same samples.
 *
 * <p>{@code java -cp target/classes:target/test-classes dev.purecnn.checks.PictureReading 10000}
 */
public final class PictureReading {
    private static final int SIDE = 512;
    private static final int DIFFERENT = 50; // files; each is read many times

    private PictureReading() {}

    /** What is done with a file. */
    private interface Reading {
        void read(Path file) throws IOException;
    }

    /**
     * Measures.
     *
     * @param args how many pictures to read, 1,000 if not given
     * @throws IOException if files cannot be written or read
     * @throws InterruptedException if interrupted
     * @throws ExecutionException if reading fails
     */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
        Preprocessing preprocessing = Preprocessing.builder(Shape.of(3, 64, 64))
                .resize(Resize.CENTER_CROP)
                .build();
        for (String format : List.of("jpeg", "png")) {
            Path folder = Files.createTempDirectory("pictures");
            Path of = Files.createDirectory(folder.resolve("class"));
            List<Path> files = write(of, format);
            checkSame(files.get(0));
            for (int round = 0; round < 2; round++) { // the first warms up
                for (int threads = 1; threads <= 2; threads++) {
                    String name = round == 0 ? null : format + ", " + threads + " threads, ";
                    measure(name, "ImageIO.read", threads, count, files, file -> ImageIO.read(file.toFile()));
                    measure(name, "Pictures.read", threads, count, files, Pictures::read);
                    measure(name, "and crop", threads, count, files, file -> preprocessing.pixels(Pictures.read(file)));
                }
            }
            System.out.println(ImageFolder.load(folder, preprocessing).size() + " read with ImageFolder");
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(of);
            Files.delete(folder);
        }
    }

    private static void measure(String name, String what, int threads, int count, List<Path> files, Reading reading)
            throws InterruptedException, ExecutionException {
        ForkJoinPool pool = new ForkJoinPool(threads);
        long start = System.nanoTime();
        pool.submit(() -> IntStream.range(0, count).parallel().forEach(i -> {
                    try {
                        reading.read(files.get(i % files.size()));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }))
                .get();
        double seconds = (System.nanoTime() - start) / 1e9;
        pool.shutdown();
        if (name != null) {
            System.out.printf(Locale.ROOT, "%s%s: %.0f per second%n", name, what, count / seconds);
        }
    }

    private static void checkSame(Path file) throws IOException {
        Picture expected = Pictures.of(ImageIO.read(file.toFile()));
        if (!expected.equals(Pictures.read(file))) {
            throw new IllegalStateException("PictureReading: expected the samples of ImageIO, got others, in " + file);
        }
    }

    /** Waves with noise on them, as large as photos. */
    private static List<Path> write(Path folder, String format) throws IOException {
        Random random = new Random(1);
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < DIFFERENT; i++) {
            BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_3BYTE_BGR);
            double speed = 0.01 + 0.05 * random.nextDouble();
            for (int row = 0; row < SIDE; row++) {
                for (int col = 0; col < SIDE; col++) {
                    double level = 127 + 90 * StrictMath.sin(speed * col) * StrictMath.cos(speed * row);
                    int noisy = (int) Math.max(0, Math.min(255, level + 6 * random.nextGaussian()));
                    image.setRGB(col, row, noisy << 16 | 255 - noisy << 8 | (noisy + col & 255) / 2);
                }
            }
            Path file = folder.resolve(i + "." + format);
            ImageIO.write(image, format, file.toFile());
            files.add(file);
        }
        return files;
    }
}
