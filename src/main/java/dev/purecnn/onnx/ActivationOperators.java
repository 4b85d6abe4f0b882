package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.layer.ClipLayer;
import dev.purecnn.layer.DropoutLayer;
import dev.purecnn.layer.ELULayer;
import dev.purecnn.layer.GELULayer;
import dev.purecnn.layer.HardSigmoidLayer;
import dev.purecnn.layer.HardSwishLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.LeakyReLULayer;
import dev.purecnn.layer.PReLULayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.SELULayer;
import dev.purecnn.layer.ScaleShiftLayer;
import dev.purecnn.layer.SiLULayer;
import dev.purecnn.layer.SigmoidLayer;
import dev.purecnn.layer.SoftplusLayer;
import dev.purecnn.layer.TanhLayer;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Operators that change each value by itself, and those that end a classifier. */
final class ActivationOperators {
    private static final String LATER = "Such layers cannot be imported yet.";
    private static final float SELU_ALPHA = 1.67326319217681884765625f; // ONNX's defaults
    private static final float SELU_GAMMA = 1.05070102214813232421875f;
    private static final float SIXTH = 1 / 6f;

    private ActivationOperators() {}

    /** Makes a layer of a node's attributes. */
    private interface Maker {
        Supplier<Layer> of(OnnxNode node) throws FileFault;
    }

    static void addTo(Map<String, Operators.Operator> all) {
        all.put("Celu", layer(ActivationOperators::celu));
        all.put("Clip", ActivationOperators::clip);
        all.put("Dropout", ActivationOperators::dropout);
        all.put("Elu", layer(node -> {
            double alpha = node.decimal("alpha", 1);
            return () -> new ELULayer(alpha);
        }));
        all.put("Gelu", layer(node -> {
            boolean exact = !node.text("approximate", "none").equals("tanh");
            return () -> exact ? GELULayer.exact() : new GELULayer();
        }));
        all.put("HardSigmoid", layer(ActivationOperators::hardSigmoid));
        all.put("HardSwish", layer(node -> HardSwishLayer::new));
        all.put("LeakyRelu", layer(node -> {
            double slope = node.decimal("alpha", 0.01);
            return () -> new LeakyReLULayer(slope);
        }));
        all.put("LogSoftmax", (node, graph) -> softmax(node, graph, Operation.Kind.LOG_SOFTMAX));
        all.put("Max", (node, graph) -> bounded(node, graph, true));
        all.put("Min", (node, graph) -> bounded(node, graph, false));
        all.put("PRelu", ActivationOperators::pReLU);
        all.put("Relu", layer(node -> ReLULayer::new));
        all.put("Selu", layer(ActivationOperators::selu));
        all.put("Sigmoid", layer(node -> SigmoidLayer::new));
        all.put("Silu", layer(node -> SiLULayer::new));
        all.put("Softmax", (node, graph) -> softmax(node, graph, Operation.Kind.SOFTMAX));
        all.put("Softplus", layer(node -> SoftplusLayer::new));
        all.put("Tanh", layer(node -> TanhLayer::new));
    }

    private static Operators.Operator layer(Maker maker) {
        return (node, graph) -> Operation.layer(node, graph.operation(node, 0), maker.of(node));
    }

    /** {@code alpha * Elu(x / alpha)}. */
    private static Supplier<Layer> celu(OnnxNode node) throws FileFault {
        double alpha = node.decimal("alpha", 1);
        return alpha == 1 ? ELULayer::new : () -> new LayerChain(scale(1 / alpha), new ELULayer(), scale(alpha));
    }

    /** {@code gamma * Elu(x)}. */
    private static Supplier<Layer> selu(OnnxNode node) throws FileFault {
        double alpha = node.decimal("alpha", SELU_ALPHA);
        double gamma = node.decimal("gamma", SELU_GAMMA);
        return (float) alpha == SELU_ALPHA && (float) gamma == SELU_GAMMA
                ? SELULayer::new
                : () -> new LayerChain(new ELULayer(alpha), scale(gamma));
    }

