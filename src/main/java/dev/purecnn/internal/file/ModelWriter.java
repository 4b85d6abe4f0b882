package dev.purecnn.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes a network as a safetensors file. */
public final class ModelWriter {
    private static final int BUFFER_SIZE = 1 << 16;

    private ModelWriter() {}

    /**
     * Writes the file, in place of one that may be there.
     *
     * @param file where to
     * @param description of the network
     * @param tensors its parameters
     * @param lastCheck called when all is written and nothing renamed; what it throws leaves the old file as it was
     * @param disk the file system
     * @throws IOException if the file cannot be written
     * @throws IllegalStateException if a reader would refuse the header, for it is too long or too deep
     */
    public static void write(
            Path file, ModelDescription description, List<Tensor> tensors, Runnable lastCheck, Disk disk)
            throws IOException {
        write(file, description, Map.of(), tensors, lastCheck, disk);
    }

    /**
     * Writes a checkpoint, in place of one that may be there: a model with notes.
     *
     * @param file where to
     * @param description of the network
     * @param notes texts by name; at least one
     * @param tensors the network's parameters, then others
     * @param disk the file system
     * @throws IOException if the file cannot be written
     * @throws IllegalStateException if a reader would refuse the header, for it is too long or too deep
     */
    public static void write(
            Path file, ModelDescription description, Map<String, String> notes, List<Tensor> tensors, Disk disk)
            throws IOException {
        write(file, description, notes, tensors, () -> {}, disk);
    }

    private static void write(
            Path file,
            ModelDescription description,
            Map<String, String> notes,
            List<Tensor> tensors,
            Runnable lastCheck,
            Disk disk)
            throws IOException {
        AtomicFile.write(file, disk, output -> {
            Sha256 sha256 = new Sha256();
            eachPart(tensors, sha256::update);
            byte[] header = ModelHeader.json(ModelMetadata.write(description, notes, sha256.hex()), tensors);
            long numbers =
                    tensors.stream().mapToLong(tensor -> tensor.values().length).sum();
            checkReadable(header, ModelHeader.LENGTH_BYTES + header.length + numbers * Double.BYTES);
            ByteBuffer length = littleEndian(ModelHeader.LENGTH_BYTES);
            output.write(length.putLong(0, header.length));
            output.write(ByteBuffer.wrap(header));
            eachPart(tensors, output::write);
            lastCheck.run();
        });
    }

    private static void checkReadable(byte[] header, long fileSize) {
        try {
            long longest = ModelHeader.longest(fileSize);
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
