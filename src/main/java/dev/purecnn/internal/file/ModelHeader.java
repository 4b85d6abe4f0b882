package dev.purecnn.internal.file;

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

    static final int LONGEST = 1 << 24;
    /** Reading a header of this many bytes and of as many names as are usual takes less than 1 MiB, whichever they are. */
    private static final int USUAL = 1 << 17;
    /** A longer header, or one of more tensors, is for longer files: reading it takes less memory than they are long. */
    private static final int FILE_TO_HEADER = 16;

    static final int FILE_TO_TENSOR = 1024;

    private static final String REMEDY = "Save the model again.";

    /** A metadata text and its place in the file. */
    record Text(String text, long position) {}

    /** A tensor in the block: from byte {@code begin} to byte {@code end}. */
    record Entry(String name, int[] dimensions, long begin, long end, long position) {
        int length() {
            return (int) ((end - begin) / Double.BYTES);
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
        int[] dimensions = null;
        long[] offsets = null;
        reader.beginObject();
        for (String key = reader.nextName(); key != null; key = reader.nextName()) {
            long at = reader.position();
            switch (key) {
                case "dtype" -> typed = isDouble(reader.string(), at);
                case "shape" -> dimensions = dimensions(reader);
                case "data_offsets" -> offsets = reader.integers(2);
                default -> throw new FileFault(at, "dtype, shape and data_offsets", "something else", REMEDY);
            }
        }
        if (!typed || dimensions == null || offsets == null) {
            throw new FileFault(position, "dtype, shape and data_offsets", "a tensor without one of them", REMEDY);
        }
        long end = begin + length(dimensions) * Double.BYTES;
        if (offsets[0] != begin || offsets[1] != end) {
            throw new FileFault(
                    position,
                    "data_offsets of " + begin + " and " + end + " for " + Tensor.text(dimensions) + " numbers",
                    offsets[0] + " and " + offsets[1],
                    REMEDY);
        }
        return new Entry(name, dimensions, begin, end, position);
    }

    private static boolean isDouble(String type, long at) throws FileFault {
        if (!type.equals("F64")) {
            throw new FileFault(at, "the type F64", "another", "Convert the numbers to double precision.");
        }
        return true;
    }

    /** Three sizes, of no more numbers together than an array can hold. */
    static int[] dimensions(JsonReader reader) throws FileFault {
        long at = reader.position();
        long[] sizes = reader.integers(3);
        int[] dimensions = new int[sizes.length];
        long product = 1;
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] < 1 || sizes[i] > Integer.MAX_VALUE / product) {
                throw new FileFault(
                        at,
                        "3 sizes of at least 1, of at most " + Integer.MAX_VALUE + " numbers together",
                        sizes[0] + ", " + sizes[1] + " and " + sizes[2],
                        REMEDY);
            }
            product *= sizes[i];
            dimensions[i] = (int) sizes[i];
        }
        return dimensions;
    }

    private static long length(int[] dimensions) {
        return (long) dimensions[0] * dimensions[1] * dimensions[2];
    }

    /** A header's JSON text; spaces after it let the block start at a multiple of 8. */
    static byte[] json(Map<String, String> metadata, List<Tensor> tensors) {
        StringBuilder json = new StringBuilder("{\"__metadata__\":").append(JsonWriter.json(metadata));
        long begin = 0;
        for (Tensor tensor : tensors) {
            long end = begin + (long) tensor.values().length * Double.BYTES;
            json.append(',').append(JsonWriter.json(tensor.name()));
            json.append(":{\"dtype\":\"F64\",\"shape\":[")
                    .append(Tensor.text(tensor.dimensions()).replace(" x ", ","))
                    .append("],\"data_offsets\":[");
            json.append(begin).append(',').append(end).append("]}");
            begin = end;
        }
        byte[] utf8 = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(utf8, (utf8.length + 7) / 8 * 8);
        Arrays.fill(padded, utf8.length, padded.length, (byte) ' ');
        return padded;
    }
}
