package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** The one class of this package that needs java.desktop: decodes a picture that fits in memory. */
final class PictureDecoder {
    private static final int OPAQUE = 255;
    private static final int BITS = 8;

    private final PictureFile file;
    private final String format;
    private String warning;

    PictureDecoder(PictureFile file, String format) {
        this.file = file;
        this.format = format;
    }

    byte[] decode(byte[] bytes, Shape shape) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format).next(); // every JDK has both
        // not ImageIO's own stream, which may write to a file
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(in, true, true);
            reader.addIIOReadWarningListener((source, text) -> warning = text);
            checkSize(reader.getWidth(0), reader.getHeight(0), shape);
            BufferedImage image = reader.read(0);
            if (warning != null) {
                throw damaged(warning);
            }
            return image.getColorModel() instanceof IndexColorModel palette
                    ? indexed(image.getRaster(), palette, shape)
                    : direct(image, shape);
        } catch (ImageFormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // decoders trip over bad data in many ways
            throw damaged(String.valueOf(e.getMessage()));
        } finally {
            reader.dispose();
        }
    }

    private ImageFormatException damaged(String fault) {
        String printable = fault.replaceAll("[^ -~]", "?");
        return file.refusal(0, "a whole picture", "damage (" + printable + ")", "Save it again.");
    }

    private void checkSize(int width, int height, Shape shape) throws ImageFormatException {
        if (width != shape.width() || height != shape.height()) {
            String expected = "a picture of " + PictureFile.sizeOf(shape);
            throw file.refusal(0, expected, height + " x " + width, "Scale it, or give the size that it has.");
        }
    }

    private byte[] indexed(Raster raster, IndexColorModel palette, Shape shape) throws ImageFormatException {
        byte[] pixels = new byte[shape.size()];
        for (int i = 0; i < shape.height() * shape.width(); i++) {
            int index = raster.getSample(i % shape.width(), i / shape.width(), 0);
            if (index >= palette.getMapSize()) {
                String expected = "colours from 0 to " + (palette.getMapSize() - 1);
                throw file.refusal(0, expected, index + at(i, shape), "Save it again.");
            }
            checkOpaque(palette.getAlpha(index), i, shape);
            set(pixels, i, shape, palette.getRed(index), palette.getGreen(index), palette.getBlue(index));
        }
        return pixels;
    }

    /** Takes the samples as they are: BufferedImage.getRGB would lighten grey ones. */
    private byte[] direct(BufferedImage image, Shape shape) throws ImageFormatException {
        ColorModel model = image.getColorModel();
        Raster raster = image.getRaster();
        int colours = model.getNumColorComponents();
        if (colours != 1 && colours != 3) {
            throw file.refusal(0, "grey, or red, green and blue", colours + " channels", "Convert it.");
        }
        byte[] pixels = new byte[shape.size()];
        for (int i = 0; i < shape.height() * shape.width(); i++) {
            if (model.hasAlpha()) {
                checkOpaque(sample(raster, model, i, colours, shape), i, shape);
            }
            int red = sample(raster, model, i, 0, shape);
            int green = colours == 1 ? red : sample(raster, model, i, 1, shape);
            int blue = colours == 1 ? red : sample(raster, model, i, 2, shape);
            set(pixels, i, shape, red, green, blue);
        }
        return pixels;
    }

    private static int sample(Raster raster, ColorModel model, int pixel, int band, Shape shape) {
        int value = raster.getSample(pixel % shape.width(), pixel / shape.width(), band);
        return value >> model.getComponentSize(band) - BITS;
    }

    private void checkOpaque(int alpha, int pixel, Shape shape) throws ImageFormatException {
        if (alpha != OPAQUE) {
            String got = "opacity " + alpha + " of " + OPAQUE + at(pixel, shape);
            throw file.refusal(0, "an opaque picture", got, "Put a background behind it.");
        }
    }

    private static String at(int pixel, Shape shape) {
        return " at row " + pixel / shape.width() + ", column " + pixel % shape.width();
    }

    private static void set(byte[] pixels, int pixel, Shape shape, int red, int green, int blue) {
        if (shape.channels() == 1) {
            pixels[pixel] = (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000); // ITU-R BT.601
        } else {
            int plane = shape.height() * shape.width();
            pixels[pixel] = (byte) red;
            pixels[plane + pixel] = (byte) green;
            pixels[2 * plane + pixel] = (byte) blue;
        }
    }
}
