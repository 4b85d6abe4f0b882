package dev.purecnn.layer;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * What the layers of a chain answered last: references to their own arrays, by which a NaN is traced to where it came up
 * first.
 */
final class Answers {
    private final Layer[] layers;
    private final double[][] outputs;
    private final double[][] inputGradients;
    private double[] images;
    private double[] losses;

    Answers(Layer[] layers) {
        this.layers = layers;
        outputs = new double[layers.length][];
        inputGradients = new double[layers.length][];
    }

    /** Starts a forward pass; forgets the one before. */
    void begin(double[] input) {
        images = input;
        losses = null;
        Arrays.fill(outputs, null);
        Arrays.fill(inputGradients, null);
    }

    double[] output(int layer, double[] values) {
        outputs[layer] = values;
        return values;
    }

    double[] losses(double[] values) {
        losses = values;
        return values;
    }

    double[] inputGradient(int layer, double[] values) {
        inputGradients[layer] = values;
        return values;
    }

    /** In the order in which they came up: images, outputs, losses, and input gradients from the last layer to the first. */
    Optional<NotFinite> find(int imageSize) {
        if (images == null) {
            return Optional.empty();
        }
        int n = images.length / imageSize;
        return NotFinite.first("the images", images, n)
                .or(() -> amongOutputs(n, ""))
                .or(() -> NotFinite.first("the losses", losses, n))
                .or(() -> amongInputGradients(n, ""));
    }

    private Optional<NotFinite> amongOutputs(int n, String within) {
        return first(numbers(), i -> {
            String place = place(i, layers[i], within);
            LayerChain inner = inside(layers[i]);
            Optional<NotFinite> before = inner == null
                    ? amongParameters(layers[i], "", place, Parameter::values) // they may have spoilt the output
                    : inner.answers().amongOutputs(n, place);
            return before.or(() -> NotFinite.first("the output" + place, outputs[i], n));
        });
    }

    private Optional<NotFinite> amongInputGradients(int n, String within) {
        return first(numbers().map(i -> layers.length - 1 - i), i -> {
            String place = place(i, layers[i], within);
            LayerChain inner = inside(layers[i]);
            Optional<NotFinite> before =
                    inner == null ? Optional.empty() : inner.answers().amongInputGradients(n, place);
            return before.or(() -> NotFinite.first("the input gradient" + place, inputGradients[i], n));
        });
    }

    /** The first among all parameters, in the order of the layers. */
    Optional<NotFinite> amongParameters(String what, String within, Function<Parameter, double[]> array) {
        return first(numbers(), i -> {
            String place = place(i, layers[i], within);
            LayerChain inner = inside(layers[i]);
            return inner == null
                    ? amongParameters(layers[i], what, place, array)
                    : inner.answers().amongParameters(what, place, array);
        });
    }

    private static Optional<NotFinite> amongParameters(
            Layer layer, String what, String place, Function<Parameter, double[]> array) {
        return layer.parameters().stream()
                .map(parameter -> NotFinite.first(what + parameter.name() + place, array.apply(parameter), 0))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private IntStream numbers() {
        return IntStream.range(0, layers.length);
    }

    private static Optional<NotFinite> first(IntStream numbers, IntFunction<Optional<NotFinite>> search) {
        return numbers.mapToObj(i -> search.apply(i).map(found -> found.withLayer(i)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** What follows a name to say which layer it belongs to: {@code of layer 1, <ReLULayer>}, and what that is within. */
    static String place(int number, Layer layer, String within) {
        String name = layer instanceof LayerChain ? "a chain" : layer.toString();
        return " of layer " + number + ", " + name + within;
    }

    /** The chain that a layer is made of, or null. */
    static LayerChain inside(Layer layer) {
        if (layer instanceof ResidualLayer residual) {
            return residual.inner();
        }
        return layer instanceof LayerChain chain ? chain : null;
    }
}
