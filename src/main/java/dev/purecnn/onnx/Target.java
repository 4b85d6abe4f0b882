package dev.purecnn.onnx;

import dev.purecnn.CNN;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A parameter of a network, by the names and sizes that other tools have for it.
 *
 * @param layer the layer that learns it; none of the layers that are made of others
 * @param place of the layer in the network, such as {@code 2.0} for the first one within the third
 * @param parameter what it learns
 * @param sizes as other tools have them: filters, channels, height and width, or outputs and inputs, or a vector's length
 * @param planes what a layer that sees its input flat flattens; null if that is not known
 */
record Target(Layer layer, String place, Parameter parameter, int[] sizes, Shape planes) {
    /** By our names of parameters, without spaces and in lower case: what files call them, PyTorch's name first. */
    private static final Map<String, List<String>> NAMES = Map.of(
            "weights", List.of("weight", "kernel", "depthwise_kernel", "weights"),
            "biases", List.of("bias", "biases"),
            "scale", List.of("weight", "gamma", "scale"),
            "shift", List.of("bias", "beta", "shift"),
            "runningmean", List.of("running_mean", "moving_mean"),
            "runningvariance", List.of("running_var", "moving_variance"));

    /** All parameters of a network, in order. */
    static List<Target> of(CNN cnn) {
        List<Target> targets = new ArrayList<>();
        for (int i = 0; i < cnn.layers().size(); i++) {
            add(cnn.layers().get(i), "" + i, cnn.shapes().get(i), targets);
        }
        return targets;
    }

    private static void add(Layer layer, String place, Shape input, List<Target> targets) {
        List<Layer> inside = layer.layers();
        for (int i = 0; i < inside.size(); i++) {
            boolean flat = input != null && input.height() * input.width() == 1;
            add(inside.get(i), place + "." + i, flat ? input : null, targets);
        }
        if (inside.isEmpty()) {
            for (Parameter parameter : layer.parameters()) {
                targets.add(new Target(layer, place, parameter, parameter.sizes(), input));
            }
        }
    }

    /** What files call the parameter, the most usual name first. */
    List<String> names() {
        String name = parameter.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        return NAMES.getOrDefault(name, List.of(parameter.name()));
    }

    /** The sizes as Keras has them: height, width, channels and filters, or inputs and outputs. */
    int[] kerasSizes() {
        return switch (sizes.length) {
            case 2 -> new int[] {sizes[1], sizes[0]};
            case 4 -> new int[] {sizes[2], sizes[3], sizes[1], sizes[0]};
            default -> sizes;
        };
    }

    /** Whether values of those sizes, in Keras's order, fit. */
    boolean fitsKeras(int[] stored) {
        boolean depthwise =
                sizes.length == 4 && sizes[1] == 1 && stored.length == 4; // rows, columns, channels, filters each
        return depthwise
                ? stored[0] == sizes[2] && stored[1] == sizes[3] && (long) stored[2] * stored[3] == sizes[0]
                : Arrays.equals(kerasSizes(), stored);
    }

    /** Where Keras stores the value that has this place in the parameter. */
    int kerasIndex(int index) {
        return switch (sizes.length) {
            case 2 -> channelsLast(index % sizes[1], planes) * sizes[0] + index / sizes[1];
            case 4 -> {
                int cells = sizes[2] * sizes[3];
                int plane = index / cells;
                yield (index % cells * sizes[1] + plane % sizes[1]) * sizes[0] + plane / sizes[1];
            }
            default -> index;
        };
    }

    /** Where an input by channel, row and column is if images are flattened by row, column and channel. */
    static int channelsLast(int input, Shape planes) {
        int cells = planes.height() * planes.width();
        return input % cells * planes.channels() + input / cells;
    }

    @Override
    public String toString() {
        return parameter.name() + " (" + StoredTensor.sizes(sizes) + ") of layer " + place + ", " + layer;
    }
}
