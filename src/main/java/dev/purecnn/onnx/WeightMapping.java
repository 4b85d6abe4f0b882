package dev.purecnn.onnx;

import dev.purecnn.CNN;
import dev.purecnn.internal.text.Quoted;
import dev.purecnn.layer.Layer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which tensors of a file go into which layers of a network: made by {@link Weights#map}.
 *
 * <pre>{@code
 * Weights.read(file)
 *         .map("conv1", conv)              // conv1.weight and conv1.bias
 *         .map("norm.weight", norm)        // one of them
 *         .map("w", dense, "weights")      // a name that says nothing
 *         .into(cnn);
 * }</pre>
 */
public final class WeightMapping {
    private static final int NAMES_SHOWN = 10;
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    /** A module's name and what it calls a tensor, such as conv2d_1/kernel:0. */
    private static final Pattern NAME = Pattern.compile("(.*?)[./]?([^./]*?)(:\\d+)?");

    private final Weights weights;
    private final Map<String, Map<String, StoredTensor>> modules = new LinkedHashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private boolean keepsOthers;

    /** A name and where it goes; without a parameter, the name says which. */
    private record Entry(String name, Layer layer, String parameter) {}

    WeightMapping(Weights weights) {
        this.weights = weights;
        for (StoredTensor tensor : weights.tensors.values()) {
            if (tensor.numbers() != null) { // what counts batches belongs to no parameter
                var name = NAME.matcher(tensor.name());
                name.matches();
                modules.computeIfAbsent(name.group(1), module -> new LinkedHashMap<>())
                        .put(name.group(2), tensor);
            }
        }
    }

    /**
     * Maps a module, or one tensor, to a layer.
     *
     * @param name a module such as {@code features.0}, for all that the layer learns, or a tensor such as {@code
     *     features.0.weight}
     * @param layer the layer that gets the values
     * @return this mapping
     */
    public WeightMapping map(String name, Layer layer) {
        entries.add(new Entry(Objects.requireNonNull(name, "name"), Objects.requireNonNull(layer, "layer"), null));
        return this;
    }

    /**
     * Maps a tensor whose name does not say what it is.
     *
     * @param name the tensor's name
     * @param layer the layer that gets the values
     * @param parameter what the layer calls them, such as {@code weights}
     * @return this mapping
     */
    public WeightMapping map(String name, Layer layer, String parameter) {
        entries.add(new Entry(
                Objects.requireNonNull(name, "name"),
                Objects.requireNonNull(layer, "layer"),
                Objects.requireNonNull(parameter, "parameter")));
        return this;
    }

    /**
     * Lets parameters that nothing is mapped to keep their values, as those of a new last layer. Without this, each parameter of
     * the network must get some.
     *
     * @return this mapping
     */
    public WeightMapping keepOthers() {
        keepsOthers = true;
        return this;
    }

    /**
     * Gives the network the values, all of them or, after an exception, none.
     *
     * @param cnn the network; its optimizer forgets nothing, so do this before it is trained
     * @throws IllegalArgumentException if there is no such tensor, its sizes are others than the parameter's, a value is NaN or
     *     infinite, a layer is not of this network, or a parameter gets two tensors or none
     */
    public void into(CNN cnn) {
        assign(resolve(Target.of(cnn)));
    }

    /** As {@link #into}, with modules found by their sizes and numbers. */
    void allInto(CNN cnn) {
        List<Target> targets = Target.of(cnn);
        Map<String, List<List<Target>>> alike = targets.stream()
                .collect(Collectors.groupingBy(Target::place, LinkedHashMap::new, Collectors.toList()))
                .values()
                .stream()
                .collect(Collectors.groupingBy(WeightMapping::kind, LinkedHashMap::new, Collectors.toList()));
        for (List<List<Target>> layers : alike.values()) {
            List<String> names = modules(layers);
            for (int i = 0; i < layers.size(); i++) {
                map(names.get(i), layers.get(i).get(0).layer());
            }
        }
        assign(resolve(targets));
    }

    /** What layers of the same sizes have in common. */
    private static String kind(List<Target> layer) {
        return layer.stream()
                .map(target -> target.names().get(0) + Arrays.toString(target.sizes()))
                .collect(Collectors.joining());
    }

    /** The modules for layers of one kind, in order. */
    private List<String> modules(List<List<Target>> layers) {
        List<Target> first = layers.get(0);
        List<String> fitting = modules.keySet().stream()
                .filter(name -> fits(modules.get(name), first))
                .sorted(Comparator.comparing(WeightMapping::withLongNumbers))
                .toList();
        String all = layers.stream().map(layer -> layer.get(0).place()).collect(Collectors.joining(", "));
        String expected = "Weights: expected " + layers.size() + (layers.size() == 1 ? " module" : " modules")
                + " with the sizes of " + first.get(0) + " (all such layers: " + all + ")";
        if (fitting.size() != layers.size()) {
            throw new IllegalArgumentException(expected + ", got "
                    + (fitting.isEmpty() ? "none of " + some(modules.keySet()) : some(fitting))
                    + ". Compare the layers and their options, or map each by name.");
        }
        if (fitting.stream().map(WeightMapping::withoutNumbers).distinct().count() > 1) {
            throw new IllegalArgumentException(expected + " whose names differ in their numbers alone, got "
                    + some(fitting) + ". Map each by name.");
        }
        return fitting;
    }

    private boolean fits(Map<String, StoredTensor> module, List<Target> layer) {
        return module.size() == layer.size()
                && layer.stream()
                        .allMatch(target -> target.names().stream()
                                .anyMatch(name -> module.containsKey(name) && fits(module.get(name), target)));
    }

    private boolean fits(StoredTensor tensor, Target target) {
        return weights.keras ? target.fitsKeras(tensor.sizes()) : Arrays.equals(tensor.sizes(), target.sizes());
    }

    /** So that 10 sorts after 9. */
    private static String withLongNumbers(String name) {
        return NUMBER.matcher(name)
                .replaceAll(number -> "0".repeat(Math.max(0, 10 - number.group().length())) + number.group());
    }

    /** Keras leaves the first number out: dense, dense_1. */
    private static String withoutNumbers(String name) {
        return NUMBER.matcher(name.replaceFirst("_\\d+$", "")).replaceAll("#");
    }

    private Map<Target, StoredTensor> resolve(List<Target> targets) {
        Map<Target, StoredTensor> sources = new LinkedHashMap<>();
        for (Entry entry : entries) {
            List<Target> layer = targets.stream()
                    .filter(target -> target.layer() == entry.layer)
                    .toList();
            if (layer.isEmpty()) {
                throw new IllegalArgumentException(
                        "Weights: expected a layer of the network that learns something, got " + entry.layer + " for "
                                + Quoted.of(entry.name) + ". Map the network's own layers.");
            }
            resolve(entry, layer).forEach((target, tensor) -> {
                StoredTensor other = sources.put(target, tensor);
                if (other != null) {
                    throw new IllegalArgumentException("Weights: expected one tensor for " + target + ", got " + other
                            + " and " + tensor + ". Map one of them.");
                }
            });
        }
        for (Target target : targets) {
            if (!keepsOthers && !sources.containsKey(target)) {
                throw new IllegalArgumentException("Weights: expected values for " + target
                        + ", got none. Map a tensor to it, or call keepOthers().");
            }
        }
        return sources;
    }

    private Map<Target, StoredTensor> resolve(Entry entry, List<Target> layer) {
        Map<String, StoredTensor> module = modules.get(entry.name);
        if (entry.parameter == null && module != null && !weights.tensors.containsKey(entry.name)) {
            return resolve(entry.name, module, layer);
        }
        StoredTensor tensor = weights.tensor(entry.name);
        var name = NAME.matcher(entry.name);
        name.matches();
        for (Target target : layer) {
            if (entry.parameter == null
                    ? target.names().contains(name.group(2))
                    : target.parameter().name().equals(entry.parameter)) {
                return Map.of(target, tensor);
            }
        }
        throw new IllegalArgumentException("Weights: expected a parameter of " + entry.layer + ", one of "
                + layer.stream().map(target -> target.parameter().name()).toList() + ", for " + Quoted.of(entry.name)
                + ", got "
                + (entry.parameter == null ? "a name of none" : entry.parameter) + ". Name the parameter.");
    }

    private static Map<Target, StoredTensor> resolve(
            String name, Map<String, StoredTensor> module, List<Target> layer) {
        Map<String, StoredTensor> left = new TreeMap<>(module);
        Map<Target, StoredTensor> sources = new LinkedHashMap<>();
        for (Target target : layer) {
            String used = target.names().stream()
                    .filter(left::containsKey)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("Weights: expected " + Quoted.of(name) + "."
                            + target.names().get(0) + " for " + target + ", got only " + some(module.keySet())
                            + ". Map each tensor, or build the layer without this parameter."));
            sources.put(target, left.remove(used));
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException(
                    "Weights: expected only what " + layer.get(0).layer() + " learns in " + Quoted.of(name) + ", got "
                            + some(left.keySet()) + " too. Build the layer with it, or map each tensor.");
        }
        return sources;
    }

    private void assign(Map<Target, StoredTensor> sources) {
        sources.forEach(this::check);
        sources.forEach((target, tensor) -> {
            double[] values = target.parameter().values();
            for (int i = 0; i < values.length; i++) {
                values[i] = tensor.value(weights.keras ? target.kerasIndex(i) : i);
            }
        });
    }

    private void check(Target target, StoredTensor tensor) {
        if (!fits(tensor, target)) {
            int[] sizes = weights.keras ? target.kerasSizes() : target.sizes();
            throw new IllegalArgumentException("Weights: expected " + StoredTensor.sizes(sizes) + " values for "
                    + target + ", got " + tensor + ". Build the layer with these sizes, or map another tensor.");
        }
        if (weights.keras && target.sizes().length == 2 && target.planes() == null) {
            throw new IllegalArgumentException("Weights: expected the order of the inputs of " + target
                    + " to be known, got a layer within others. Put it directly into the network.");
        }
        for (int i = 0; i < tensor.count(); i++) {
            if (!Double.isFinite(tensor.value(i))) {
                throw new IllegalArgumentException("Weights: expected finite values in " + tensor + ", got "
                        + tensor.value(i) + " at place " + i + ". Train that model again.");
            }
        }
    }

    /** Some names, in one line. */
    static String some(Collection<String> names) {
        String shown = names.stream().limit(NAMES_SHOWN).map(Quoted::of).collect(Collectors.joining(", "));
        return names.size() > NAMES_SHOWN ? shown + " and " + (names.size() - NAMES_SHOWN) + " more" : shown;
    }
}
