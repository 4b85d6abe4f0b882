package dev.purecnn.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Writes small safetensors files. */
final class SafetensorsFile {
    private final List<String> entries = new ArrayList<>();
    private final ByteArrayOutputStream block = new ByteArrayOutputStream();

    /** Adds a tensor of doubles. */
    SafetensorsFile with(String name, IntToDoubleFunction values, int... sizes) {
        int count = 1;
        for (int size : sizes) {
            count *= size;
        }
        ByteBuffer bytes = ByteBuffer.allocate(count * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putDouble(values.applyAsDouble(i));
        }
        return with(name, "F64", bytes.array(), sizes);
    }

    SafetensorsFile with(String name, String type, byte[] bytes, int... sizes) {
        StringBuilder shape = new StringBuilder();
        for (int size : sizes) {
            shape.append(shape.isEmpty() ? "" : ",").append(size);
        }
        entries.add("\"" + name + "\":{\"dtype\":\"" + type + "\",\"shape\":[" + shape + "],\"data_offsets\":["
                + block.size() + "," + (block.size() + bytes.length) + "]}");
        block.writeBytes(bytes);
        return this;
    }

    byte[] bytes() {
        return bytes("{" + String.join(",", entries) + "}", block.toByteArray());
    }

    static byte[] bytes(String header, byte[] block) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + json.length + block.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(block)
                .array();
    }

    Path write(Path file) throws IOException {
        return Files.write(file, bytes());
    }
}
