package dev.purecnn.layer;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Goes through a chain leaf by leaf, and looks at every array for the first NaN or infinity. */
final class Diagnosis {
    private final List<Leaf> leaves;

    Diagnosis(LayerChain chain) {
        leaves = Leaf.of(chain);
    }

    /** In the order in which they come up: images, parameters and outputs, losses, and input gradients from the last to the first. */
    Optional<NotFinite> find(double[] images, int[] labels) {
        Optional<NotFinite> found = NotFinite.first("the images", images, labels.length);
        double[] output = images;
        for (int i = 0; i < leaves.size() && found.isEmpty(); i++) {
            Leaf leaf = leaves.get(i);
            output = leaf.layer().forward(output);
            found = amongParameters(leaf, "", Parameter::values);
            found = found.isPresent() ? found : look(leaf, "the output", output, labels.length);
        }
        if (found.isPresent() || !(last().layer() instanceof OutputLayer outputLayer)) {
            return found;
        }
        found = NotFinite.first("the losses", outputLayer.losses(labels), labels.length);
        return found.isPresent() ? found : amongInputGradients(outputLayer.backpropLabels(labels), labels.length);
    }

    /** Below the first layer with parameters, gradients are irrelevant. */
    private Optional<NotFinite> amongInputGradients(double[] lossGradient, int n) {
        int first = 0;
        while (first < leaves.size() && leaves.get(first).layer().parameters().isEmpty()) {
            first++;
        }
        double[] gradient = lossGradient;
        Optional<NotFinite> found = look(last(), "the input gradient", gradient, n);
        for (int i = leaves.size() - 2; i > first && found.isEmpty(); i--) {
            gradient = leaves.get(i).layer().backprop(gradient);
            found = look(leaves.get(i), "the input gradient", gradient, n);
        }
        return found;
    }

    Optional<NotFinite> amongParameters(String what, Function<Parameter, double[]> array) {
        return leaves.stream()
                .map(leaf -> amongParameters(leaf, what, array))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<NotFinite> amongParameters(Leaf leaf, String what, Function<Parameter, double[]> array) {
        return leaf.layer().parameters().stream()
                .map(parameter -> look(leaf, what + parameter.name(), array.apply(parameter), 0))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<NotFinite> look(Leaf leaf, String what, double[] values, int n) {
        return NotFinite.first(what + leaf.place(), values, n).map(found -> found.withLayer(leaf.number()));
    }

    private Leaf last() {
        return leaves.get(leaves.size() - 1);
    }
}
