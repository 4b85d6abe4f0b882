package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.GroupNormLayer;
import dev.purecnn.layer.LayerNormLayer;
import dev.purecnn.layer.LocalResponseNormLayer;
import dev.purecnn.layer.ScaleShiftLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/** Normalizations, and arithmetic with constants. */
final class NormOperators {
    private static final String NEVER = "Such a model cannot be imported.";

    private NormOperators() {}

    /** What arithmetic with a constant is, as {@code scale * x + shift}. */
    private interface Line {
        /** Scale and shift, where the constant is the second operand or the first; null if it is no line. */
        double[] of(double constant, boolean second);
    }

    static void addTo(Map<String, Operators.Operator> all) {
        all.put(
                "Add",
                (node, graph) -> arithmetic(node, graph, Operation.Kind.SUM, (c, second) -> new double[] {1, c}));
        all.put(
                "Mul",
                (node, graph) -> arithmetic(node, graph, Operation.Kind.PRODUCT, (c, second) -> new double[] {c, 0}));
        all.put(
                "Sub",
                (node, graph) -> arithmetic(
                        node, graph, null, (c, second) -> second ? new double[] {1, -c} : new double[] {-1, c}));
        all.put(
                "Div",
                (node, graph) -> arithmetic(node, graph, null, (c, second) -> second ? new double[] {1 / c, 0} : null));
        all.put("BatchNormalization", NormOperators::batchNorm);
        all.put("GroupNormalization", NormOperators::groupNorm);
        all.put(Composites.GROUP_NORM, NormOperators::reshapedGroupNorm);
        all.put("InstanceNormalization", NormOperators::instanceNorm);
        all.put("LayerNormalization", NormOperators::layerNorm);
        all.put("LRN", NormOperators::localResponse);
    }

    /** Of two values that depend on the images, or of one and a constant: a bias for the layer before, or a scale and shift. */
    private static Object arithmetic(OnnxNode node, GraphReader graph, Operation.Kind join, Line line)
            throws FileFault {
        boolean first = graph.value(node, 0) instanceof Operation;
        if (first && graph.value(node, 1) instanceof Operation) {
            if (join == null) {
                throw node.fault("a constant as one of its inputs", "none", NEVER);
            }
            return JoinOperators.elementwise(node, graph, join);
        }
        Operation before = graph.operation(node, first ? 0 : 1);
        StoredTensor constant = graph.tensor(node, first ? 1 : 0, -1);
        if (join == Operation.Kind.SUM && WeightOperators.takesBias(before)) {
            return WeightOperators.biased(node, before, constant);
        }
        double[] scales = new double[constant.count()];
        double[] shifts = new double[constant.count()];
        if (scales.length != 1 && !before.isPerChannel(constant.sizes())) {
            throw node.fault(
                    "one constant, or one for each of " + before.shape.channels() + " channels",
                    constant.toString(),
                    NEVER);
        }
        for (int i = 0; i < scales.length; i++) {
            double[] both = line.of(constant.value(i), first);
            if (both == null) {
                throw node.fault("values that are divided by a constant", "a constant divided by them", NEVER);
            }
            scales[i] = both[0];
            shifts[i] = both[1];
        }
        return Operation.layer(node, before, () -> new ScaleShiftLayer(scales, shifts));
    }

    private static IntToDoubleFunction vector(OnnxNode node, GraphReader graph, int input, int count) throws FileFault {
        StoredTensor tensor = graph.tensor(node, input, -1);
        if (tensor.count() != count) {
            throw node.fault(count + " values", tensor.toString(), "Correct the model.");
        }
        return tensor::value;
    }

