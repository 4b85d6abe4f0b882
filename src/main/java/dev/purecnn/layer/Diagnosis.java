package dev.purecnn.layer;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Goes through a chain step by step, and looks at every array for the first NaN or infinity. */
final class Diagnosis {
    private final List<Step> steps;

    Diagnosis(LayerChain chain) {
        steps = Step.of(chain);
    }

    /** In the order in which they come up: images, parameters and outputs, losses, and input gradients from the last to the first. */
    Optional<NotFinite> find(double[] images, int[] labels) {
        Optional<NotFinite> found = NotFinite.first("the images", images, labels.length);
        double[] output = images;
        for (int i = 0; i < steps.size() && found.isEmpty(); i++) {
            Step step = steps.get(i);
            output = step.layer().forward(output);
            found = amongParameters(step, "", Parameter::values);
            found = found.isPresent() ? found : look(step, "the output", output, labels.length);
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
        while (first < steps.size() && steps.get(first).layer().parameters().isEmpty()) {
            first++;
        }
        double[] gradient = lossGradient;
        Optional<NotFinite> found = look(last(), "the input gradient", gradient, n);
        for (int i = steps.size() - 2; i > first && found.isEmpty(); i--) {
            gradient = steps.get(i).layer().backprop(gradient);
            found = look(steps.get(i), "the input gradient", gradient, n);
        }
        return found;
    }

    Optional<NotFinite> amongParameters(String what, Function<Parameter, double[]> array) {
        return steps.stream()
                .map(step -> amongParameters(step, what, array))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<NotFinite> amongParameters(Step step, String what, Function<Parameter, double[]> array) {
        return step.layer().parameters().stream()
                .map(parameter -> look(step, what + parameter.name(), array.apply(parameter), 0))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<NotFinite> look(Step step, String what, double[] values, int n) {
        return NotFinite.first(what + step.place(), values, n).map(found -> found.withLayer(step.number()));
    }

    private Step last() {
        return steps.get(steps.size() - 1);
    }
}
