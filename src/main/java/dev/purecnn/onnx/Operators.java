package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import java.util.HashMap;
import java.util.Map;

/** What becomes of each ONNX operator. */
final class Operators {
    private static final Map<String, Operator> ALL = all();

    private Operators() {}

    /** Makes an {@link Operation} of a node, or a {@link StoredTensor} if it depends on constants alone. */
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
        all.put("AveragePool", WindowOperators::averagePool);
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
        all.put("Pad", FormOperators::pad);
        all.put("ReduceMean", WindowOperators::reduceMean);
        all.put("Reshape", FormOperators::reshape);
        all.put("Shape", ConstantOperators::shape);
        all.put("Slice", ConstantOperators::slice);
        all.put("Squeeze", FormOperators::squeeze);
        all.put("Sum", (node, graph) -> JoinOperators.elementwise(node, graph, Operation.Kind.SUM));
        all.put("Transpose", FormOperators::transpose);
        all.put("Unsqueeze", FormOperators::unsqueeze);
        ActivationOperators.addTo(all);
        NormOperators.addTo(all);
        return all;
    }
}
