package dev.purecnn.internal.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file of any writer: one JSON object, of metadata and of each tensor's type, sizes and place in the
 * block of numbers that follows. The tensors fill the block without gaps or overlaps.
 *
 * @param metadata texts by name
 * @param tensors in the header's order
 * @param blockStart where the block starts in the file
 * @see <a href="https://github.com/huggingface/safetensors#format">The format</a>
 */
public record SafetensorsHeader(Map<String, Text> metadata, List<Entry> tensors, long blockStart) {
    /** The header's length, which stands before it. */
    static final int LENGTH_BYTES = Long.BYTES;

    private static final int LONGEST = 1 << 24;
    /** Reading a header of this many bytes and of as many names as are usual takes less than 1 MiB, whichever they are. */
    private static final int USUAL = 1 << 17;
    /** A longer header, or one of more tensors, is for longer files: reading it takes less memory than they are long. */
    private static final int FILE_TO_HEADER = 16;

    private static final int FILE_TO_TENSOR = 1024;
    private static final int MOST_RANK = 32;
    private static final String REMEDY = "The file is damaged or not whole: fetch it again, or write it again.";

    /** A metadata text and its place in the file. */
    public record Text(String text, long position) {}

    /** A tensor from byte {@code begin} of the block to {@code end}; {@code position} is where the header describes it. */
    public record Entry(String name, String type, long[] sizes, long begin, long end, long position) {
        /** In numbers of double precision. */
        long length() {
            return (end - begin) / Double.BYTES;
        }
    }

    /** How many bytes the header of a file of that size may have. */
    static long longest(long fileSize) {
        return Math.max(USUAL, Math.min(LONGEST, fileSize / FILE_TO_HEADER));
    }

    /**
     * Reads the header.
     *
     * @param input at the file's start
     * @param kind what the file should be, with its article: {@code a model file}
     * @param remedy what to do if it is something else
     * @throws FileFault if it is no such file, or the header is malformed or does not fit the file
     */
    public static SafetensorsHeader read(BinaryInput input, String kind, String remedy) throws IOException {
        long size = input.size();
        byte[] first = input.readBytes((int) Math.min(size, ForeignFile.LONGEST_START));
        input.seek(0);
        long length = size < LENGTH_BYTES ? -1 : input.readLong();
        boolean isJson = size == LENGTH_BYTES || size > LENGTH_BYTES && first[LENGTH_BYTES] == '{';
        if (length < 0 || length > LONGEST || !isJson) {
            throw new FileFault(0, kind, "no " + kind.substring(2) + ": " + ForeignFile.start(first, size), remedy);
        }
        long most = Math.min(longest(size), size - LENGTH_BYTES);
        if (length > most) {
            throw new FileFault(0, "a header's length from 0 to " + most, Long.toString(length), REMEDY);
        }
        return parse(input.readBytes((int) length), size);
    }

    /** Reads the JSON text of the header, right after its length, of a file of that size. */
    static SafetensorsHeader parse(byte[] json, long fileSize) throws FileFault {
        JsonReader reader =
                new JsonReader(json, LENGTH_BYTES, Math.max(JsonReader.MOST_NAMES, fileSize / FILE_TO_TENSOR));
        Map<String, Text> metadata = new HashMap<>();
        List<Entry> tensors = new ArrayList<>();
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            if (name.equals("__metadata__")) {
                readMetadata(reader, metadata);
            } else {
                tensors.add(tensor(reader, name));
            }
        }
        reader.end();
        SafetensorsHeader header = new SafetensorsHeader(metadata, tensors, LENGTH_BYTES + json.length);
        header.checkBlock(fileSize);
        return header;
    }

    private static void readMetadata(JsonReader reader, Map<String, Text> metadata) throws FileFault {
        reader.beginObject();
        for (String name = reader.nextName(); name != null; name = reader.nextName()) {
            long position = reader.position();
            metadata.put(name, new Text(reader.string(), position));
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
        int bytes = bytes(entry.type);
        if (bytes > 0 && entry.end - entry.begin != length(entry, bytes)) {
            throw new FileFault(
                    entry.position,
                    length(entry, bytes) + " bytes for " + entry.type + " numbers of " + Arrays.toString(entry.sizes),
                    (entry.end - entry.begin) + " bytes",
                    REMEDY);
        }
        return entry;
    }

    /** Of a number of that type; 0 if the type is not known. */
    private static int bytes(String type) {
        return switch (type) {
            case "F64", "I64", "U64" -> 8;
            case "F32", "I32", "U32" -> 4;
            case "F16", "BF16", "I16", "U16" -> 2;
            case "I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2" -> 1;
            default -> 0;
        };
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

    /** The tensors in the order of the block. */
    List<Entry> inBlock() {
        List<Entry> inBlock = new ArrayList<>(tensors);
        inBlock.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        return inBlock;
    }

    private void checkBlock(long fileSize) throws FileFault {
        long end = 0;
        for (Entry tensor : inBlock()) {
            if (tensor.begin != end) { // overlapping tensors would take more memory than the file has bytes
                throw new FileFault(
                        tensor.position, "a tensor from byte " + end + " of the block", "" + tensor.begin, REMEDY);
            }
            end = tensor.end;
        }
        if (end != fileSize - blockStart) {
            throw new FileFault(
                    blockStart, end + " bytes of numbers after the header", (fileSize - blockStart) + " bytes", REMEDY);
        }
    }
}
