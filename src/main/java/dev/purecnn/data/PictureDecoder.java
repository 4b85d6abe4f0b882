package dev.purecnn.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** What needs java.desktop: the JDK's decoder of JPEG, and its images. */
final class PictureDecoder {
    private static final int BITS = 8;

    private final PictureFile file;
    private String warning;

    PictureDecoder(PictureFile file) {
        this.file = file;
    }

    /** Decodes a JPEG that has been checked. */
    int[] decode(byte[] jpeg, int width, int height) throws IOException {
        ImageReader reader = reader();
        // not ImageIO's own stream, which may write to a file
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(jpeg))) {
            reader.setInput(in, true, true);
            reader.addIIOReadWarningListener((source, text) -> warning = text);
            BufferedImage image = reader.read(0);
            if (warning != null || image.getWidth() != width || image.getHeight() != height) {
                throw file.damaged(0, warning == null ? "another size" : warning);
            }
            return argb(image);
        } catch (ImageFormatException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // decoders fail on bad data in many ways
            throw file.damaged(0, String.valueOf(e.getMessage()));
        } finally {
            reader.dispose();
        }
    }

    /** The JDK's own, since a plug-in would give other bits. */
    private static ImageReader reader() {
        Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
        while (true) { // every JDK has it
            ImageReader reader = readers.next();
            if (reader.getClass().getName().startsWith("com.sun.imageio.")) {
                return reader;
            }
        }
    }

    /** The samples of an image as they are: getRGB would convert them from its colour space. */
    static int[] argb(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        Raster raster = image.getRaster();
        ColorModel model = image.getColorModel();
        int[] argb = new int[width * height];
        if (model instanceof IndexColorModel palette) {
            for (int i = 0; i < argb.length; i++) {
                argb[i] = palette.getRGB(raster.getSample(i % width, i / width, 0));
            }
            return argb;
        }
        int colours = model.getNumColorComponents();
        int space = model.getColorSpace().getType();
        boolean grey = space == ColorSpace.TYPE_GRAY && colours == 1;
        if (!grey && (space != ColorSpace.TYPE_RGB || colours != 3)
                || model.getTransferType() == DataBuffer.TYPE_SHORT) {
            throw new IllegalArgumentException("Pictures.of: expected grey, or red, green and blue, got " + image
                    + ". Draw it into a BufferedImage of TYPE_INT_ARGB first.");
        }
        int bands = raster.getNumBands();
        boolean alpha = model.hasAlpha();
        int green = grey ? 0 : 1;
        int blue = grey ? 0 : 2;
        int[] row = new int[width * bands];
        for (int y = 0; y < height; y++) {
            readRow(raster, model, y, row);
            for (int x = 0, i = 0; x < width; x++, i += bands) {
                int opacity = alpha ? row[i + blue + 1] : 255;
                argb[y * width + x] = opacity << 24 | row[i] << 16 | row[i + green] << 8 | row[i + blue];
            }
        }
        if (model.isAlphaPremultiplied()) {
            for (int i = 0; i < argb.length; i++) {
                argb[i] = unmultiplied(argb[i]);
            }
        }
        return argb;
    }

    /** The samples of a row, as eight bits each. */
    private static void readRow(Raster raster, ColorModel model, int y, int[] row) {
        int bands = raster.getNumBands();
        int width = row.length / bands;
        int type = model.getTransferType();
        if (model instanceof ComponentColorModel && type == DataBuffer.TYPE_BYTE && model.getComponentSize(0) == BITS) {
            byte[] samples = (byte[]) raster.getDataElements(0, y, width, 1, null); // faster, for most images
            for (int i = 0; i < row.length; i++) {
                row[i] = samples[i] & 0xff;
            }
        } else if (type >= DataBuffer.TYPE_FLOAT) {
            double[] samples = raster.getPixels(0, y, width, 1, (double[]) null);
            for (int i = 0; i < row.length; i++) {
                row[i] = (int) Math.max(0, Math.min(255, samples[i] * 255 + 0.5));
            }
        } else {
            raster.getPixels(0, y, width, 1, row);
            for (int i = 0; i < row.length; i++) {
                row[i] = eightBits(row[i], model.getComponentSize(i % bands));
            }
        }
    }

    private static int unmultiplied(int pixel) {
        int alpha = pixel >>> 24;
        int result = alpha << 24;
        for (int shift = 0; alpha > 0 && shift < 24; shift += BITS) {
            result |= Math.min(255, (255 * (pixel >> shift & 0xff) + alpha / 2) / alpha) << shift;
        }
        return result;
    }

    /** Of more than eight bits the upper eight; fewer are spread over 0 to 255, and rounded. */
    private static int eightBits(int sample, int bits) {
        if (bits >= BITS) {
            return sample >>> bits - BITS & 0xff;
        }
        int most = (1 << bits) - 1;
        return (sample * 255 + most / 2) / most;
    }
}
