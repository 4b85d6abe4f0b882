package dev.purecnn.onnx;

import static dev.purecnn.onnx.GraphWriter.attribute;

import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerDescription;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** How normalizations and fixed scales are written as nodes of an ONNX graph. */
final class NormExport {
    private NormExport() {}

    static void addTo(Map<String, LayerExport.Export> all) {
        all.put("GroupNormLayer", NormExport::groupNorm);
        all.put("LayerNormLayer", NormExport::layerNorm);
        all.put("LocalResponseNormLayer", (layer, d, graph) -> {
            graph.planes();
            graph.node(
                    "LRN",
                    List.of(graph.value()),
                    attribute("size", d.integer("size")),
                    attribute("alpha", d.number("alpha")),
                    attribute("beta", d.number("beta")),
                    attribute("bias", d.number("offset")));
        });
        all.put("ScaleShiftLayer", (layer, d, graph) -> {
            constant("Mul", "scales", d, 1, graph);
            constant("Add", "shifts", d, 0, graph);
        });
    }

    /** Opset 17 has a node for instance norm only; other groups are brought to one channel each and back, as PyTorch does. */
    private static void groupNorm(Layer layer, LayerDescription d, GraphWriter graph) {
        int channels = d.integer("channels");
        int groups = d.integer("groups");
        ProtoWriter epsilon = attribute("epsilon", d.number("epsilon"));
        if (groups == channels) {
            List<String> inputs = new ArrayList<>(List.of(graph.value()));
            inputs.addAll(LayerExport.tensors(layer, graph));
            graph.node("InstanceNormalization", inputs, epsilon);
            return;
        }
        String x = graph.value();
        graph.node("Shape", List.of(x));
        String sizes = graph.value();
        graph.node("Reshape", "grouped", List.of(x, graph.whole("groups", 0, groups, -1)));
        double[] ones = new double[groups];
        Arrays.fill(ones, 1);
        String scale = graph.tensor("ones", new int[] {groups}, ones);
        String shift = graph.tensor("zeros", new int[] {groups}, new double[groups]);
        graph.node("InstanceNormalization", List.of(graph.value(), scale, shift), epsilon);
        graph.node("Reshape", "back", List.of(graph.value(), sizes));
        for (int i = 0; i < 2; i++) {
            double[] values = layer.parameters().get(i).values();
            String name = layer.parameters().get(i).name();
            String tensor = graph.tensor(name, perChannel(values.length, graph), values);
            graph.node(i == 0 ? "Mul" : "Add", List.of(graph.value(), tensor));
        }
    }

    /** For constants of one value per channel. */
    static int[] perChannel(int count, GraphWriter graph) {
        return graph.isFlat() ? new int[] {count} : new int[] {count, 1, 1};
    }

    /** Scales and shifts are one per value, so images are flattened, and brought back. */
    private static void layerNorm(Layer layer, LayerDescription d, GraphWriter graph) {
        boolean planes = !graph.isFlat();
        String x = graph.value();
        String sizes = "";
        if (planes) {
            graph.node("Shape", List.of(x));
            sizes = graph.value();
            graph.node("Flatten", List.of(x), attribute("axis", 1));
        }
        List<String> inputs = new ArrayList<>(List.of(graph.value()));
        inputs.addAll(LayerExport.tensors(layer, graph));
        graph.node("LayerNormalization", inputs, attribute("axis", 1), attribute("epsilon", d.number("epsilon")));
        if (planes) {
            graph.node("Reshape", List.of(graph.value(), sizes));
        }
    }

    /** Nothing where all numbers are those that change nothing. */
    private static void constant(String operator, String name, LayerDescription d, double neutral, GraphWriter graph) {
        double[] values = Arrays.stream(d.text(name).split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
        if (Arrays.stream(values).anyMatch(value -> value != neutral)) {
            String constant = graph.tensor(name, perChannel(values.length, graph), values);
            graph.node(operator, List.of(graph.value(), constant));
        }
    }
}
