package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes datasets as IDX files. */
final class IdxWriter {
    private static final int MAGIC = 0x0800; // for unsigned bytes; the number of dimensions is added
    private static final int MOST_CLASSES = 256; // a label is a byte

    private IdxWriter() {}

    static void write(Dataset dataset, Path images, Path labels, PixelScaling scaling) throws IOException {
        if (dataset.size() == 0) {
            throw new IllegalArgumentException(
                    "Idx.save: expected at least 1 image, got none. Such a file could not be read.");
        }
        DatasetChecks.labelled("Idx.save", dataset);
        if (dataset.classes() > MOST_CLASSES) {
            throw new IllegalArgumentException("Idx.save: expected at most " + MOST_CLASSES + " classes, got "
                    + dataset.classes() + ". A label has one byte.");
        }
        scaling.check("Idx.save", dataset.shape());
        try (DataOutputStream out = open(images)) {
            writeImages(dataset, out, scaling);
        }
        try (DataOutputStream out = open(labels)) {
            out.writeInt(MAGIC + 1);
            out.writeInt(dataset.size());
            for (int i = 0; i < dataset.size(); i++) {
                out.writeByte(dataset.label(i));
            }
        }
    }

    private static DataOutputStream open(Path file) throws IOException {
        return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
    }

    private static void writeImages(Dataset dataset, DataOutputStream out, PixelScaling scaling) throws IOException {
        Shape shape = dataset.shape();
        out.writeInt(MAGIC + (shape.channels() == 1 ? 3 : 4));
        out.writeInt(dataset.size());
        if (shape.channels() > 1) {
            out.writeInt(shape.channels());
        }
        out.writeInt(shape.height());
        out.writeInt(shape.width());
        double[] values = new double[shape.size()];
        byte[] pixels = new byte[shape.size()];
        for (int i = 0; i < dataset.size(); i++) {
            dataset.copyImage(i, values, 0);
            for (int cell = 0; cell < values.length; cell++) {
                pixels[cell] = pixel(values[cell], scaling, i, cell, shape);
            }
            out.write(pixels);
        }
    }

    private static byte pixel(double value, PixelScaling scaling, int image, int cell, Shape shape) {
        int channel = cell / (shape.height() * shape.width());
        double black = scaling.scale(channel, 0);
        double white = scaling.scale(channel, PixelScaling.MAX_PIXEL);
        double pixel = Math.rint((value - black) / (white - black) * PixelScaling.MAX_PIXEL);
        if (!(pixel >= 0 && pixel <= PixelScaling.MAX_PIXEL) || scaling.scale(channel, (int) pixel) != value) {
            throw new IllegalArgumentException("Idx.save: expected an 8-bit pixel scaled by " + scaling + ", got "
                    + value + " in image " + image + ", pixel " + cell
                    + ". Give the scaling that the images were read with.");
        }
        return (byte) pixel;
    }
}
