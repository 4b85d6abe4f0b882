package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.ParallelLayer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.layer.SoftmaxLayer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Layers one after another, made of a graph's operations; branches that part and meet again become parallel layers. */
final class Series {
    private static final int DEEPEST = 24; // of branches within branches, of which a model file takes a few more
    private static final String LATER = "Such models cannot be imported yet.";

    private final List<Layer> layers;
    private final List<Filling> fillings = new ArrayList<>();

    /** A layer, and the values that it is to have. */
    private record Filling(Operation operation, Layer layer) {}

    /**
     * The layers of a graph.
     *
     * @param end its last operation
     * @param softmax whether there is to be one at the end where the graph has none
     */
    Series(GraphReader graph, Operation end, boolean softmax) throws FileFault {
        Operation last = withoutForms(take(end));
        Operation logits = last;
        if (last.kind == Operation.Kind.SOFTMAX || last.kind == Operation.Kind.LOG_SOFTMAX && softmax) {
            logits = withoutForms(take(last.before));
        } else if (!softmax) {
            throw fault(
                    last,
                    "a softmax at the end, or endWithSoftmax()",
                    "another end",
                    "Call endWithSoftmax() if these are a classifier's logits.");
        }
        if (logits.kind == Operation.Kind.DENSE) {
            layers = layers(take(logits.before), graph.images(), 0);
            layers.add(filled(logits, new DenseSoftmaxLayer(logits.before.shape.size(), logits.shape.size())));
        } else {
            layers = layers(logits, graph.images(), 0);
            layers.add(new SoftmaxLayer());
        }
        checkUses(graph.images());
        for (Operation operation : graph.operations()) {
            checkUses(operation);
        }
    }

    List<Layer> layers() {
        return layers;
    }

    private static Operation take(Operation operation) {
        operation.taken++;
        return operation;
    }

    private static Operation withoutForms(Operation from) {
        Operation operation = from;
        while (operation.kind == Operation.Kind.FORM && operation.before != null) {
            operation = take(operation.before);
        }
        return operation;
    }

    /** What lies between two operations, in order. */
    private List<Layer> layers(Operation end, Operation start, int depth) throws FileFault {
        List<Layer> backwards = new ArrayList<>();
        Operation operation = end;
        while (operation != start) {
            if (operation.visited) {
                throw fault(
                        operation,
                        "branches that meet again only where they are joined",
                        "one that parts on its way",
                        LATER);
            }
            operation.visited = true;
            switch (operation.kind) {
                case FORM -> operation = take(operation.before);
                case LAYER, DENSE -> {
                    backwards.add(filled(operation, operation.newLayer()));
                    operation = take(operation.before);
                }
                case SUM, CONCATENATION, PRODUCT -> {
                    backwards.add(parallel(operation, depth + 1));
                    operation = operation.before; // taken by the branches
                }
                default -> throw fault(operation, "a softmax at the end only", "one within the network", LATER);
            }
        }
        Collections.reverse(backwards);
        return backwards;
    }

    private Layer parallel(Operation join, int depth) throws FileFault {
        if (depth > DEEPEST) {
            throw fault(join, "at most " + DEEPEST + " branches within branches", "more", LATER);
        }
        List<List<Layer>> branches = new ArrayList<>();
        for (Operation part : join.parts) {
            branches.add(layers(take(part), join.before, depth));
        }
        List<Layer> first = branches.get(0);
        List<Layer> second = branches.get(1);
        boolean sameShapes = join.parts.get(0).shape.equals(join.parts.get(1).shape);
        if (join.kind == Operation.Kind.SUM && branches.size() == 2 && sameShapes && first.size() + second.size() > 0) {
            return first.isEmpty() ? new ResidualLayer(second, first) : new ResidualLayer(first, second);
        }
        @SuppressWarnings({"unchecked", "rawtypes"}) // arrays cannot have a type parameter
        List<Layer>[] array = branches.toArray(new List[0]);
        return switch (join.kind) {
            case SUM -> ParallelLayer.sum(array);
            case PRODUCT -> ParallelLayer.product(array);
            default -> ParallelLayer.concatenation(array);
        };
    }

    private Layer filled(Operation operation, Layer layer) {
        fillings.add(new Filling(operation, layer));
        return layer;
    }

    /** What takes an operation must be a layer of the network. */
    private static void checkUses(Operation operation) throws FileFault {
        if (operation.taken != operation.uses) {
            throw fault(
                    operation,
                    "its output to go to the next layer, or to branches that are joined later",
                    operation.uses + " uses, " + operation.taken + " of them such",
                    LATER);
        }
    }

    private static FileFault fault(Operation operation, String expected, String got, String remedy) {
        return operation.node == null
                ? new FileFault(0, "input: expected " + expected + ", got " + got + ". " + remedy)
                : operation.node.fault(expected, got, remedy);
    }

    /** Gives the layers, once they are connected, their values. */
    void fill() throws FileFault {
        for (Filling filling : fillings) {
            List<IntToDoubleFunction> values = filling.operation.values;
            List<Parameter> parameters = filling.layer.parameters();
            for (int i = 0; i < values.size() && i < parameters.size(); i++) {
                if (values.get(i) != null) {
                    fill(filling.operation, parameters.get(i), values.get(i));
                }
            }
        }
    }

    private static void fill(Operation operation, Parameter parameter, IntToDoubleFunction values) throws FileFault {
        double[] target = parameter.values();
        for (int i = 0; i < target.length; i++) {
            target[i] = values.applyAsDouble(i);
            if (!Double.isFinite(target[i])) {
                throw fault(operation, "finite " + parameter.name(), target[i] + " at " + i, "Train that model again.");
            }
        }
    }
}
