package dev.purecnn.onnx;

import dev.purecnn.internal.file.BinaryInput;
import dev.purecnn.internal.file.FileFault;
import dev.purecnn.internal.text.Quoted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What an ONNX file says: nodes, tensors, inputs and outputs, as they stand there. */
final class OnnxModel {
    private static final int MOST_NODES = 1024;
    /** More nodes and tensors are for longer files: reading them takes less memory than they are long. */
    private static final int FILE_TO_NODE = 512;

    private static final int MOST_OF_A_NODE = 64;
    private static final Set<String> DOMAINS = Set.of("", "ai.onnx");

    final List<OnnxNode> nodes = new ArrayList<>();
    final Map<String, StoredTensor> tensors = new HashMap<>();
    final Map<String, Declared> inputs = new LinkedHashMap<>();
    final Map<String, Declared> outputs = new LinkedHashMap<>();
    /** What this library's export says of classes and images. */
    final Map<String, String> metadata = new LinkedHashMap<>();

    final long fileSize;
    long opset;

    private final BinaryInput input;

    /** An input or output: the type of its elements, 0 if unknown, and its sizes, -1 each where they are free. */
    record Declared(int type, long[] sizes, long position) {}

    private OnnxModel(BinaryInput input) {
        this.input = input;
        fileSize = input.size();
    }

    static OnnxModel read(BinaryInput input) throws IOException {
        OnnxModel model = new OnnxModel(input);
        ProtoReader message = new ProtoReader(input, input.size());
        boolean graph = false;
        while (message.next()) {
            switch (message.field()) {
                case Onnx.MODEL_OPSET -> model.readOpset(message.message());
                case Onnx.MODEL_METADATA -> model.readEntry(message.message());
                case Onnx.MODEL_GRAPH -> {
                    model.readGraph(message.message());
                    graph = true;
                }
                default -> {}
            }
        }
        if (!graph || model.opset == 0) {
            throw new FileFault(
                    0, "an ONNX model", graph ? "none that names its opset" : "no graph", "Export the model as ONNX.");
        }
        return model;
    }

    private void readOpset(ProtoReader message) throws IOException {
        String domain = "";
        long version = 0;
        while (message.next()) {
            switch (message.field()) {
                case Onnx.OPSET_DOMAIN -> domain = message.text();
                case Onnx.OPSET_VERSION -> version = message.number();
                default -> {}
            }
        }
        if (DOMAINS.contains(domain)) {
            opset = version;
        }
    }

    /** An entry of this library; others may be of any length. */
    private void readEntry(ProtoReader message) throws IOException {
        String key = "";
        while (message.next()) {
            if (message.field() == Onnx.ENTRY_KEY) {
                key = message.text();
            } else if (message.field() == Onnx.ENTRY_VALUE && key.startsWith("purecnn.")) {
                metadata.put(key, message.text());
            }
            if (metadata.size() > Math.max(MOST_NODES, fileSize / FILE_TO_NODE)) {
                throw message.fault("fewer entries of metadata", "more");
            }
        }
    }

    private void readGraph(ProtoReader message) throws IOException {
        long most = Math.max(MOST_NODES, fileSize / FILE_TO_NODE);
        while (message.next()) {
            switch (message.field()) {
                case Onnx.GRAPH_NODE -> nodes.add(node(message.message()));
                case Onnx.GRAPH_INITIALIZER -> {
                    StoredTensor tensor = TensorReader.read(message.message(), input);
                    if (tensors.put(tensor.name(), tensor) != null) {
                        throw message.fault("each tensor once", Quoted.of(tensor.name()) + " twice");
                    }
                }
                case Onnx.GRAPH_SPARSE_INITIALIZER -> throw message.fault("dense tensors", "a sparse one");
                case Onnx.GRAPH_INPUT -> declare(message.message(), inputs);
                case Onnx.GRAPH_OUTPUT -> declare(message.message(), outputs);
                default -> {}
            }
            if (nodes.size() > most || tensors.size() > most || inputs.size() > most || outputs.size() > most) {
                throw message.fault(
                        "at most " + most + " nodes and tensors in a file of " + fileSize + " bytes", "more");
            }
        }
    }

