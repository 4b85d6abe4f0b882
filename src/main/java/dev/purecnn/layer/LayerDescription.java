package dev.purecnn.layer;

import dev.purecnn.internal.text.Quoted;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a model file says of a layer: its type and options, enough to make an equal, untrained one. An option that is missing,
 * given twice or of the wrong kind is refused with an {@link IllegalArgumentException}.
 *
 * <pre>{@code
 * LayerDescription description = LayerDescription.of("ScalingLayer").with("factor", 0.5).with("channels", 3);
 * description.integer("channels");  // 3
 * }</pre>
 */
public final class LayerDescription {
    private final String type;
    private final Map<String, Object> options;

    private LayerDescription(String type, Map<String, Object> options) {
        this.type = type;
        this.options = Collections.unmodifiableMap(options);
    }

    /**
     * {@return a description without options}
     *
     * @param type the name of the layer's type in model files, such as {@code ReLULayer}
     */
    public static LayerDescription of(String type) {
        return new LayerDescription(Objects.requireNonNull(type, "type"), Map.of());
    }

    /**
     * {@return a copy with one more option, a whole number}
     *
     * @param name the option's name
     * @param value the number
     */
    public LayerDescription with(String name, long value) {
        return withOption(name, value);
    }

    /**
     * {@return a copy with one more option, a number that need not be whole}
     *
     * @param name the option's name
     * @param value the number, finite
     */
    public LayerDescription with(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(Quoted.of(type) + ": expected a finite " + Quoted.of(name) + ", got "
                    + value + ". Describe it as text.");
        }
        return withOption(name, value);
    }

    /**
     * {@return a copy with one more option, a text}
     *
     * @param name the option's name
     * @param value the text
     */
    public LayerDescription with(String name, String value) {
        return withOption(name, Objects.requireNonNull(value, name));
    }

    /**
     * {@return a copy with one more option, the layers that this one is made of}
     *
     * @param name the option's name
     * @param value the layers, in order
     */
    public LayerDescription with(String name, List<LayerDescription> value) {
        return withOption(name, List.copyOf(value));
    }

    /** A copy with one more option, the layers that this one is made of. */
    LayerDescription withLayers(List<Layer> layers) {
        return with("layers", layers.stream().map(Layer::description).toList());
    }

    private LayerDescription withOption(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(options);
        if (name.equals("type")) { // which stands beside the options in a file
            throw new IllegalArgumentException(Quoted.of(type)
                    + ": expected an option's name, got type, which is taken. Call the option something else.");
        }
        if (more.put(name, value) != null) {
            throw new IllegalArgumentException(Quoted.of(type) + ": expected each option once, got " + Quoted.of(name)
                    + " twice. Name them differently.");
        }
        return new LayerDescription(type, more);
    }

    /** {@return the name of the layer's type} */
    public String type() {
        return type;
    }

    /**
     * {@return all options in the order in which they were given, each a {@link Long}, {@link Double}, {@link String} or {@link
     * List} of descriptions; unmodifiable}
     */
    public Map<String, Object> options() {
        return options;
    }

    /**
     * {@return an option that is a whole number, within the range of {@code int}}
     *
     * @param name the option's name
     */
    public int integer(String name) {
        long value = option(name, Long.class, "a whole number");
        if (value != (int) value) {
            throw new IllegalArgumentException(Quoted.of(type) + ": expected a " + Quoted.of(name) + " from "
                    + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE + ", got " + value + ". Use a smaller number.");
        }
        return (int) value;
    }

    /**
     * {@return an option that is a number, whole or not}
     *
     * @param name the option's name
     */
    public double number(String name) {
        return option(name, Number.class, "a number").doubleValue();
    }

    /**
     * {@return an option that is a text}
     *
     * @param name the option's name
     */
    public String text(String name) {
        return option(name, String.class, "a text");
    }

    /**
     * {@return an option that is a list of layers: their descriptions, unmodifiable}
     *
     * @param name the option's name
     */
    @SuppressWarnings("unchecked") // the only lists that come in
    public List<LayerDescription> layers(String name) {
        return option(name, List.class, "a list of layers");
    }

    private <T> T option(String name, Class<T> kind, String expected) {
        Object value = options.get(name);
        if (!kind.isInstance(value)) {
            throw new IllegalArgumentException(Quoted.of(type) + ": expected " + expected + " as " + Quoted.of(name)
                    + ", got " + (value == null ? "none" : Quoted.of(value)) + ". Correct the layer's description.");
        }
        return kind.cast(value);
    }

    /** Descriptions are equal if type and options are, in any order. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LayerDescription that && type.equals(that.type) && options.equals(that.options);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, options);
    }

    /** Type and options, such as {@code MaxPoolingLayer{poolSize=2, stride=2}}. */
    @Override
    public String toString() {
        return type + options;
    }
}