    private static Layer scale(double factor) {
        return new ScaleShiftLayer(new double[] {factor}, new double[] {0});
    }

    private static Supplier<Layer> hardSigmoid(OnnxNode node) throws FileFault {
        double alpha = node.decimal("alpha", 0.2);
        double slope = (float) alpha == SIXTH ? 1.0 / 6 : alpha; // as PyTorch means it
        double offset = node.decimal("beta", 0.5);
        return () -> new HardSigmoidLayer(slope, offset);
    }

    private static Object clip(OnnxNode node, GraphReader graph) throws FileFault {
        double lowest = bound(node, graph, 1, "min", -Float.MAX_VALUE);
        double highest = bound(node, graph, 2, "max", Float.MAX_VALUE);
        return clip(node, graph.operation(node, 0), lowest, highest);
    }

    /** Attributes up to opset 10, inputs after it. */
    private static double bound(OnnxNode node, GraphReader graph, int input, String name, double absent)
            throws FileFault {
        return graph.has(node, input) ? graph.number(node, input) : node.decimal(name, absent);
    }

    /** The largest float32 stands for no bound. */
    private static Operation clip(OnnxNode node, Operation before, double least, double most) {
        double lowest = least <= -Float.MAX_VALUE ? Double.NEGATIVE_INFINITY : least;
        double highest = most >= Float.MAX_VALUE ? Double.POSITIVE_INFINITY : most;
        if (lowest == Double.NEGATIVE_INFINITY && highest == Double.POSITIVE_INFINITY) {
            return Operation.form(node, before, before.flat, before.channelsLast);
        }
        if (lowest == 0 && highest == Double.POSITIVE_INFINITY) {
            return Operation.layer(node, before, ReLULayer::new);
        }
        return Operation.layer(node, before, () -> new ClipLayer(lowest, highest));
    }

    /** The larger or smaller of values and a constant. */
    private static Object bounded(OnnxNode node, GraphReader graph, boolean fromBelow) throws FileFault {
        if (node.inputs().size() != 2) {
            throw node.fault("values and a constant", node.inputs().size() + " inputs", LATER);
        }
        int images = graph.value(node, 0) instanceof Operation ? 0 : 1;
        double bound = graph.number(node, 1 - images);
        return clip(
                node,
                graph.operation(node, images),
                fromBelow ? bound : -Float.MAX_VALUE,
                fromBelow ? Float.MAX_VALUE : bound);
    }

    private static Object pReLU(OnnxNode node, GraphReader graph) throws FileFault {
        Operation before = graph.operation(node, 0);
        StoredTensor slopes = graph.tensor(node, 1, -1);
        int channels = before.shape.channels();
        if (slopes.count() != 1 && !before.isPerChannel(slopes.sizes())) {
            throw node.fault("one slope, or one for each of " + channels + " channels", slopes.toString(), LATER);
        }
        graph.take(node, slopes.count());
        int count = slopes.count();
        return Operation.layer(
                node, before, bias -> new PReLULayer(count), List.of(slopes::value), before.shape, before.flat);
    }

    private static Object dropout(OnnxNode node, GraphReader graph) throws FileFault {
        double rate = graph.has(node, 1) ? graph.number(node, 1) : node.decimal("ratio", 0.5);
        return Operation.layer(node, graph.operation(node, 0), () -> new DropoutLayer(rate));
    }

    private static Object softmax(OnnxNode node, GraphReader graph, Operation.Kind kind) throws FileFault {
        Operation before = graph.planes(node, 0);
        int dimensions = before.flat ? 2 : 4;
        long axis = node.integer("axis", graph.opset() < 13 ? 1 : -1);
        if ((axis < 0 ? axis + dimensions : axis) != 1 || before.shape.height() * before.shape.width() > 1) {
            throw node.fault("a softmax over one value per class", "axis " + axis, "Such a model cannot be imported.");
        }
        return Operation.end(node, before, kind);
    }
}
