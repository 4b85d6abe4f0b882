package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.layer.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operators that join values which all depend on the images. */
final class JoinOperators {
    private static final String NEVER = "Such a model cannot be imported.";

    private JoinOperators() {}

    /** A sum or product of values of equal sizes, or of one per channel. */
    static Operation elementwise(OnnxNode node, GraphReader graph, Operation.Kind kind) throws FileFault {
        List<Operation> parts = parts(node, graph);
        Operation largest = parts.get(0);
        for (Operation part : parts) {
            largest = part.shape.size() > largest.shape.size() ? part : largest;
        }
        for (Operation part : parts) {
            boolean onePerChannel = !part.flat && part.shape.equals(Shape.vector(largest.shape.channels()));
            boolean sameForm = part.flat == largest.flat && part.channelsLast == largest.channelsLast;
            if (!Arrays.equals(part.sizes(), largest.sizes()) && !(onePerChannel && sameForm)) {
                throw node.fault(
                        "values of equal sizes, or of one for each channel",
                        StoredTensor.sizes(part.sizes()) + " beside " + StoredTensor.sizes(largest.sizes()),
                        NEVER);
            }
        }
        return Operation.join(node, kind, parts, largest.shape);
    }

    /** Values one after another by channel. */
    static Object concat(OnnxNode node, GraphReader graph) throws FileFault {
        if (!(graph.value(node, 0) instanceof Operation first)) {
            return ConstantOperators.concat(node, graph);
        }
        List<Operation> parts = parts(node, graph);
        int dimensions = first.flat ? 2 : 4;
        long axis = node.integer("axis", 1);
        axis = axis < 0 ? axis + dimensions : axis;
        int channels = 0;
        for (Operation part : parts) {
            Shape shape = part.shape;
            channels = Math.addExact(channels, shape.channels());
            if (axis != (part.channelsLast && !part.flat ? 3 : 1)
                    || part.flat != first.flat
                    || part.channelsLast != first.channelsLast
                    || part.channelsLast && part.flat
                    || shape.height() != first.shape.height()
                    || shape.width() != first.shape.width()) {
                throw node.fault(
                        "values of equal heights and widths, one after another by channel",
                        StoredTensor.sizes(first.sizes()) + " and " + StoredTensor.sizes(part.sizes()) + ", along axis "
                                + axis,
                        NEVER);
            }
        }
        if (parts.size() == 1) {
            return Operation.form(node, first, first.flat, first.channelsLast);
        }
        Shape shape = Shape.of(channels, first.shape.height(), first.shape.width());
        return Operation.join(node, Operation.Kind.CONCATENATION, shortened(parts, graph), shape);
    }

    private static List<Operation> parts(OnnxNode node, GraphReader graph) throws FileFault {
        List<Operation> parts = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            parts.add(graph.operation(node, i));
        }
        return parts;
    }

    /** With earlier concatenations instead of the parts that they are made of: so a dense block becomes a series. */
    private static List<Operation> shortened(List<Operation> parts, GraphReader graph) {
        List<Operation> shortened = parts;
        for (Operation operation : graph.operations()) {
            int count = operation.parts.size();
            if (operation.kind == Operation.Kind.CONCATENATION
                    && count < shortened.size()
                    && operation.parts.equals(shortened.subList(0, count))) {
                operation.uses++;
                operation.parts.forEach(part -> part.uses--);
                List<Operation> rest = shortened.subList(count, shortened.size());
                shortened = new ArrayList<>(List.of(operation));
                shortened.addAll(rest);
            }
        }
        return shortened;
    }
}
