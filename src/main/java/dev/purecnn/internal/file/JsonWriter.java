package dev.purecnn.internal.file;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes JSON (RFC 8259) of texts, numbers, lists and maps. */
final class JsonWriter {
    private JsonWriter() {}

    static String json(Object value) {
        if (value instanceof Map<?, ?> object) {
            return object.entrySet().stream()
                    .map(entry -> json(entry.getKey()) + ":" + json(entry.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> array) {
            return array.stream().map(JsonWriter::json).collect(Collectors.joining(",", "[", "]"));
        }
        return value instanceof Number number ? number(number) : quoted((String) value);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    /** The shortest decimal number that reads as the same bits; Double.toString has shorter ones from JDK 19 on. */
    private static String number(Number number) {
        double value = number.doubleValue();
        if (!(number instanceof Double) || value == 0) {
            return number.toString();
        }
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; ; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits));
            if (rounded.doubleValue() == value) {
                String text = rounded.toString();
                return text.contains(".") || text.contains("E") ? text : text + ".0";
            }
        }
    }
}
