package dev.purecnn.internal.file;

import dev.purecnn.layer.Shape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file: one JSON object, of metadata and of each tensor's type, shape and place in the block of
 * numbers that follows.
 *
 * @param metadata texts by name
 * @param tensors in the order of the block, without gaps
 * @param blockLength in bytes
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
record ModelHeader(Map<String, Text> metadata, List<Entry> tensors, long blockLength) {
    /** The header's length, which stands before it. */
    static final int LENGTH_BYTES = Long.BYTES;
    /** With so many bytes, and so many names as are usual, it takes less than 1 MiB to read a header, however it is made. */
    private static final int USUAL = 1 << 17;
    /** A longer header, or one of more tensors, is for longer files: reading it takes less memory than they are long. */
    private static final int FILE_TO_HEADER = 16;

    static final int FILE_TO_TENSOR = 1024;
    private static final int LONGEST = 1 << 24;

    private static final String REMEDY = "Save the model again.";

    /** A metadata text and its place in the file. */
    record Text(String text, long position) {}

    /** A tensor in the block: from byte {@code begin} on. */
    record Entry(String name, Shape shape, long begin, long position) {
        long end() {
            return begin + (long) shape.size() * Double.BYTES;
        }
    }

    /** How many bytes the header of a file of that size may have. */
    static long longest(long fileSize) {
        return Math.max(USUAL, Math.min(LONGEST, fileSize / FILE_TO_HEADER));
    }

    /** Reads the JSON text of the header, right after its length, of a file of that size. */
    static ModelHeader parse(byte[] json, long fileSize) throws FileFault {
        long mostNames = Math.max(JsonReader.MOST_NAMES, fileSize / FILE_TO_TENSOR);
        JsonReader reader = new JsonReader(json, LENGTH_BYTES, mostNames);
        Map<String, Text> metadata = new HashMap<>();
        List<Entry> tensors = new ArrayList<>();
        long end = 0;
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            if (name.equals("__metadata__")) {
                readMetadata(reader, metadata);
                continue;
            }
            Entry tensor = readTensor(reader, name, end);
            tensors.add(tensor);
            end = tensor.end();
        }
        reader.end();
        return new ModelHeader(metadata, tensors, end);
    }

    private static void readMetadata(JsonReader reader, Map<String, Text> metadata) throws FileFault {
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            long position = reader.position();
            metadata.put(name, new Text(reader.string(), position));
        }
    }

    private static Entry readTensor(JsonReader reader, String name, long begin) throws FileFault {
        long position = reader.position();
        boolean typed = false;
        Shape shape = null;
        long[] offsets = null;
        reader.beginObject();
        for (String key = reader.nextName(); key != null; key = reader.nextName()) {
            long at = reader.position();
            switch (key) {
                case "dtype" -> typed = isDouble(reader.string(), at);
                case "shape" -> shape = shape(integers(reader, 3), at);
                case "data_offsets" -> offsets = integers(reader, 2);
                default -> throw new FileFault(at, "dtype, shape and data_offsets", "something else", REMEDY);
            }
        }
        if (!typed || shape == null || offsets == null) {
            throw new FileFault(position, "dtype, shape and data_offsets", "a tensor without one of them", REMEDY);
        }
        Entry entry = new Entry(name, shape, begin, position);
        if (offsets[0] != begin || offsets[1] != entry.end()) {
            throw new FileFault(
                    position,
                    "data_offsets of " + begin + " and " + entry.end() + " for " + shape + " numbers",
                    offsets[0] + " and " + offsets[1],
                    REMEDY);
        }
        return entry;
    }

    private static boolean isDouble(String type, long at) throws FileFault {
        if (!type.equals("F64")) {
            throw new FileFault(at, "the type F64", "another", "Convert the numbers to double precision.");
        }
        return true;
    }

    static Shape shape(long[] sizes, long at) throws FileFault {
        try {
            return Shape.of(Math.toIntExact(sizes[0]), Math.toIntExact(sizes[1]), Math.toIntExact(sizes[2]));
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new FileFault(
                    at,
                    "3 sizes of at least 1, of at most " + Integer.MAX_VALUE + " numbers together",
                    sizes[0] + ", " + sizes[1] + " and " + sizes[2],
                    REMEDY);
        }
    }

    static long[] integers(JsonReader reader, int count) throws FileFault {
        long at = reader.position();
        long[] integers = new long[count];
        int n = 0;
        reader.beginArray();
        while (reader.nextElement()) {
            if (n == count) {
                throw new FileFault(at, count + " whole numbers", "more", REMEDY);
            }
            integers[n++] = reader.integer();
        }
        if (n < count) {
            throw new FileFault(at, count + " whole numbers", "fewer", REMEDY);
        }
        return integers;
    }

    /** A header's JSON text; spaces after it let the block start at a multiple of 8. */
    static byte[] json(Map<String, String> metadata, List<Tensor> tensors) {
        StringBuilder json = new StringBuilder("{\"__metadata__\":{");
        String comma = "";
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            json.append(comma).append(JsonReader.quoted(entry.getKey()));
            json.append(':').append(JsonReader.quoted(entry.getValue()));
            comma = ",";
        }
        json.append('}');
        long begin = 0;
        for (Tensor tensor : tensors) {
            Entry entry = new Entry(tensor.name(), tensor.shape(), begin, 0);
            json.append(',').append(JsonReader.quoted(tensor.name())).append(":{\"dtype\":\"F64\",\"shape\":[");
            json.append(entry.shape.channels())
                    .append(',')
                    .append(entry.shape.height())
                    .append(',');
            json.append(entry.shape.width())
                    .append("],\"data_offsets\":[")
                    .append(begin)
                    .append(',');
            json.append(entry.end()).append("]}");
            begin = entry.end();
        }
        byte[] utf8 = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = new byte[(utf8.length + 7) / 8 * 8];
        Arrays.fill(padded, (byte) ' ');
        System.arraycopy(utf8, 0, padded, 0, utf8.length);
        return padded;
    }
}
