package dev.purecnn.layer;

import dev.purecnn.internal.text.Quoted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * The types of layers that a model file may name, and how to make each from its {@link LayerDescription}. Files name types, never
 * classes; a type that is not in the registry is refused.
 *
 * <pre>{@code
 * LayerRegistry registry = LayerRegistry.builtIn()
 *         .with("ScalingLayer", description -> new ScalingLayer(description.number("factor")));
 * CNN cnn = CNN.load(file, registry);
 * }</pre>
 */
public final class LayerRegistry {
    private static final LayerRegistry BUILT_IN = new LayerRegistry(makers());

    private final Map<String, Maker> makers;

    private LayerRegistry(Map<String, Maker> makers) {
        this.makers = makers;
    }

    /** Makes a layer from its description, if there are enough values for it. */
    private interface Maker {
        Layer make(LayerDescription description, Making making);
    }

    /** {@return the registry of the layers of this library} */
    public static LayerRegistry builtIn() {
        return BUILT_IN;
    }

    /**
     * {@return a registry with one more type} The layer must give the same {@link Layer#description} that it was made from.
     *
     * @param type its name in descriptions
     * @param maker makes a new layer at each call; throws {@link IllegalArgumentException} for bad options
     * @throws IllegalArgumentException if the type exists already
     */
    public LayerRegistry with(String type, Function<LayerDescription, ? extends Layer> maker) {
        Objects.requireNonNull(maker, "maker");
        Map<String, Maker> more = new HashMap<>(makers);
        Maker checked = (description, making) ->
                Objects.requireNonNull(maker.apply(description), "the layer that the maker of " + type + " returns");
        if (more.put(Objects.requireNonNull(type, "type"), checked) != null) {
            throw new IllegalArgumentException("LayerRegistry: expected a new type, got " + type
                    + ", which there is already. Call it something else.");
        }
        return new LayerRegistry(more);
    }

    /**
     * {@return layers made from descriptions, not connected}
     *
     * @param descriptions of the layers, in order
     * @param values how many parameter values there are for them; layers of this library that need more are refused
     * @throws IllegalArgumentException if a type is unknown, an option is wrong, or there are too few values
     */
    public List<Layer> layers(List<LayerDescription> descriptions, long values) {
        return new Making(makers, values).layers(descriptions);
    }

    private static Map<String, Maker> makers() {
        Map<String, Maker> makers = new HashMap<>();
        makers.put("AveragePoolingLayer", (d, making) -> new AveragePoolingLayer(d));
        makers.put("BatchNormLayer", (d, making) -> {
            making.take(4L * d.integer("channels"), d);
            double epsilon = d.options().containsKey("epsilon") ? d.number("epsilon") : BatchNormLayer.EPSILON;
            return new BatchNormLayer(d.integer("channels"), d.number("momentum"), epsilon);
        });
        makers.put("ConvolutionalLayer", (d, making) -> {
            ConvolutionOptions options = ConvolutionOptions.of(d);
            making.take(options.parameterCount(), d);
            return new ConvolutionalLayer(options);
        });
        makers.put("DenseLayer", (d, making) -> {
            making.takeDense(d, d.integer("inputs"), d.integer("outputs"));
            return DenseLayer.of(d);
        });
        makers.put("DenseSoftmaxLayer", (d, making) -> {
            making.takeDense(d, d.integer("inputs"), d.integer("classes"));
            return new DenseSoftmaxLayer(d.integer("inputs"), d.integer("classes"));
        });
        makers.put("DropoutLayer", (d, making) -> new DropoutLayer(d.number("rate")));
        makers.put("GlobalAveragePoolingLayer", (d, making) -> new GlobalAveragePoolingLayer());
        makers.put("GlobalMaxPoolingLayer", (d, making) -> new GlobalMaxPoolingLayer());
        makers.put("LayerChain", (d, making) -> new LayerChain(making.inside(d)));
        makers.put("MaxPoolingLayer", (d, making) -> new MaxPoolingLayer(d));
        makers.put("ParallelLayer", (d, making) -> ParallelLayer.of(d, making.branches(d)));
        makers.put("ResidualLayer", (d, making) -> {
            List<Layer> inner = making.layers(d.layers("layers"));
            return new ResidualLayer(
                    inner, d.options().containsKey("shortcut") ? making.layers(d.layers("shortcut")) : List.of());
        });
        makers.put("SoftmaxLayer", (d, making) -> new SoftmaxLayer());
        normalizations(makers);
        activations(makers);
        return makers;
    }