    private static Object batchNorm(OnnxNode node, GraphReader graph) throws FileFault {
        Operation before = graph.planes(node, 0);
        if (node.integer("training_mode", 0) != 0 || node.integer("spatial", 1) != 1) {
            throw node.fault("prediction, over planes", "training, or each cell", "Export in evaluation mode.");
        }
        int channels = before.shape.channels();
        graph.take(node, 4L * channels);
        List<IntToDoubleFunction> values = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            values.add(vector(node, graph, i, channels));
        }
        double epsilon = node.decimal("epsilon", 1e-5);
        double momentum = node.decimal("momentum", 0.9);
        return Operation.layer(
                node,
                before,
                bias -> BatchNormLayer.builder(channels)
                        .momentum(momentum)
                        .epsilon(epsilon)
                        .build(),
                values,
                before.shape,
                before.flat);
    }

    private static Object instanceNorm(OnnxNode node, GraphReader graph) throws FileFault {
        Operation before = graph.planes(node, 0);
        return grouped(node, graph, before, before.shape.channels());
    }

    private static Object groupNorm(OnnxNode node, GraphReader graph) throws FileFault {
        return grouped(node, graph, graph.planes(node, 0), node.integer("num_groups", -1));
    }

    /**
     * As PyTorch writes it: inputs 3 and 4 are the sizes that images are brought to and back, 5 and 6 scales and shifts between,
     * which are to change nothing.
     */
    private static Object reshapedGroupNorm(OnnxNode node, GraphReader graph) throws FileFault {
        Operation before = graph.planes(node, 0);
        long[] grouped = graph.whole(node, 3);
        long[] back = graph.whole(node, 4).clone();
        long groups = grouped.length == 3 ? grouped[1] : -1;
        boolean rest = groups > 0 && (grouped[2] == -1 || grouped[2] * groups == before.shape.size());
        int[] sizes = before.sizes();
        boolean same = back.length == sizes.length + 1
                && Arrays.stream(graph.tensor(node, 5, 1).values()).allMatch(scale -> scale == 1)
                && Arrays.stream(graph.tensor(node, 6, 1).values()).allMatch(shift -> shift == 0);
        for (int i = 0; same && i < sizes.length; i++) {
            same = back[i + 1] == sizes[i];
        }
        if (!rest || !same) {
            throw node.fault(
                    "images brought to groups of channels and back, and nothing else",
                    Arrays.toString(grouped) + " and " + Arrays.toString(back),
                    NEVER);
        }
        return grouped(node, graph, before, groups);
    }

    /** Scales and shifts are one per channel; in opset 18, one per group. */
    private static Operation grouped(OnnxNode node, GraphReader graph, Operation before, long groups) throws FileFault {
        int channels = before.shape.channels();
        if (groups < 1 || channels % groups != 0) {
            throw node.fault("groups that divide " + channels + " channels", "" + groups, "Correct the model.");
        }
        graph.take(node, 2L * channels);
        double epsilon = node.decimal("epsilon", 1e-5);
        boolean perGroup = graph.tensor(node, 1, -1).count() == groups;
        int repeats = perGroup ? (int) (channels / groups) : 1;
        IntToDoubleFunction scales = vector(node, graph, 1, channels / repeats);
        IntToDoubleFunction shifts = vector(node, graph, 2, channels / repeats);
        return Operation.layer(
                node,
                before,
                bias -> new GroupNormLayer(channels, (int) groups, epsilon),
                List.of(i -> scales.applyAsDouble(i / repeats), i -> shifts.applyAsDouble(i / repeats)),
                before.shape,
                before.flat);
    }

    private static Object layerNorm(OnnxNode node, GraphReader graph) throws FileFault {
        Operation before = graph.operation(node, 0);
        int dimensions = before.flat ? 2 : 4;
        long axis = node.integer("axis", -1);
        if ((axis < 0 ? axis + dimensions : axis) != 1 || before.channelsLast) {
            throw node.fault(
                    "a norm over all values of an image",
                    "axis " + axis + " of " + StoredTensor.sizes(before.sizes()),
                    "Such layers cannot be imported yet.");
        }
        int size = before.shape.size();
        graph.take(node, 2L * size);
        double epsilon = node.decimal("epsilon", 1e-5);
        IntToDoubleFunction shifts = graph.has(node, 2) ? vector(node, graph, 2, size) : i -> 0;
        return Operation.layer(
                node,
                before,
                bias -> new LayerNormLayer(size, epsilon),
                List.of(vector(node, graph, 1, size), shifts),
                before.shape,
                before.flat);
    }

    private static Object localResponse(OnnxNode node, GraphReader graph) throws FileFault {
        int size = (int) Math.min(Integer.MAX_VALUE, node.integer("size", -1));
        double alpha = node.decimal("alpha", 1e-4);
        double beta = node.decimal("beta", 0.75);
        double offset = node.decimal("bias", 1);
        Operation before = graph.planes(node, 0);
        return Operation.layer(node, before, () -> new LocalResponseNormLayer(size, alpha, beta, offset));
    }
}