    private void declare(ProtoReader message, Map<String, Declared> declared) throws IOException {
        String name = "";
        int type = 0;
        long[] sizes = {};
        while (message.next()) {
            if (message.field() == Onnx.VALUE_NAME) {
                name = message.text();
            } else if (message.field() == Onnx.VALUE_TYPE) {
                ProtoReader valueType = message.message();
                while (valueType.next()) {
                    if (valueType.field() == Onnx.TYPE_TENSOR) {
                        ProtoReader tensor = valueType.message();
                        while (tensor.next()) {
                            switch (tensor.field()) {
                                case Onnx.TENSOR_TYPE_ELEMENT -> type = (int) tensor.number();
                                case Onnx.TENSOR_TYPE_SHAPE -> sizes = sizes(tensor.message());
                                default -> {}
                            }
                        }
                    }
                }
            }
        }
        declared.put(name, new Declared(type, sizes, message.start()));
    }

    private static long[] sizes(ProtoReader shape) throws IOException {
        long[] sizes = {};
        while (shape.next()) {
            if (shape.field() == Onnx.SHAPE_DIMENSION && sizes.length < MOST_OF_A_NODE) {
                sizes = Arrays.copyOf(sizes, sizes.length + 1);
                long size = -1;
                ProtoReader dimension = shape.message();
                while (dimension.next()) {
                    size = dimension.field() == Onnx.DIMENSION_SIZE ? dimension.number() : size;
                }
                sizes[sizes.length - 1] = size > 0 ? size : -1;
            }
        }
        return sizes;
    }

    private OnnxNode node(ProtoReader message) throws IOException {
        List<String> in = new ArrayList<>();
        List<String> out = new ArrayList<>();
        Map<String, Object> attributes = new HashMap<>();
        String name = "";
        String operator = "";
        String domain = "";
        while (message.next()) {
            switch (message.field()) {
                case Onnx.NODE_INPUT -> in.add(message.text());
                case Onnx.NODE_OUTPUT -> out.add(message.text());
                case Onnx.NODE_NAME -> name = message.text();
                case Onnx.NODE_OPERATOR -> operator = message.text();
                case Onnx.NODE_DOMAIN -> domain = message.text();
                case Onnx.NODE_ATTRIBUTE -> readAttribute(message.message(), attributes);
                default -> {}
            }
            if (in.size() > MOST_OF_A_NODE || out.size() > MOST_OF_A_NODE || attributes.size() > MOST_OF_A_NODE) {
                throw message.fault("at most " + MOST_OF_A_NODE + " inputs, outputs and attributes", "more");
            }
        }
        if (out.isEmpty()) {
            throw message.fault("a node with an output", "none");
        }
        String full = DOMAINS.contains(domain) ? operator : domain + "." + operator;
        return new OnnxNode(name.isEmpty() ? out.get(0) : name, full, in, out, attributes, message.start());
    }

    private void readAttribute(ProtoReader message, Map<String, Object> attributes) throws IOException {
        String name = "";
        Object value = null;
        long[] whole = {};
        long type = 0;
        while (message.next()) {
            switch (message.field()) {
                case Onnx.ATTRIBUTE_NAME -> name = message.text();
                case Onnx.ATTRIBUTE_FLOAT -> value = message.single();
                case Onnx.ATTRIBUTE_INT -> value = message.number();
                case Onnx.ATTRIBUTE_TEXT -> value = message.text();
                case Onnx.ATTRIBUTE_TENSOR -> value = TensorReader.read(message.message(), input);
                case Onnx.ATTRIBUTE_INTS -> {
                    long[][] all = {whole};
                    message.numbers(ProtoWriter.VARINT, number -> {
                        if (all[0].length == MOST_OF_A_NODE) {
                            throw message.fault("at most " + MOST_OF_A_NODE + " numbers in an attribute", "more");
                        }
                        all[0] = Arrays.copyOf(all[0], all[0].length + 1);
                        all[0][all[0].length - 1] = number;
                    });
                    whole = all[0];
                    value = whole;
                }
                case Onnx.ATTRIBUTE_TYPE -> type = message.number();
                default -> {}
            }
        }
        attributes.put(name, value != null ? value : absent(type));
    }

    /** What proto3 leaves out: zeros and empty lists. */
    private static Object absent(long type) {
        return switch ((int) type) {
            case Onnx.ATTRIBUTE_TYPE_FLOAT -> 0f;
            case Onnx.ATTRIBUTE_TYPE_INT -> 0L;
            case Onnx.ATTRIBUTE_TYPE_TEXT -> "";
            case Onnx.ATTRIBUTE_TYPE_INTS -> new long[0];
            default -> new Object(); // of a kind that no operator here has
        };
    }
}
