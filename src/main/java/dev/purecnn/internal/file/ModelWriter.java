package dev.purecnn.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** Writes a network as a safetensors file. */
public final class ModelWriter {
    private static final int BUFFER_SIZE = 1 << 16;

    private ModelWriter() {}

    /**
     * Writes the file, in place of one that may be there.
     *
     * @param tensors the network's parameters, then those of a training
     * @param lastCheck called when all is written and nothing renamed; what it throws leaves the old file as it was
     * @throws IllegalStateException if a reader would refuse the header, for it is too long or too deep
     */
    public static void write(Path file, Model model, List<Tensor> tensors, Runnable lastCheck, Disk disk)
            throws IOException {
        AtomicFile.write(file, disk, output -> {
            Sha256 sha256 = new Sha256();
            eachPart(tensors, sha256::update);
            byte[] header = ModelHeader.json(ModelMetadata.write(model, sha256.hex()), tensors);
            checkReadable(header, tensors);
            output.write(littleEndian(ModelHeader.LENGTH_BYTES).putLong(0, header.length));
            output.write(ByteBuffer.wrap(header));
            eachPart(tensors, output::write);
            lastCheck.run();
        });
    }

    private static void checkReadable(byte[] header, List<Tensor> tensors) {
        long numbers =
                tensors.stream().mapToLong(tensor -> tensor.values().length).sum();
        long fileSize = ModelHeader.LENGTH_BYTES + header.length + numbers * Double.BYTES;
        long longest = ModelHeader.longest(fileSize);
        try {
            if (header.length > longest) {
                throw new FileFault(
                        0,
                        "at most " + longest + " bytes to describe the network",
                        "" + header.length,
                        "Use fewer layers, or shorter names.");
            }
            ModelMetadata.read(ModelHeader.parse(header, fileSize).metadata());
        } catch (FileFault e) {
            throw new IllegalStateException("CNN: expected a network that fits a model file: " + e.getMessage(), e);
        }
    }

    static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private interface Part {
        void take(ByteBuffer bytes) throws IOException;
    }

    /** Hands out the values as bytes, little-endian, in parts of whole numbers. */
    private static void eachPart(List<Tensor> tensors, Part part) throws IOException {
        ByteBuffer buffer = littleEndian(BUFFER_SIZE);
        for (Tensor tensor : tensors) {
            for (double value : tensor.values()) {
                if (!buffer.hasRemaining()) {
                    part.take(buffer.flip());
                    buffer.clear();
                }
                buffer.putDouble(value);
            }
        }
        part.take(buffer.flip());
    }
}
