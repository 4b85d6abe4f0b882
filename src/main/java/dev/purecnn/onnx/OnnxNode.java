package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.internal.text.Quoted;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A node of an ONNX graph.
 *
 * @param name as in the file, or the name of the first output
 * @param attributes a {@link Float}, {@link Long}, {@link String}, {@code long[]} or {@link StoredTensor} each
 * @param position where the file describes it
 */
record OnnxNode(
        String name,
        String operator,
        List<String> inputs,
        List<String> outputs,
        Map<String, Object> attributes,
        long position) {

    /** The name of an input, or an empty one if there are fewer. */
    String input(int number) {
        return number < inputs.size() ? inputs.get(number) : "";
    }

    long integer(String attribute, long absent) throws FileFault {
        return get(attribute, Long.class, absent);
    }

    /** A number, {@link #meant} in decimal. */
    double decimal(String attribute, double absent) throws FileFault {
        Float value = get(attribute, Float.class, Float.NaN);
        return attributes.containsKey(attribute) ? meant(value) : absent;
    }

    /** The number of at most 7 digits that a float was written for, 0.01 where it has 0.0099999998; if there is none, the float itself. */
    static double meant(float value) {
        double decimal = Double.parseDouble(Float.toString(value));
        return Double.isFinite(decimal)
                        && BigDecimal.valueOf(decimal).stripTrailingZeros().precision() <= 7
                ? decimal
                : value;
    }

    String text(String attribute, String absent) throws FileFault {
        return get(attribute, String.class, absent);
    }

    /** A list of whole numbers, of that length if it has one. */
    long[] integers(String attribute, int length, long absent) throws FileFault {
        long[] all = new long[length];
        Arrays.fill(all, absent);
        long[] values = get(attribute, long[].class, all);
        if (values.length != length) {
            throw fault(length + " numbers as " + attribute, values.length + "", "Use images of rows and columns.");
        }
        return values;
    }

    private <T> T get(String attribute, Class<T> kind, T absent) throws FileFault {
        Object value = attributes.getOrDefault(attribute, absent);
        if (!kind.isInstance(value)) {
            throw fault(
                    "a " + kind.getSimpleName() + " as " + attribute,
                    value.getClass().getSimpleName(),
                    "Export the model again.");
        }
        return kind.cast(value);
    }

    /** What is wrong with the node, in whole sentences. */
    FileFault fault(String expected, String got, String remedy) {
        return fault("expected " + expected + ", got " + got + ". " + remedy);
    }

    FileFault fault(String problem) {
        return new FileFault(position, "node " + Quoted.of(name) + " (" + Quoted.of(operator) + "): " + problem);
    }
}
