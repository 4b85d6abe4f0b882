package dev.purecnn.data;

import dev.purecnn.internal.text.Quoted;
import dev.purecnn.layer.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Preprocessing as text for files, and back. */
final class PreprocessingMap {
    private static final Pattern SHAPE = Pattern.compile("([0-9]{1,9}) x ([0-9]{1,9}) x ([0-9]{1,9})");
    private static final Pattern COLOUR = Pattern.compile("[0-9a-f]{6}");
    private static final String STANDARDIZED = "standardized";

    private final Map<String, String> left; // entries not read so far

    private PreprocessingMap(Map<String, String> map) {
        left = new LinkedHashMap<>(map);
    }

    static Map<String, String> of(Preprocessing preprocessing) {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("shape", preprocessing.shape().toString());
        map.put("resize", preprocessing.resize().name());
        if (preprocessing.background() != null) {
            map.put("background", String.format("%06x", preprocessing.background()));
        }
        PixelScaling scaling = preprocessing.scaling();
        map.put("scaling", scaling.name() == null ? STANDARDIZED : scaling.name());
        if (scaling.name() == null) {
            map.put("means", text(scaling.means()));
            map.put("deviations", text(scaling.deviations()));
        }
        return map;
    }

    private static String text(double[] values) {
        StringJoiner text = new StringJoiner(" ");
        for (double value : values) {
            text.add(Double.toHexString(value)); // exact, and unlike toString the same on every JDK
        }
        return text.toString();
    }

    static Preprocessing read(Map<String, String> map) {
        return new PreprocessingMap(map).read();
    }

    private Preprocessing read() {
        Matcher sizes = matched("shape", SHAPE, "three sizes, such as 3 x 64 x 64");
        Shape shape = Shape.of(number(sizes, 1), number(sizes, 2), number(sizes, 3));
        Preprocessing.Builder builder = Preprocessing.builder(shape).resize(resize());
        if (left.containsKey("background")) {
            Matcher colour = matched("background", COLOUR, "six hexadecimal digits");
            builder.background(Integer.parseInt(colour.group(), 16));
        }
        builder.scaling(scaling());
        if (!left.isEmpty()) {
            throw damaged("entry", "no others", left.keySet().iterator().next());
        }
        return builder.build();
    }

    private Resize resize() {
        String name = taken("resize");
        for (Resize resize : Resize.values()) {
            if (resize.name().equals(name)) {
                return resize;
            }
        }
        throw damaged("resize", "a name of Resize", name);
    }

    private PixelScaling scaling() {
        String name = taken("scaling");
        return switch (name) {
            case "UNIT" -> PixelScaling.UNIT;
            case "ZERO_MEAN" -> PixelScaling.ZERO_MEAN;
            case STANDARDIZED -> PixelScaling.standardized(numbers("means"), numbers("deviations"));
            default -> throw damaged("scaling", "UNIT, ZERO_MEAN or " + STANDARDIZED, name);
        };
    }

    private double[] numbers(String key) {
        String[] texts = taken(key).split(" ", 5); // four are too many already, and a file may hold thousands
        double[] numbers = new double[texts.length];
        for (int i = 0; i < texts.length; i++) {
            try {
                numbers[i] = Double.parseDouble(texts[i]);
            } catch (NumberFormatException e) {
                throw damaged(key, "numbers", texts[i]);
            }
        }
        return numbers;
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    private Matcher matched(String key, Pattern pattern, String expected) {
        String text = taken(key);
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw damaged(key, expected, text);
        }
        return matcher;
    }

    private String taken(String key) {
        String text = left.remove(key);
        if (text == null) {
            throw new IllegalArgumentException(
                    "Preprocessing.fromMap: expected the entry " + key + ", got none. Use what toMap gave, unchanged.");
        }
        return text;
    }

    private static IllegalArgumentException damaged(String key, String expected, String got) {
        return new IllegalArgumentException("Preprocessing.fromMap, " + key + ": expected " + expected + ", got \""
                + Quoted.of(got) + "\". Use what toMap gave, unchanged.");
    }
}
