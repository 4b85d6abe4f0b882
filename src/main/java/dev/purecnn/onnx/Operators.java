package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.DropoutLayer;
import dev.purecnn.layer.ELULayer;
import dev.purecnn.layer.GELULayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LeakyReLULayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.SigmoidLayer;
import dev.purecnn.layer.TanhLayer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;

/** What becomes of each ONNX operator. */
final class Operators {
    private static final Map<String, Operator> ALL = all();

    private Operators() {}

    /** Makes a {@link Step} of a node, or a {@link StoredTensor} if it depends on constants alone. */
    interface Operator {
        Object read(OnnxNode node, GraphReader graph) throws FileFault;
    }

    /** Makes a layer of a node's attributes. */
    private interface Maker {
        Supplier<Layer> of(OnnxNode node) throws FileFault;
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
        all.put("Clip", Operators::clip);
        all.put("Concat", JoinOperators::concat);
        all.put("Constant", ConstantOperators::constant);
        all.put("Conv", WindowOperators::conv);
        all.put("Dropout", Operators::dropout);
        all.put("Elu", layer(Operators::elu));
        all.put("Flatten", FormOperators::flatten);
        all.put("Gather", ConstantOperators::gather);
        all.put("Gelu", Operators::gelu);
        all.put("Gemm", WeightOperators::gemm);
        all.put("GlobalAveragePool", WindowOperators::globalAveragePool);
        all.put("GlobalMaxPool", WindowOperators::globalMaxPool);
        all.put("Identity", FormOperators::identity);
        all.put("LeakyRelu", layer(Operators::leakyReLU));
        all.put("LogSoftmax", (node, graph) -> softmax(node, graph, Step.Kind.LOG_SOFTMAX));
        all.put("MatMul", WeightOperators::matMul);
        all.put("MaxPool", WindowOperators::maxPool);
        all.put("Mul", (node, graph) -> JoinOperators.elementwise(node, graph, Step.Kind.PRODUCT));
        all.put("Pad", FormOperators::pad);
        all.put("ReduceMean", WindowOperators::reduceMean);
        all.put("Relu", layer(node -> ReLULayer::new));
        all.put("Reshape", FormOperators::reshape);
        all.put("Shape", ConstantOperators::shape);
        all.put("Sigmoid", layer(node -> SigmoidLayer::new));
        all.put("Slice", ConstantOperators::slice);
        all.put("Softmax", (node, graph) -> softmax(node, graph, Step.Kind.SOFTMAX));
        all.put("Squeeze", FormOperators::squeeze);
        all.put("Sum", (node, graph) -> JoinOperators.elementwise(node, graph, Step.Kind.SUM));
        all.put("Tanh", layer(node -> TanhLayer::new));
        all.put("Transpose", FormOperators::transpose);
        all.put("Unsqueeze", FormOperators::unsqueeze);
        return all;
    }

    private static Operator layer(Maker maker) {
        return (node, graph) -> Step.layer(node, graph.step(node, 0), maker.of(node));
    }

    private static Supplier<Layer> leakyReLU(OnnxNode node) throws FileFault {
        double slope = node.decimal("alpha", 0.01);
        return () -> new LeakyReLULayer(slope);
    }

    private static Supplier<Layer> elu(OnnxNode node) throws FileFault {
        double alpha = node.decimal("alpha", 1);
        return () -> new ELULayer(alpha);
    }

    private static Object gelu(OnnxNode node, GraphReader graph) throws FileFault {
        if (!node.text("approximate", "none").equals("tanh")) {
            throw node.fault("the tanh form", "the exact one", "Export with approximate=\"tanh\".");
        }
        return Step.layer(node, graph.step(node, 0), GELULayer::new);
    }

    private static Object clip(OnnxNode node, GraphReader graph) throws FileFault {
        Step before = graph.step(node, 0);
        double least = bound(node, graph, 1, "min", -Double.MAX_VALUE);
        double most = bound(node, graph, 2, "max", Double.MAX_VALUE);
        if (least != 0 || most < Float.MAX_VALUE) {
            throw node.fault(
                    "a clip at 0 from below only, which is a ReLU",
                    "one from " + least + " to " + most,
                    "Such layers cannot be imported yet.");
        }
        return Step.layer(node, before, ReLULayer::new);
    }

    /** Attributes up to opset 10, inputs after it. */
    private static double bound(OnnxNode node, GraphReader graph, int input, String name, double absent)
            throws FileFault {
        if (!graph.has(node, input)) {
            return node.decimal(name, absent);
        }
        return graph.number(node, input);
    }

    private static Object dropout(OnnxNode node, GraphReader graph) throws FileFault {
        double rate = graph.has(node, 1) ? graph.number(node, 1) : node.decimal("ratio", 0.5);
        return Step.layer(node, graph.step(node, 0), () -> new DropoutLayer(rate));
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

    private static Object softmax(OnnxNode node, GraphReader graph, Step.Kind kind) throws FileFault {
        Step before = graph.planes(node, 0);
        int dimensions = before.flat ? 2 : 4;
        long axis = node.integer("axis", graph.opset() < 13 ? 1 : -1);
        if ((axis < 0 ? axis + dimensions : axis) != 1 || before.shape.height() * before.shape.width() > 1) {
            throw node.fault("a softmax over one value per class", "axis " + axis, "Such a model cannot be imported.");
        }
        return Step.end(node, before, kind);
    }
}
