package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.layer.BatchNormLayer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/** What becomes of each ONNX operator. */
final class Operators {
    private static final Map<String, Operator> ALL = all();

    private Operators() {}

    /** Makes a {@link Step} of a node, or a {@link StoredTensor} if it depends on constants alone. */
    interface Operator {
        Object read(OnnxNode node, GraphReader graph) throws FileFault;
    }

    static Object read(OnnxNode node, GraphReader graph) throws FileFault {
        Operator operator = ALL.get(node.operator());
        if (operator == null) {
            throw node.fault(
                    "an operator that a layer of this library stands for",
                    "another",
                    "Build the network from layers, and read its Weights.");
        }
        return operator.read(node, graph);
    }

    private static Map<String, Operator> all() {
        Map<String, Operator> all = new HashMap<>();
        all.put("Add", WeightOperators::add);
        all.put("AveragePool", WindowOperators::averagePool);
        all.put("BatchNormalization", Operators::batchNorm);
        all.put("Cast", FormOperators::cast);
        all.put("Concat", JoinOperators::concat);
        all.put("Constant", ConstantOperators::constant);
        all.put("Conv", WindowOperators::conv);
        all.put("Flatten", FormOperators::flatten);
        all.put("Gather", ConstantOperators::gather);
        all.put("Gemm", WeightOperators::gemm);
        all.put("GlobalAveragePool", WindowOperators::globalAveragePool);
        all.put("GlobalMaxPool", WindowOperators::globalMaxPool);
        all.put("Identity", FormOperators::identity);
        all.put("MatMul", WeightOperators::matMul);
        all.put("MaxPool", WindowOperators::maxPool);
        all.put("Mul", (node, graph) -> JoinOperators.elementwise(node, graph, Step.Kind.PRODUCT));
        all.put("Pad", FormOperators::pad);
        all.put("ReduceMean", WindowOperators::reduceMean);
        all.put("Reshape", FormOperators::reshape);
        all.put("Shape", ConstantOperators::shape);
        all.put("Slice", ConstantOperators::slice);
        all.put("Squeeze", FormOperators::squeeze);
        all.put("Sum", (node, graph) -> JoinOperators.elementwise(node, graph, Step.Kind.SUM));
        all.put("Transpose", FormOperators::transpose);
        all.put("Unsqueeze", FormOperators::unsqueeze);
        ActivationOperators.addTo(all);
        return all;
    }

    private static Object batchNorm(OnnxNode node, GraphReader graph) throws FileFault {
        Step before = graph.planes(node, 0);
        if (node.integer("training_mode", 0) != 0 || node.integer("spatial", 1) != 1) {
            throw node.fault("prediction, over planes", "training, or each cell", "Export in evaluation mode.");
        }
        int channels = before.shape.channels();
        graph.take(node, 4L * channels);
        List<IntToDoubleFunction> values = new ArrayList<>();
        for (int i = 1; i <= 4; i++) {
            StoredTensor tensor = graph.tensor(node, i, 1);
            if (tensor.count() != channels) {
                throw node.fault(channels + " values", tensor.toString(), "Correct the model.");
            }
            values.add(tensor::value);
        }
        double epsilon = node.decimal("epsilon", 1e-5);
        double momentum = node.decimal("momentum", 0.9);
        return Step.layer(
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
}
