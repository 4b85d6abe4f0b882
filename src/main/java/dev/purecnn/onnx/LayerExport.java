package dev.purecnn.onnx;

import static dev.purecnn.onnx.GraphWriter.attribute;

import dev.purecnn.layer.AveragePoolingLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerDescription;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ParallelLayer;
import dev.purecnn.layer.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How each type of layer is written as nodes of an ONNX graph: one entry per type. */
final class LayerExport {
    private static final double DEFAULT_EPSILON = 1e-5;
    /** By the types of the layers' descriptions. */
    private static final Map<String, Export> ALL = all();

    private LayerExport() {}

    /** Adds a layer's nodes, which take the graph's value and make the next. */
    interface Export {
        void write(Layer layer, LayerDescription description, GraphWriter graph);
    }

    /** Adds a layer and those that it is made of. */
    static void write(Layer layer, String place, GraphWriter graph) {
        LayerDescription description = layer.description();
        Export export = ALL.get(description.type());
        if (export == null) {
            throw new UnsupportedOperationException("OnnxExport: expected layers of this library, got "
                    + description.type() + " at " + place + ", which ONNX has no operator for. Use other layers.");
        }
        graph.at(place);
        export.write(layer, description, graph);
    }

    private static Map<String, Export> all() {
        Map<String, Export> all = new HashMap<>();
        all.put(
                "AveragePoolingLayer",
                (layer, d, graph) -> pool("AveragePool", ((AveragePoolingLayer) layer).padding(), d, graph));
        all.put("BatchNormLayer", LayerExport::batchNorm);
        all.put("ConvolutionalLayer", LayerExport::convolution);
        all.put("DenseLayer", (layer, d, graph) -> dense(layer, graph));
        all.put("DenseSoftmaxLayer", (layer, d, graph) -> {
            dense(layer, graph);
            softmax(graph);
        });
        all.put("DropoutLayer", (layer, d, graph) -> {}); // in prediction it does nothing
        all.put("GlobalAveragePoolingLayer", (layer, d, graph) -> {
            graph.planes();
            graph.node("GlobalAveragePool", List.of(graph.value()));
        });
        all.put("GlobalMaxPoolingLayer", (layer, d, graph) -> {
            graph.planes();
            graph.node("GlobalMaxPool", List.of(graph.value()));
        });
        all.put("LayerChain", (layer, d, graph) -> inside(layer, graph));
        all.put("MaxPoolingLayer", (layer, d, graph) -> pool("MaxPool", ((MaxPoolingLayer) layer).padding(), d, graph));
        all.put("ParallelLayer", (layer, d, graph) -> branches((ParallelLayer) layer, d.text("join"), graph));
        all.put("ResidualLayer", (layer, d, graph) -> branches((ParallelLayer) layer, "sum", graph));
        all.put("SoftmaxLayer", (layer, d, graph) -> softmax(graph));
        ActivationExport.addTo(all);
        NormExport.addTo(all);
        return all;
    }

    private static void softmax(GraphWriter graph) {
        graph.flat();
        graph.node("Softmax", List.of(graph.value()), attribute("axis", 1));
    }

    /** Windows that are rounded up become padding after the image, since runtimes differ in how they read {@code ceil_mode}. */
    private static void pool(String operator, List<Integer> pads, LayerDescription d, GraphWriter graph) {
        graph.planes();
        List<ProtoWriter> attributes = window(d, pair(d, "poolSize"), pads);
        if (d.options().containsKey("zeros")) {
            if (d.options().containsKey("rounding")) {
                throw new UnsupportedOperationException("OnnxExport: expected average pooling that rounds up or counts"
                        + " padding, got both at " + graph.place() + ", which runtimes divide differently. Use one.");
            }
            attributes.add(attribute("count_include_pad", 1));
        }
        if (operator.equals("AveragePool") && !pair(d, "dilation").equals(List.of(1, 1))) {
            graph.needs(19);
        }
        graph.node(operator, List.of(graph.value()), attributes.toArray(new ProtoWriter[0]));
    }

