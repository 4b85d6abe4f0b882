package dev.purecnn.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** An ONNX file as a tree of fields that can be changed, and written with lengths that are right again. */
final class ProtoTree {
    /** By message: the fields that are messages. */
    private static final Map<String, Map<Integer, String>> SCHEMA = Map.of(
            "model", Map.of(7, "graph", 8, "opset", 14, "entry"),
            "graph", Map.of(1, "node", 5, "tensor", 11, "value", 12, "value"),
            "node", Map.of(5, "attribute"),
            "attribute", Map.of(5, "tensor"),
            "value", Map.of(2, "type"),
            "type", Map.of(1, "tensorType"),
            "tensorType", Map.of(2, "shape"),
            "shape", Map.of(1, "dimension"));

    private static final long[] NUMBERS = {
        0,
        1,
        2,
        3,
        4,
        6,
        7,
        8,
        10,
        11,
        16,
        64,
        65,
        255,
        1 << 16,
        Integer.MAX_VALUE,
        1L << 31,
        1L << 40,
        Long.MAX_VALUE,
        -1,
        -2,
        Long.MIN_VALUE
    };

    private int number;
    private int wireType;
    private long value;
    private byte[] bytes = {};
    private List<ProtoTree> fields;

    private ProtoTree() {}

    static ProtoTree read(byte[] file) {
        ProtoTree tree = new ProtoTree();
        tree.wireType = ProtoWriter.LENGTH;
        tree.fields = fields(file, "model");
        return tree;
    }

    private static List<ProtoTree> fields(byte[] bytes, String message) {
        List<ProtoTree> fields = new ArrayList<>();
        int[] at = {0};
        while (at[0] < bytes.length) {
            long tag = varint(bytes, at);
            ProtoTree field = new ProtoTree();
            field.number = (int) (tag >>> 3);
            field.wireType = (int) tag & 7;
            if (field.wireType == ProtoWriter.VARINT) {
                field.value = varint(bytes, at);
            } else {
                int length = field.wireType == 1 ? 8 : field.wireType == 5 ? 4 : (int) varint(bytes, at);
                field.bytes = Arrays.copyOfRange(bytes, at[0], at[0] + length);
                at[0] += length;
                String inside = SCHEMA.getOrDefault(message, Map.of()).get(field.number);
                if (inside != null && field.wireType == ProtoWriter.LENGTH) {
                    field.fields = fields(field.bytes, inside);
                }
            }
            fields.add(field);
        }
        return fields;
    }

    private static long varint(byte[] bytes, int[] at) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int next = bytes[at[0]++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    /** The bytes of the file, or of a field without its tag and length. */
    byte[] content() {
        if (fields == null) {
            return bytes;
        }
        ProtoWriter writer = new ProtoWriter();
        for (ProtoTree field : fields) {
            if (field.wireType == ProtoWriter.VARINT) {
                writer.number(field.number, field.value);
            } else if (field.wireType == ProtoWriter.LENGTH) {
                writer.bytes(field.number, field.content());
            } else {
                ByteBuffer number = ByteBuffer.wrap(field.bytes).order(ByteOrder.LITTLE_ENDIAN);
                writer.number(field.number, number.getFloat()); // ONNX has no single number of 8 bytes
            }
        }
        return writer.bytes();
    }

    /** Changes a field somewhere. */
    void spoil(Random random) {
        List<ProtoTree> parents = new ArrayList<>();
        List<ProtoTree> all = new ArrayList<>();
        collect(parents, all);
        int chosen = random.nextInt(all.size());
        ProtoTree parent = parents.get(chosen);
        ProtoTree field = all.get(chosen);
        ProtoTree other = all.get(random.nextInt(all.size()));
        int place = parent.fields.indexOf(field);
        switch (random.nextInt(7)) {
            case 0 -> parent.fields.remove(place);
            case 1 -> parent.fields.add(place, field.copy());
            case 2 -> parent.fields.set(place, other.copy());
            case 3 -> parent.fields.add(random.nextInt(parent.fields.size() + 1), other.copy());
            case 4 -> field.number = 1 + random.nextInt(20);
            default -> field.change(other, random);
        }
    }

    private void change(ProtoTree other, Random random) {
        if (wireType == ProtoWriter.VARINT) {
            value = random.nextInt(3) == 0 ? value + random.nextInt(3) - 1 : NUMBERS[random.nextInt(NUMBERS.length)];
        } else if (wireType == ProtoWriter.LENGTH && random.nextBoolean()) {
            bytes = other.copy().content();
            fields = null;
        } else if (bytes.length > 0) {
            bytes = bytes.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            fields = null;
        }
    }

    private ProtoTree copy() {
        ProtoTree copy = new ProtoTree();
        copy.number = number;
        copy.wireType = wireType;
        copy.value = value;
        copy.bytes = bytes;
        copy.fields = fields == null
                ? null
                : new ArrayList<>(fields.stream().map(ProtoTree::copy).toList());
        return copy;
    }

    private void collect(List<ProtoTree> parents, List<ProtoTree> all) {
        for (ProtoTree field : fields) {
            parents.add(this);
            all.add(field);
            if (field.fields != null) {
                field.collect(parents, all);
            }
        }
    }
}
