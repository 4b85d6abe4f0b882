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
    static Step elementwise(OnnxNode node, GraphReader graph, Step.Kind kind) throws FileFault {
        List<Step> parts = parts(node, graph);
        Step largest = parts.get(0);
        for (Step part : parts) {
            largest = part.shape.size() > largest.shape.size() ? part : largest;
        }
        for (Step part : parts) {
            boolean onePerChannel = !part.flat && part.shape.equals(Shape.vector(largest.shape.channels()));
            boolean sameForm = part.flat == largest.flat && part.channelsLast == largest.channelsLast;
            if (!Arrays.equals(part.sizes(), largest.sizes()) && !(onePerChannel && sameForm)) {
                throw node.fault(
                        "values of equal sizes, or of one for each channel",
                        StoredTensor.sizes(part.sizes()) + " beside " + StoredTensor.sizes(largest.sizes()),
                        NEVER);
            }
        }
        return Step.join(node, kind, parts, largest.shape);
    }

    /** Values one after another by channel. */
    static Object concat(OnnxNode node, GraphReader graph) throws FileFault {
        if (!(graph.value(node, 0) instanceof Step first)) {
            return ConstantOperators.concat(node, graph);
        }
        List<Step> parts = parts(node, graph);
        int dimensions = first.flat ? 2 : 4;
        long axis = node.integer("axis", 1);
        axis = axis < 0 ? axis + dimensions : axis;
        int channels = 0;
        for (Step part : parts) {
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
            return Step.form(node, first, first.flat, first.channelsLast);
        }
        Shape shape = Shape.of(channels, first.shape.height(), first.shape.width());
        return Step.join(node, Step.Kind.CONCATENATION, shortened(parts, graph), shape);
    }

    private static List<Step> parts(OnnxNode node, GraphReader graph) throws FileFault {
        List<Step> parts = new ArrayList<>();
        for (int i = 0; i < node.inputs().size(); i++) {
            parts.add(graph.step(node, i));
        }
        return parts;
    }

    /** With earlier concatenations instead of the parts that they are made of: so a dense block becomes a series. */
    private static List<Step> shortened(List<Step> parts, GraphReader graph) {
        List<Step> shortened = parts;
        for (Step step : graph.steps()) {
            int count = step.parts.size();
            if (step.kind == Step.Kind.CONCATENATION
                    && count < shortened.size()
                    && step.parts.equals(shortened.subList(0, count))) {
                step.uses++;
                step.parts.forEach(part -> part.uses--);
                List<Step> rest = shortened.subList(count, shortened.size());
                shortened = new ArrayList<>(List.of(step));
                shortened.addAll(rest);
            }
        }
        return shortened;
    }
}