    /** One number for both directions or one for each; 1 if there is none. */
    private static List<Integer> pair(LayerDescription d, String name) {
        if (d.options().containsKey(name + "Height")) {
            return List.of(d.integer(name + "Height"), d.integer(name + "Width"));
        }
        return Collections.nCopies(2, d.options().containsKey(name) ? d.integer(name) : 1);
    }

    private static List<ProtoWriter> window(LayerDescription d, List<Integer> size, List<Integer> pads) {
        List<Integer> dilations = pair(d, "dilation");
        List<ProtoWriter> attributes = new ArrayList<>();
        attributes.add(attribute("kernel_shape", size));
        attributes.add(attribute("strides", pair(d, "stride")));
        if (!dilations.equals(List.of(1, 1))) {
            attributes.add(attribute("dilations", dilations));
        }
        attributes.add(attribute("pads", pads));
        return attributes;
    }

    private static void batchNorm(Layer layer, LayerDescription d, GraphWriter graph) {
        List<String> inputs = new ArrayList<>(List.of(graph.value()));
        inputs.addAll(tensors(layer, graph));
        graph.node(
                "BatchNormalization",
                inputs,
                attribute("epsilon", d.options().containsKey("epsilon") ? d.number("epsilon") : DEFAULT_EPSILON),
                attribute("momentum", d.number("momentum")));
    }

    private static void convolution(Layer layer, LayerDescription d, GraphWriter graph) {
        graph.planes();
        List<String> inputs = new ArrayList<>(List.of(graph.value()));
        inputs.addAll(tensors(layer, graph));
        List<ProtoWriter> attributes = window(d, pair(d, "filter"), ((ConvolutionalLayer) layer).padding());
        attributes.add(attribute("group", d.integer("groups")));
        graph.node("Conv", inputs, attributes.toArray(new ProtoWriter[0]));
    }

    private static void dense(Layer layer, GraphWriter graph) {
        graph.flat();
        List<String> inputs = new ArrayList<>(List.of(graph.value()));
        inputs.addAll(tensors(layer, graph));
        graph.node("Gemm", inputs, attribute("transB", 1));
    }

    static List<String> tensors(Layer layer, GraphWriter graph) {
        List<String> names = new ArrayList<>();
        for (Parameter parameter : layer.parameters()) {
            names.add(graph.tensor(parameter.name().replace(' ', '_'), parameter.sizes(), parameter.values()));
        }
        return names;
    }

    private static void inside(Layer layer, GraphWriter graph) {
        String place = graph.place();
        for (int i = 0; i < layer.layers().size(); i++) {
            write(layer.layers().get(i), place + "." + i, graph);
        }
        graph.at(place);
    }

    /** Each branch starts from the same value; the values that they end with are joined in four dimensions, unless all have two. */
    private static void branches(ParallelLayer layer, String join, GraphWriter graph) {
        String place = graph.place();
        String input = graph.value();
        boolean inputIsFlat = graph.isFlat();
        List<String> outputs = new ArrayList<>();
        List<Boolean> flat = new ArrayList<>();
        int number = 0;
        for (List<Layer> branch : layer.branches()) {
            graph.goOnFrom(input, inputIsFlat);
            for (Layer inside : branch) {
                write(inside, place + "." + number++, graph);
            }
            outputs.add(graph.value());
            flat.add(graph.isFlat());
        }
        for (int b = 0; flat.contains(false) && b < outputs.size(); b++) {
            graph.at(place + ".branch" + b);
            graph.goOnFrom(outputs.get(b), flat.get(b));
            graph.planes();
            outputs.set(b, graph.value());
        }
        graph.at(place);
        join(join, outputs, graph);
    }

    private static void join(String join, List<String> outputs, GraphWriter graph) {
        if (join.equals("concatenation")) {
            graph.node("Concat", outputs, attribute("axis", 1));
            return;
        }
        String operator = join.equals("sum") ? "Add" : "Mul";
        String joined = outputs.get(0);
        for (int b = 1; b < outputs.size(); b++) {
            graph.node(operator, b == 1 ? operator : operator + b, List.of(joined, outputs.get(b)));
            joined = graph.value();
        }
    }
}
