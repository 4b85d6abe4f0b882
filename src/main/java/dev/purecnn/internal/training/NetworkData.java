package dev.purecnn.internal.training;

import dev.purecnn.internal.file.Model;
import dev.purecnn.internal.file.Tensor;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerDescription;
import dev.purecnn.layer.LayerRegistry;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;

/** The layers of a network as the plain data of a {@link Model}, and back. */
public final class NetworkData {
    private static final String TYPE = "type";

    private NetworkData() {}

    public static int[] dimensions(Shape shape) {
        return new int[] {shape.channels(), shape.height(), shape.width()};
    }

    public static Shape shape(int[] dimensions) {
        return Shape.of(dimensions[0], dimensions[1], dimensions[2]);
    }

    public static List<Map<String, Object>> describe(List<Layer> layers) {
        return layers.stream().map(layer -> map(layer.description())).toList();
    }

    @SuppressWarnings("unchecked") // the only lists that a description has
    private static Map<String, Object> map(LayerDescription description) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(TYPE, description.type());
        description.options().forEach((name, value) -> {
            if (value instanceof List<?> list) {
                map.put(
                        name,
                        ((List<LayerDescription>) list)
                                .stream().map(NetworkData::map).toList());
            } else {
                map.put(name, value);
            }
        });
        return map;
    }

    /** New layers of the same types and options, not connected. */
    public static Layer[] copies(List<Layer> layers, LayerRegistry registry) {
        long values = layers.stream()
                .flatMap(layer -> layer.parameters().stream())
                .mapToLong(parameter -> parameter.values().length)
                .sum();
        List<LayerDescription> descriptions =
                layers.stream().map(Layer::description).toList();
        return registry.layers(descriptions, values).toArray(new Layer[0]);
    }

    /** Makes the layers of a model, not connected, within that many parameter values. */
    public static Layer[] layers(Model model, LayerRegistry registry, long values) {
        return registry.layers(descriptions(model.layers()), values).toArray(new Layer[0]);
    }

    private static List<LayerDescription> descriptions(List<Map<String, Object>> layers) {
        return layers.stream().map(NetworkData::description).toList();
    }

    @SuppressWarnings("unchecked") // the only lists that a layer of a model has
    private static LayerDescription description(Map<String, Object> layer) {
        LayerDescription description = LayerDescription.of((String) layer.get(TYPE));
        for (Map.Entry<String, Object> option : layer.entrySet()) {
            String name = option.getKey();
            Object value = option.getValue();
            if (value instanceof List<?> list) {
                description = description.with(name, descriptions((List<Map<String, Object>>) list));
            } else if (value instanceof Long number) {
                description = description.with(name, number);
            } else if (value instanceof Double number) {
                description = description.with(name, number);
            } else if (!name.equals(TYPE)) {
                description = description.with(name, (String) value);
            }
        }
        return description;
    }

    /**
     * The parameters of all layers, such as {@code layers.0.weights}; of a layer within another,
     * {@code layers.3.layers.0.weights}. Where a layer of the user's own has several of one name, they get numbers:
     * {@code layers.2.0.weights}.
     */
    public static List<Tensor> tensors(List<Layer> layers) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            tensors.addAll(tensors("layers." + i + ".", layers.get(i)));
        }
        return tensors;
    }

    private static List<Tensor> tensors(String prefix, Layer layer) {
        Map<double[], Tensor> within = new IdentityHashMap<>();
        for (int i = 0; i < layer.layers().size(); i++) {
            tensors(prefix + "layers." + i + ".", layer.layers().get(i))
                    .forEach(tensor -> within.put(tensor.values(), tensor));
        }
        List<Parameter> parameters = layer.parameters();
        List<String> names = parameters.stream()
                .filter(parameter -> !within.containsKey(parameter.values()))
                .map(Parameter::name)
                .toList();
        boolean distinct = names.stream().distinct().count() == names.size();
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            String name = prefix + (distinct ? "" : i + ".") + parameter.name().replace(' ', '_');
            Tensor own = new Tensor(name, parameter.sizes(), parameter.values());
            tensors.add(within.getOrDefault(parameter.values(), own));
        }
        return tensors;
    }

    /** As {@link #tensors}, of numbers only: a file with others could not be loaded. */
    public static List<Tensor> finiteTensors(List<Layer> layers) {
        List<Tensor> tensors = tensors(layers);
        for (Tensor tensor : tensors) {
            int index = tensor.firstNotFinite();
            if (index >= 0) {
                int layer = Integer.parseInt(tensor.name().split("\\.")[1]);
                throw new IllegalStateException("CNN: expected finite parameters to save, got " + tensor.values()[index]
                        + " at index " + index + " of " + tensor + ", in layer " + layer + ", " + layers.get(layer)
                        + ". Train again at a lower learning rate, or correct parameters().");
            }
        }
        return tensors;
    }

    /**
     * The random numbers to connect a model's layers with. Its weights will be overwritten, so layers of this library draw none;
     * but what else they draw, such as the seed of a dropout, is the same as when the network was built.
     */
    public static RandomGenerator random(long seed, LayerRegistry registry) {
        return registry == LayerRegistry.builtIn() ? new WithoutWeights(seed) : new Random(seed);
    }

    /** Random numbers, of which Gaussian ones, that weights are drawn from, are 0. */
    public static RandomGenerator withoutWeights(long seed) {
        return new Random(seed) {
            private static final long serialVersionUID = 1L;

            @Override
            public double nextGaussian() {
                return 0;
            }
        };
    }

    /**
     * Returns 0 for Gaussian numbers, and draws them only before something else is drawn, which depends on how many there were.
     */
    private static final class WithoutWeights extends Random {
        private static final long serialVersionUID = 1L;

        private long putOff;

        WithoutWeights(long seed) {
            super(seed);
        }

        @Override
        public double nextGaussian() {
            putOff++;
            return 0;
        }

        @Override
        protected int next(int bits) {
            long due = putOff;
            putOff = 0; // since this method is called below
            for (; due > 0; due--) {
                super.nextGaussian();
            }
            return super.next(bits);
        }
    }
}
