package dev.purecnn.internal.file;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a file that is no model may be, by its first bytes. */
final class ForeignFile {
    /** How many bytes are looked at. */
    static final int LONGEST_START = 16;

    private static final int SHOWN = 8;
    /** First bytes in Latin-1, and what they tell; the first that fits. */
    private static final Map<String, String> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("\u0089PNG", "a PNG picture");
        KINDS.put("\u00ff\u00d8\u00ff", "a JPEG picture");
        KINDS.put("GIF8", "a GIF picture");
        KINDS.put("PK\u0003\u0004", "a zip archive, as PyTorch and Keras write them");
        KINDS.put("\u001f\u008b", "gzip: unpack it first");
        KINDS.put("\u0089HDF", "HDF5, as older versions of Keras write it");
        KINDS.put("\u0080", "a Python pickle, as older versions of PyTorch write it");
        KINDS.put("\u0093NUMPY", "a NumPy array");
        KINDS.put("%PDF", "PDF");
        KINDS.put("GGUF", "GGUF");
        KINDS.put("\u00ac\u00ed", "a serialized Java object");
        KINDS.put("<!doctype", "HTML: a web page instead of the file");
        KINDS.put("<html", "HTML: a web page instead of the file");
        KINDS.put("\b", "protobuf, as ONNX files are");
    }

    private ForeignFile() {}

    /** How a file of that size starts, and a guess. */
    static String start(byte[] first, long size) {
        if (first.length == 0) {
            return "it is empty";
        }
        String text = new String(first, StandardCharsets.ISO_8859_1);
        boolean isText = text.chars().allMatch(c -> c >= ' ' && c <= '~' || c >= '\t' && c <= '\r');
        String kind = KINDS.entrySet().stream()
                .filter(entry ->
                        text.toLowerCase(Locale.ROOT).startsWith(entry.getKey().toLowerCase(Locale.ROOT)))
                .map(entry -> " (" + entry.getValue() + ")")
                .findFirst()
                .orElse(isText ? " (text)" : "");
        String shown = isText
                ? "\"" + text.replaceAll("\\s", " ") + "\""
                : "the bytes " + HexFormat.ofDelimiter(" ").formatHex(first, 0, Math.min(SHOWN, first.length));
        return "it starts with " + shown + kind + (size <= LONGEST_START ? ", and has " + size + " bytes" : "");
    }
}
