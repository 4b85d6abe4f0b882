package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.ResidualLayer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Layers one after another, made of a graph's steps; sums become residual layers. */
final class Series {
    private static final int DEEPEST = 24; // of layers within layers, of which a model file takes a few more
    private static final String LATER = "Such models cannot be imported yet.";

    private final List<Layer> layers;
    private final List<Filling> fillings = new ArrayList<>();

    /** A layer, and the values that it is to have. */
    private record Filling(Step step, Layer layer) {}

    /**
     * The layers of a graph.
     *
     * @param end its last step
     * @param softmax whether there is to be one at the end where the graph has none
     */
    Series(GraphReader graph, Step end, boolean softmax) throws FileFault {
        Step last = withoutForms(take(end));
        Step logits = last;
        if (last.kind == Step.Kind.SOFTMAX || last.kind == Step.Kind.LOG_SOFTMAX && softmax) {
            logits = withoutForms(take(last.before));
        } else if (!softmax) {
            throw fault(
                    last,
                    "a softmax at the end, or endWithSoftmax()",
                    "another end",
                    "Call endWithSoftmax() if these are a classifier's logits.");
        }
        if (logits.kind != Step.Kind.DENSE) {
            throw fault(logits, "a Gemm or MatMul before the softmax", "another operator", LATER);
        }
        layers = layers(take(logits.before), graph.images(), 0);
        layers.add(filled(logits, new DenseSoftmaxLayer(logits.before.shape.size(), logits.shape.size())));
        checkUses(graph.images());
        for (Step step : graph.steps()) {
            checkUses(step);
        }
    }

    List<Layer> layers() {
        return layers;
    }

    private static Step take(Step step) {
        step.taken++;
        return step;
    }

    private static Step withoutForms(Step from) {
        Step step = from;
        while (step.kind == Step.Kind.FORM && step.before != null) {
            step = take(step.before);
        }
        return step;
    }

    /** What lies between two steps, in order. */
    private List<Layer> layers(Step end, Step start, int depth) throws FileFault {
        List<Layer> backwards = new ArrayList<>();
        Step step = end;
        while (step != start) {
            if (step.number < start.number) {
                throw fault(start, "a value that is added to what layers make of it", "a sum of two branches", LATER);
            }
            switch (step.kind) {
                case FORM -> step = take(step.before);
                case LAYER, DENSE -> {
                    backwards.add(filled(step, step.newLayer()));
                    step = take(step.before);
                }
                case SUM -> {
                    Step later = step.before.number > step.around.number ? step.before : step.around;
                    Step earlier = later == step.before ? step.around : step.before;
                    backwards.add(residual(step, later, earlier, depth + 1));
                    step = take(earlier);
                }
                default -> throw fault(step, "a softmax at the end only", "one within the network", LATER);
            }
        }
        Collections.reverse(backwards);
        return backwards;
    }

    private Layer residual(Step sum, Step later, Step earlier, int depth) throws FileFault {
        if (depth > DEEPEST) {
            throw fault(sum, "at most " + DEEPEST + " sums within sums", "more", LATER);
        }
        List<Layer> inside = layers(take(later), earlier, depth);
        if (inside.isEmpty()) {
            throw fault(sum, "a layer on one way to the sum", "none", LATER);
        }
        return new ResidualLayer(inside.toArray(new Layer[0]));
    }

    private Layer filled(Step step, Layer layer) {
        fillings.add(new Filling(step, layer));
        return layer;
    }

    /** Whoever takes a step must be a layer of the series: there are no branches else. */
    private static void checkUses(Step step) throws FileFault {
        if (step.taken != step.uses) {
            throw fault(
                    step,
                    "its output to go to the next layer, or around some layers to a sum",
                    step.uses + " uses, " + step.taken + " of them such",
                    LATER);
        }
    }

    private static FileFault fault(Step step, String expected, String got, String remedy) {
        return step.node == null
                ? new FileFault(0, "input: expected " + expected + ", got " + got + ". " + remedy)
                : step.node.fault(expected, got, remedy);
    }

    /** Gives the layers, once they are connected, their values. */
    void fill() throws FileFault {
        for (Filling filling : fillings) {
            List<IntToDoubleFunction> values = filling.step.values;
            List<Parameter> parameters = filling.layer.parameters();
            for (int i = 0; i < values.size() && i < parameters.size(); i++) {
                if (values.get(i) != null) {
                    fill(filling.step, parameters.get(i), values.get(i));
                }
            }
        }
    }

    private static void fill(Step step, Parameter parameter, IntToDoubleFunction values) throws FileFault {
        double[] target = parameter.values();
        for (int i = 0; i < target.length; i++) {
            target[i] = values.applyAsDouble(i);
            if (!Double.isFinite(target[i])) {
                throw fault(step, "finite " + parameter.name(), target[i] + " at " + i, "Train that model again.");
            }
        }
    }
}
