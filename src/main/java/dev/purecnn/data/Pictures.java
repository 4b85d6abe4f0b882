package dev.purecnn.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Reads pictures from files and streams, and takes them from {@link BufferedImage}s.
 *
 * <pre>{@code
 * Picture picture = Pictures.read(Path.of("cat.jpg"));
 * double[] image = preprocessing.apply(picture);
 * }</pre>
 *
 * <p><b>Formats:</b> PNG, JPEG, BMP, and the first frame of a GIF, as the first bytes say; the name does not matter. EXIF's
 * orientation is applied, in JPEG and in PNG, so pictures are upright. Samples are used as they are: colour profiles, gamma, the
 * lower eight of 16 bits, and bytes that follow a picture in its file are ignored. A damaged or incomplete picture is refused
 * with an {@link ImageFormatException}.
 *
 * <p><b>The same bits everywhere:</b> PNG, BMP and GIF are decoded by this library, JPEG by the JDK. JPEGs that JDKs decode
 * differently are refused, with the fix: arithmetic coding, chroma halved in height alone (4:4:0, which a lossless turn of an
 * ordinary photo by 90 degrees gives), incomplete progressive files. So is CMYK.
 *
 * <p><b>Limits:</b> a picture has at most 100 million pixels, unless you allow more; its header is checked before anything is
 * decoded. A JPEG has at most 100 scans, and progressive scans of 10 times that many pixels in all. Memory: up to eight bytes per
 * pixel (twelve while a picture is turned), and the file.
 *
 * <p>JPEG and {@link #of} need java.desktop: a module that uses them says {@code requires java.desktop;}. Without it, reading a
 * JPEG throws an {@link IllegalStateException}.
 */
@SuppressWarnings("exports") // of BufferedImage: callers that have one require java.desktop
public final class Pictures {
    private Pictures() {}

    /**
     * Reads a file of at most 100 million pixels.
     *
     * @param file a PNG, JPEG, BMP or GIF; a link is not followed
     * @return the picture, upright
     * @throws IOException if it cannot be read, or is not such a picture
     */
    public static Picture read(Path file) throws IOException {
        return read(file, PictureFile.MOST_PIXELS);
    }

    /**
     * Reads a file.
     *
     * @param file a PNG, JPEG, BMP or GIF; a link is not followed
     * @param maxPixels the most pixels that it may have, from 1 to 2147483639
     * @return the picture, upright
     * @throws IOException if it cannot be read, or is not such a picture
     */
    public static Picture read(Path file, long maxPixels) throws IOException {
        Objects.requireNonNull(file, "file");
        return PictureFile.read(file, PictureFile.checkedMaxPixels(maxPixels), null)
                .decode();
    }

    /**
     * Reads a stream of at most 100 million pixels, such as a resource in a jar.
     *
     * @param in a PNG, JPEG, BMP or GIF; read to its end, not closed
     * @return the picture, upright
     * @throws IOException if it cannot be read, or is not such a picture
     */
    public static Picture read(InputStream in) throws IOException {
        return read(in, PictureFile.MOST_PIXELS);
    }

    /**
     * Reads a stream.
     *
     * @param in a PNG, JPEG, BMP or GIF; read to its end, not closed
     * @param maxPixels the most pixels that it may have, from 1 to 2147483639
     * @return the picture, upright
     * @throws IOException if it cannot be read, or is not such a picture
     */
    public static Picture read(InputStream in, long maxPixels) throws IOException {
        Objects.requireNonNull(in, "in");
        return PictureFile.read(in, null, PictureFile.checkedMaxPixels(maxPixels), null)
                .decode();
    }

    /**
     * {@return a copy of an image of any type, with its samples as they are, like those of a file} ({@link BufferedImage#getRGB}
     * converts linear greys, so it gives 154 for a grey of 82.)
     *
     * @param image grey, red, green and blue, or a palette, with or without opacity
     * @throws IllegalArgumentException if it has other colours, or signed samples
     */
    public static Picture of(BufferedImage image) {
        Objects.requireNonNull(image, "image");
        return new Picture(PictureDecoder.argb(image), image.getWidth(), image.getHeight());
    }
}