    private static void normalizations(Map<String, Maker> makers) {
        makers.put("GroupNormLayer", (d, making) -> {
            making.take(2L * d.integer("channels"), d);
            return new GroupNormLayer(d.integer("channels"), d.integer("groups"), d.number("epsilon"));
        });
        makers.put("LayerNormLayer", (d, making) -> {
            making.take(2L * d.integer("size"), d);
            return new LayerNormLayer(d.integer("size"), d.number("epsilon"));
        });
        makers.put(
                "LocalResponseNormLayer",
                (d, making) -> new LocalResponseNormLayer(
                        d.integer("size"), d.number("alpha"), d.number("beta"), d.number("offset")));
        makers.put("ScaleShiftLayer", (d, making) -> ScaleShiftLayer.of(d));
    }

    private static void activations(Map<String, Maker> makers) {
        makers.put("ClipLayer", (d, making) -> ClipLayer.of(d));
        makers.put("ELULayer", (d, making) -> new ELULayer(d.number("alpha")));
        makers.put("GELULayer", (d, making) -> GELULayer.of(d));
        makers.put("HardSigmoidLayer", (d, making) -> new HardSigmoidLayer(d.number("slope"), d.number("offset")));
        makers.put("HardSwishLayer", (d, making) -> new HardSwishLayer());
        makers.put("LeakyReLULayer", (d, making) -> new LeakyReLULayer(d.number("slope")));
        makers.put("PReLULayer", (d, making) -> {
            making.take(d.integer("slopes"), d);
            return new PReLULayer(d.integer("slopes"));
        });
        makers.put("ReLULayer", (d, making) -> new ReLULayer());
        makers.put("SELULayer", (d, making) -> new SELULayer());
        makers.put("SiLULayer", (d, making) -> new SiLULayer());
        makers.put("SigmoidLayer", (d, making) -> new SigmoidLayer());
        makers.put("SoftplusLayer", (d, making) -> new SoftplusLayer());
        makers.put("TanhLayer", (d, making) -> new TanhLayer());
    }

    /** Makes the layers of one network; counts the values that are left before arrays are made for them. */
    private static final class Making {
        private final Map<String, Maker> makers;
        private long values;

        Making(Map<String, Maker> makers, long values) {
            this.makers = makers;
            this.values = values;
        }

        void takeDense(LayerDescription description, long inputs, long outputs) {
            take(inputs * outputs + (description.options().containsKey("bias") ? 0 : outputs), description);
        }

        void take(long needed, LayerDescription description) {
            if (needed > values) {
                throw new IllegalArgumentException(Quoted.of(description.type()) + ": expected at least " + needed
                        + " parameter values, got the " + values + " that are left. Correct the layer's sizes.");
            }
            values -= Math.max(0, needed); // sizes below 1 are refused by the layer itself
        }

        Layer[] inside(LayerDescription description) {
            return layers(description.layers("layers")).toArray(new Layer[0]);
        }

        List<List<Layer>> branches(LayerDescription description) {
            return description.layers("branches").stream()
                    .map(branch -> layers(branch.layers("layers")))
                    .toList();
        }

        List<Layer> layers(List<LayerDescription> descriptions) {
            List<Layer> layers = new ArrayList<>(descriptions.size());
            for (LayerDescription description : descriptions) {
                layers.add(layer(description));
            }
            return layers;
        }

        private Layer layer(LayerDescription description) {
            Maker maker = makers.get(description.type());
            if (maker == null) {
                throw new IllegalArgumentException("LayerRegistry: expected a known type of layer, got "
                        + Quoted.of(description.type()) + ". Register your own type with LayerRegistry.with.");
            }
            Layer layer = maker.make(description, this);
            LayerDescription made = layer.description();
            if (!made.equals(description)) { // an option too many, or one that the maker overlooks
                throw new IllegalArgumentException(Quoted.of(description.type()) + ": expected the options of "
                        + Quoted.of(made) + ", got " + Quoted.of(description) + ". Name each option, and no other.");
            }
            return layer;
        }
    }
}
