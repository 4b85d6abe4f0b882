package dev.purecnn.internal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE).order(ByteOrder.LITTLE_ENDIAN);
            Sha256 sha256 = new Sha256();
            Map<String, String> digests = new TreeMap<>();
            for (Tensor tensor : tensors) {
                eachPart(tensor, buffer, sha256::update);
                digests.put(tensor.name(), sha256.hex());
            }
            byte[] header = header(ModelMetadata.write(model, Sha256.of(digests)), tensors);
            checkReadable(header, tensors);
            output.write(buffer.clear().putLong(header.length).flip());
            output.write(ByteBuffer.wrap(header));
            for (Tensor tensor : tensors) {
                eachPart(tensor, buffer, output::write);
            }
            lastCheck.run();
        });
    }

    /** A header's JSON text; spaces after it let the block start at a multiple of 8. */
    private static byte[] header(Map<String, String> metadata, List<Tensor> tensors) {
        StringBuilder json = new StringBuilder("{\"__metadata__\":").append(JsonWriter.json(metadata));
        long begin = 0;
        for (Tensor tensor : tensors) {
            long end = begin + (long) tensor.values().length * Double.BYTES;
            json.append(',').append(JsonWriter.json(tensor.name())).append(":{\"dtype\":\"F64\",\"shape\":");
            json.append(Arrays.toString(tensor.sizes()).replace(" ", ""));
            json.append(",\"data_offsets\":[")
                    .append(begin)
                    .append(',')
                    .append(end)
                    .append("]}");
            begin = end;
        }
        byte[] utf8 = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(utf8, (utf8.length + 7) / 8 * 8);
        Arrays.fill(padded, utf8.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void checkReadable(byte[] header, List<Tensor> tensors) {
        long numbers =
                tensors.stream().mapToLong(tensor -> tensor.values().length).sum();
        long fileSize = SafetensorsHeader.LENGTH_BYTES + header.length + numbers * Double.BYTES;
        long longest = SafetensorsHeader.longest(fileSize);
        try {
            if (header.length > longest) {
                throw new FileFault(
                        0,
                        "at most " + longest + " bytes to describe the network",
                        "" + header.length,
                        "Use fewer layers, or shorter names.");
            }
            ModelMetadata.read(SafetensorsHeader.parse(header, fileSize).metadata());
        } catch (FileFault e) {
            throw new IllegalStateException("CNN: expected a network that fits a model file: " + e.getMessage(), e);
        }
    }

    private interface Part {
        void take(ByteBuffer bytes) throws IOException;
    }

    /** Hands out the values as bytes, little-endian, in parts of whole numbers. */
    private static void eachPart(Tensor tensor, ByteBuffer buffer, Part part) throws IOException {
        buffer.clear();
        for (double value : tensor.values()) {
            if (!buffer.hasRemaining()) {
                part.take(buffer.flip());
                buffer.clear();
            }
            buffer.putDouble(value);
        }
        part.take(buffer.flip());
    }
}
