package dev.purecnn.internal.file;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file of any writer: tensors of any type, rank and order, which fill the block without gaps or
 * overlaps.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
public final class SafetensorsHeader {
    private static final Map<String, Integer> BYTES = Map.ofEntries(
            Map.entry("F64", 8),
            Map.entry("F32", 4),
            Map.entry("F16", 2),
            Map.entry("BF16", 2),
            Map.entry("I64", 8),
            Map.entry("I32", 4),
            Map.entry("I16", 2),
            Map.entry("I8", 1),
            Map.entry("U64", 8),
            Map.entry("U32", 4),
            Map.entry("U16", 2),
            Map.entry("U8", 1),
            Map.entry("BOOL", 1),
            Map.entry("F8_E4M3", 1),
            Map.entry("F8_E5M2", 1));
    private static final int MOST_RANK = 32;
    private static final String REMEDY = "The file is damaged, or no safetensors file: write it again.";

    private SafetensorsHeader() {}

    /** A tensor from byte {@code begin} of the block to {@code end}; {@code position} is where the header describes it. */
    public record Entry(String name, String type, long[] sizes, long begin, long end, long position) {}

    /** How many bytes the header of a file of that size may have. */
    public static long longest(long fileSize) {
        return ModelHeader.longest(fileSize);
    }

    /**
     * Reads a header.
     *
     * @param json the JSON text, right after its length of 8 bytes
     * @param fileSize in bytes
     * @return the tensors in the header's order, all of them within the file
     * @throws FileFault if the header is malformed or does not fit the file
     */
    public static List<Entry> parse(byte[] json, long fileSize) throws FileFault {
        JsonReader reader = new JsonReader(
                json, ModelHeader.LENGTH_BYTES, Math.max(JsonReader.MOST_NAMES, fileSize / ModelHeader.FILE_TO_TENSOR));
        List<Entry> tensors = new ArrayList<>();
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            if (name.equals("__metadata__")) {
                skipTexts(reader);
            } else {
                tensors.add(tensor(reader, name));
            }
        }
        reader.end();
        checkBlock(tensors, fileSize - ModelHeader.LENGTH_BYTES - json.length);
        return tensors;
    }

    private static void skipTexts(JsonReader reader) throws FileFault {
        reader.beginObject();
        while (reader.nextName() != null) {
            reader.string();
        }
    }

    private static Entry tensor(JsonReader reader, String name) throws FileFault {
        long position = reader.position();
        String type = null;
        long[] sizes = null;
        long[] offsets = null;
        reader.beginObject();
        for (String key = reader.nextName(); key != null; key = reader.nextName()) {
            switch (key) {
                case "dtype" -> type = reader.string();
                case "shape" -> sizes = sizes(reader);
                case "data_offsets" -> offsets = reader.integers(2);
                default ->
                    throw new FileFault(reader.position(), "dtype, shape and data_offsets", "something else", REMEDY);
            }
        }
        if (type == null || sizes == null || offsets == null) {
            throw new FileFault(position, "dtype, shape and data_offsets", "a tensor without one of them", REMEDY);
        }
        return checked(new Entry(name, type, sizes, offsets[0], offsets[1], position));
    }

    private static long[] sizes(JsonReader reader) throws FileFault {
        long at = reader.position();
        long[] sizes = {};
        reader.beginArray();
        while (reader.nextElement()) {
            if (sizes.length == MOST_RANK) {
                throw new FileFault(at, "at most " + MOST_RANK + " dimensions", "more", REMEDY);
            }
            sizes = Arrays.copyOf(sizes, sizes.length + 1);
            sizes[sizes.length - 1] = reader.integer();
            if (sizes[sizes.length - 1] < 0) {
                throw new FileFault(at, "sizes of at least 0", "" + sizes[sizes.length - 1], REMEDY);
            }
        }
        return sizes;
    }

    private static Entry checked(Entry entry) throws FileFault {
        if (entry.begin < 0 || entry.end < entry.begin) {
            throw new FileFault(
                    entry.position, "data_offsets from 0 on, in order", entry.begin + " and " + entry.end, REMEDY);
        }
        Integer bytes = BYTES.get(entry.type);
        if (bytes != null && entry.end - entry.begin != length(entry, bytes)) {
            throw new FileFault(
                    entry.position,
                    length(entry, bytes) + " bytes for " + entry.type + " numbers of " + Arrays.toString(entry.sizes),
                    (entry.end - entry.begin) + " bytes",
                    REMEDY);
        }
        return entry;
    }

    private static long length(Entry entry, int bytes) throws FileFault {
        long length = bytes;
        try {
            for (long size : entry.sizes) {
                length = Math.multiplyExact(length, size);
            }
            return length;
        } catch (ArithmeticException e) {
            throw new FileFault(
                    entry.position, "sizes that fit a file", Arrays.toString(entry.sizes) + " numbers", REMEDY);
        }
    }

    private static void checkBlock(List<Entry> tensors, long blockLength) throws FileFault {
        List<Entry> inBlock = new ArrayList<>(tensors);
        inBlock.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long end = 0;
        for (Entry tensor : inBlock) {
            if (tensor.begin != end) { // overlapping tensors would take more memory than the file has bytes
                throw new FileFault(
                        tensor.position, "a tensor from byte " + end + " of the block", "" + tensor.begin, REMEDY);
            }
            end = tensor.end;
        }
        if (end != blockLength) {
            throw new FileFault(0, end + " bytes of numbers after the header", blockLength + " bytes", REMEDY);
        }
    }
}
