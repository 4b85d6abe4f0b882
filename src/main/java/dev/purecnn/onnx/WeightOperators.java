package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Products with constant weights, and what is added to them. */
final class WeightOperators {
    private WeightOperators() {}

    static List<IntToDoubleFunction> values(IntToDoubleFunction weights, IntToDoubleFunction biases) {
        List<IntToDoubleFunction> values = new ArrayList<>();
        values.add(weights);
        values.add(biases);
        return values;
    }

    /** A vector of biases, if there is that input; else null. */
    static IntToDoubleFunction bias(OnnxNode node, GraphReader graph, int input, int count) throws FileFault {
        return graph.has(node, input) ? bias(node, graph.tensor(node, input, -1), count, 0) : null;
    }

    /** One bias for each output, followed by that many dimensions of one value; null if the constant is no such. */
    private static IntToDoubleFunction bias(OnnxNode node, StoredTensor constant, int count, int ones)
            throws FileFault {
        int[] sizes = constant.sizes();
        int at = sizes.length - 1 - ones;
        if (constant.count() == 1) {
            return i -> constant.value(0);
        }
        if (at < 0 || sizes[at] != count || constant.count() != count) {
            throw node.fault("one bias for each of " + count + " outputs", constant.toString(), "Correct the model.");
        }
        return constant::value;
    }

    static Object gemm(OnnxNode node, GraphReader graph) throws FileFault {
        double alpha = node.decimal("alpha", 1);
        double beta = node.decimal("beta", 1);
        if (node.integer("transA", 0) != 0) {
            throw node.fault("images as rows", "transA", "Such a model cannot be imported.");
        }
        StoredTensor weights = graph.tensor(node, 1, 2);
        boolean transposed = node.integer("transB", 0) != 0;
        int outputs = weights.sizes()[transposed ? 0 : 1];
        IntToDoubleFunction biases = bias(node, graph, 2, outputs);
        return dense(
                node, graph, weights, transposed, alpha, biases == null ? null : i -> beta * biases.applyAsDouble(i));
    }

    static Object matMul(OnnxNode node, GraphReader graph) throws FileFault {
        return dense(node, graph, graph.tensor(node, 1, 2), false, 1, null);
    }

    private static Operation dense(
            OnnxNode node,
            GraphReader graph,
            StoredTensor weights,
            boolean transposed,
            double factor,
            IntToDoubleFunction biases)
            throws FileFault {
        Operation before = graph.operation(node, 0);
        int inputs = weights.sizes()[transposed ? 1 : 0];
        int outputs = weights.sizes()[transposed ? 0 : 1];
        Shape shape = before.shape;
        if (!before.flat || inputs != shape.size()) {
            throw node.fault(
                    inputs + " values per image, in one dimension",
                    before.flat ? "" + shape.size() : shape.toString(),
                    "Correct the model.");
        }
        graph.take(node, (long) weights.count() + outputs);
        IntToDoubleFunction values = i -> {
            int input = before.channelsLast ? Target.channelsLast(i % inputs, shape) : i % inputs;
            int output = i / inputs;
            return factor * weights.value(transposed ? output * inputs + input : input * outputs + output);
        };
        return Operation.layer(
                node,
                Operation.Kind.DENSE,
                before,
                bias -> DenseLayer.builder(inputs, outputs).bias(bias).build(),
                values(values, biases),
                Shape.vector(outputs),
                true);
    }

    /** Whether the operation is a convolution or product without biases, which a constant that is added can be. */
    static boolean takesBias(Operation before) {
        return before.values.size() == 2 && before.values.get(1) == null;
    }

    static Operation biased(OnnxNode node, Operation before, StoredTensor constant) throws FileFault {
        IntToDoubleFunction biases = bias(node, constant, before.shape.channels(), before.flat ? 0 : 2);
        before.taken++; // by the layer that takes its place
        return Operation.layer(
                node,
                before.kind,
                before.before,
                before.layer,
                values(before.values.get(0), biases),
                before.shape,
                before.flat);
    }
}
