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
 * <p><b>Formats:</b> PNG, JPEG, BMP, and of a GIF the first frame; the first bytes tell, not the name. Pictures come upright:
 * EXIF's orientation is applied, in JPEG and in PNG. Samples are taken as they are: colour profiles and gamma are ignored; of
 * 16 bits the upper eight count; and so is what follows a picture in its file. A picture that is not whole and sound is
 * refused.
 *
 * <p><b>The same bits everywhere:</b> PNG, BMP and GIF are decoded by this library, JPEG by the JDK. JPEGs that JDKs decode
 * differently are refused, with the fix: arithmetic coding, chroma halved in height alone (4:4:0, which a lossless turn of an
 * ordinary photo by 90 degrees gives), incomplete progressive files. So is CMYK.
 *
 * <p><b>Limits:</b> a picture has at most 100 million pixels, unless you allow more; it is told from its header, before
 * anything is decoded. A JPEG has at most 100 scans, and progressive scans of 10 times that many pixels in all. Memory: up to
 * eight bytes per pixel (twelve while a picture is turned), and the file.
 *
 * <p>JPEG and {@link #of} need java.desktop: a module that uses them says {@code requires java.desktop;}. Without it, reading a
 * JPEG throws an {@link IllegalStateException}.
 */
@SuppressWarnings("exports") // of BufferedImage: whoever has one requires java.desktop
public final class Pictures {
    private Pictures() {}

    /**
     * Reads a file of at most 100 million pixels.
     *
     * @param file a PNG, JPEG, BMP or GIF; a link is not followed
     * @return the picture, upright
     * @throws NullPointerException if the file is null
     * @throws ImageFormatException if it is no such picture, not whole and sound, or too large
     * @throws IOException if it cannot be read
     */
    public static Picture read(Path file) throws IOException {
        return read(file, PictureFile.MOST_PIXELS);
    }

    /**
     * Reads a file.
     *
     * @param file a PNG, JPEG, BMP or GIF; a link is not followed
     * @param maxPixels the most pixels that it may have, at least 1
     * @return the picture, upright
     * @throws NullPointerException if the file is null
     * @throws IllegalArgumentException if {@code maxPixels} is not from 1 to 2147483639
     * @throws ImageFormatException if it is no such picture, not whole and sound, or too large
     * @throws IOException if it cannot be read
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
     * @throws NullPointerException if the stream is null
     * @throws ImageFormatException if it is no such picture, not whole and sound, or too large
     * @throws IOException if it cannot be read
     */
    public static Picture read(InputStream in) throws IOException {
        return read(in, PictureFile.MOST_PIXELS);
    }

    /**
     * Reads a stream.
     *
     * @param in a PNG, JPEG, BMP or GIF; read to its end, not closed
     * @param maxPixels the most pixels that it may have, at least 1
     * @return the picture, upright
     * @throws NullPointerException if the stream is null
     * @throws IllegalArgumentException if {@code maxPixels} is not from 1 to 2147483639
     * @throws ImageFormatException if it is no such picture, not whole and sound, or too large
     * @throws IOException if it cannot be read
     */
    public static Picture read(InputStream in, long maxPixels) throws IOException {
        Objects.requireNonNull(in, "in");
        return PictureFile.read(in, null, PictureFile.checkedMaxPixels(maxPixels), null)
                .decode();
    }

    /**
     * The picture in an image of any type: its samples as they are, like those of a file. ({@link BufferedImage#getRGB}
     * converts linear greys, so that it gives 154 for a grey of 82.)
     *
     * @param image grey, red, green and blue, or a palette, with or without opacity
     * @return a copy
     * @throws NullPointerException if the image is null
     * @throws IllegalArgumentException if it has other colours, or signed samples
     */
    public static Picture of(BufferedImage image) {
        Objects.requireNonNull(image, "image");
        return new Picture(PictureDecoder.argb(image), image.getWidth(), image.getHeight());
    }
}
