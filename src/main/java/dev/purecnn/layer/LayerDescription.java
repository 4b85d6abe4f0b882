package dev.purecnn.layer;

import dev.purecnn.internal.text.Quoted;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a model file says of a layer: its type and its options, enough to make an equal one that has not learned anything.
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
     * A layer without options.
     *
     * @param type what the layer's type is called in model files, such as {@code ReLULayer}
     * @return the description
     */
    public static LayerDescription of(String type) {
        return new LayerDescription(Objects.requireNonNull(type, "type"), Map.of());
    }

    /**
     * The same with one more option, a whole number.
     *
     * @param name the option's name
     * @param value the number
     * @return the new description
     * @throws IllegalArgumentException if there is such an option already
     */
    public LayerDescription with(String name, long value) {
        return withOption(name, value);
    }

    /**
     * The same with one more option, a number that need not be whole.
     *
     * @param name the option's name
     * @param value the number, finite
     * @return the new description
     * @throws IllegalArgumentException if there is such an option already, or the number is not finite
     */
    public LayerDescription with(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(Quoted.of(type) + ": expected a finite " + Quoted.of(name) + ", got "
                    + value + ". Describe it as text.");
        }
        return withOption(name, value);
    }

    /**
     * The same with one more option, a text.
     *
     * @param name the option's name
     * @param value the text
     * @return the new description
     * @throws IllegalArgumentException if there is such an option already
     */
    public LayerDescription with(String name, String value) {
        return withOption(name, Objects.requireNonNull(value, name));
    }

    /**
     * The same with one more option, the layers that this one is made of.
     *
     * @param name the option's name
     * @param value the layers, in order
     * @return the new description
     * @throws IllegalArgumentException if there is such an option already
     */
    public LayerDescription with(String name, List<LayerDescription> value) {
        return withOption(name, List.copyOf(value));
    }

    /** The same with one more option, the layers that this one is made of. */
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

    /**
     * What the layer's type is called.
     *
     * @return the type
     */
    public String type() {
        return type;
    }

    /**
     * All options, in the order in which they were given: {@link Long}, {@link Double}, {@link String}, or a {@link List} of
     * descriptions.
     *
     * @return an unmodifiable map
     */
    public Map<String, Object> options() {
        return options;
    }

    /**
     * An option that is a whole number.
     *
     * @param name the option's name
     * @return its value
     * @throws IllegalArgumentException if there is no such option, or it is no {@code int}
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
     * An option that is a number, whole or not.
     *
     * @param name the option's name
     * @return its value
     * @throws IllegalArgumentException if there is no such option, or it is no number
     */
    public double number(String name) {
        return option(name, Number.class, "a number").doubleValue();
    }

    /**
     * An option that is a text.
     *
     * @param name the option's name
     * @return its value
     * @throws IllegalArgumentException if there is no such option, or it is no text
     */
    public String text(String name) {
        return option(name, String.class, "a text");
    }

    /**
     * An option that is a list of layers.
     *
     * @param name the option's name
     * @return their descriptions, unmodifiable
     * @throws IllegalArgumentException if there is no such option, or it is no list
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

    /** Whether the other is a description of an equal layer: type and options are equal, in any order. */
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
