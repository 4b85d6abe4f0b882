package dev.purecnn.onnx;

import static dev.purecnn.onnx.GraphWriter.attribute;

import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerDescription;
import dev.purecnn.layer.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How activations are written as nodes of an ONNX graph. */
final class ActivationExport {
    /** Hendrycks and Gimpel 2016. */
    static final double GELU_CUBIC = 0.044715;

    static final double GELU_SCALE = 2 * Math.sqrt(2 / Math.PI);

    private ActivationExport() {}

    static void addTo(Map<String, LayerExport.Export> all) {
        all.put("ClipLayer", (layer, d, graph) -> clip(d, graph));
        all.put("ELULayer", (layer, d, graph) -> node("Elu", graph, attribute("alpha", d.number("alpha"))));
        all.put("GELULayer", (layer, d, graph) -> {
            if (d.options().containsKey("form")) {
                exactGelu(graph);
            } else {
                tanhGelu(graph);
            }
        });
        all.put(
                "HardSigmoidLayer",
                (layer, d, graph) -> node(
                        "HardSigmoid",
                        graph,
                        attribute("alpha", d.number("slope")),
                        attribute("beta", d.number("offset"))));
        all.put("HardSwishLayer", (layer, d, graph) -> node("HardSwish", graph));
        all.put("LeakyReLULayer", (layer, d, graph) -> node("LeakyRelu", graph, attribute("alpha", d.number("slope"))));
        all.put("PReLULayer", (layer, d, graph) -> pReLU(layer, graph));
        all.put("ReLULayer", (layer, d, graph) -> node("Relu", graph));
        all.put("SELULayer", (layer, d, graph) -> node("Selu", graph));
        all.put("SiLULayer", (layer, d, graph) -> {
            String x = graph.value();
            node("Sigmoid", graph);
            graph.node("Mul", List.of(x, graph.value()));
        });
        all.put("SigmoidLayer", (layer, d, graph) -> node("Sigmoid", graph));
        all.put("SoftplusLayer", (layer, d, graph) -> node("Softplus", graph));
        all.put("TanhLayer", (layer, d, graph) -> node("Tanh", graph));
    }

    private static void node(String operator, GraphWriter graph, ProtoWriter... attributes) {
        graph.node(operator, List.of(graph.value()), attributes);
    }

    private static void clip(LayerDescription d, GraphWriter graph) {
        List<String> inputs = new ArrayList<>(List.of(graph.value()));
        for (String bound : List.of("lowest", "highest")) {
            inputs.add(d.options().containsKey(bound) ? graph.constant(bound, d.number(bound)) : "");
        }
        graph.node("Clip", inputs);
    }

    private static void pReLU(Layer layer, GraphWriter graph) {
        Parameter slopes = layer.parameters().get(0);
        int[] sizes = NormExport.perChannel(slopes.values().length, graph);
        graph.node("PRelu", List.of(graph.value(), graph.tensor(slopes.name(), sizes, slopes.values())));
    }

    /** As the layer works it out: {@code x * sigmoid(2 * sqrt(2 / pi) * x * (1 + 0.044715 * x^2))}. */
    private static void tanhGelu(GraphWriter graph) {
        String x = graph.value();
        graph.node("Mul", "square", List.of(x, x));
        graph.node("Mul", "cubic", List.of(graph.value(), graph.constant("coefficient", GELU_CUBIC)));
        graph.node("Add", "sum", List.of(graph.value(), graph.constant("one", 1)));
        graph.node("Mul", "product", List.of(graph.value(), x));
        graph.node("Mul", "scaled", List.of(graph.value(), graph.constant("scale", GELU_SCALE)));
        graph.node("Sigmoid", "share", List.of(graph.value()));
        graph.node("Mul", "gelu", List.of(x, graph.value()));
    }

    /** {@code x * (1 + erf(x / sqrt(2))) * 0.5}, as PyTorch exports it. */
    private static void exactGelu(GraphWriter graph) {
        String x = graph.value();
        graph.node("Div", "quotient", List.of(x, graph.constant("root", Math.sqrt(2))));
        graph.node("Erf", "erf", List.of(graph.value()));
        graph.node("Add", "sum", List.of(graph.value(), graph.constant("one", 1)));
        graph.node("Mul", "product", List.of(x, graph.value()));
        graph.node("Mul", "gelu", List.of(graph.value(), graph.constant("half", 0.5)));
    }
}
