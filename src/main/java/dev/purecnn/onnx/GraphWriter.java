package dev.purecnn.onnx;

import dev.purecnn.internal.file.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A graph that grows node by node along one value, as a network does layer by layer. Between nodes the value has either four
 * dimensions (images, channels, rows, columns) or two (images, values): a node says which it takes, by {@link #planes} or {@link
 * #flat}.
 */
final class GraphWriter {
    private static final int BUFFER_SIZE = 1 << 16;

    private final ProtoWriter graph = new ProtoWriter().text(Onnx.GRAPH_NAME, "network");
    private final List<Initializer> initializers = new ArrayList<>();
    private final boolean doubles;
    private int opset = 17;
    private String current = "";
    private boolean isFlat;
    private String place = "";

    /** A tensor: its message but for the numbers, and these. */
    private record Initializer(ProtoWriter head, double[] values) {}

    GraphWriter(boolean doubles) {
        this.doubles = doubles;
    }

    int opset() {
        return opset;
    }

    /** Has the model name at least that opset. */
    void needs(int version) {
        opset = Math.max(opset, version);
    }

    /** The type of its numbers. */
    int type() {
        return doubles ? Onnx.FLOAT64 : Onnx.FLOAT32;
    }

    /** What the nodes and tensors to come are named after. */
    void at(String layer) {
        place = layer;
    }

    String place() {
        return place;
    }

    /** The value that the next node takes. */
    String value() {
        return current;
    }

    boolean isFlat() {
        return isFlat;
    }

    /** Goes on from another value. */
    void goOnFrom(String other, boolean flat) {
        current = other;
        isFlat = flat;
    }

    /** Declares the input, a batch of any size. */
    void input(String name, int type, int... sizes) {
        graph.message(Onnx.GRAPH_INPUT, declared(name, type, sizes));
        goOnFrom(name, false);
    }

    /** Gives the value its final name. */
    void output(String name, int size) {
        graph.message(Onnx.GRAPH_NODE, node("Identity", name, List.of(current), List.of()));
        graph.message(Onnx.GRAPH_OUTPUT, declared(name, type(), size));
    }

    private static ProtoWriter declared(String name, int type, int... sizes) {
        ProtoWriter shape =
                new ProtoWriter().message(Onnx.SHAPE_DIMENSION, new ProtoWriter().text(Onnx.DIMENSION_NAME, "batch"));
        for (int size : sizes) {
            shape.message(Onnx.SHAPE_DIMENSION, new ProtoWriter().number(Onnx.DIMENSION_SIZE, size));
        }
        ProtoWriter tensor =
                new ProtoWriter().number(Onnx.TENSOR_TYPE_ELEMENT, type).message(Onnx.TENSOR_TYPE_SHAPE, shape);
        return new ProtoWriter()
                .text(Onnx.VALUE_NAME, name)
                .message(Onnx.VALUE_TYPE, new ProtoWriter().message(Onnx.TYPE_TENSOR, tensor));
    }

    /** Makes sure that the value has four dimensions. */
    void planes() {
        if (isFlat) {
            node("Unsqueeze", List.of(current, whole("axes", 2, 3)));
            isFlat = false;
        }
    }

    /** Makes sure that the value has two dimensions. */
    void flat() {
        if (!isFlat) {
            node("Flatten", List.of(current), attribute("axis", 1));
            isFlat = true;
        }
    }

    /** Adds a tensor of the layer's, and returns its name. */
    String tensor(String name, int[] sizes, double[] values) {
        String full = place + "." + name;
        for (double value : values) {
            if (!doubles && Float.isInfinite((float) value)) {
                throw new IllegalStateException("OnnxExport: expected values of at most " + Float.MAX_VALUE + " in "
                        + full + " for float32, got " + value + ". Export in float64.");
            }
        }
        ProtoWriter head = tensorHead(full, type(), sizes)
                .beginBytes(Onnx.TENSOR_RAW, (long) values.length * (doubles ? Double.BYTES : Float.BYTES));
        initializers.add(new Initializer(head, values));
        return full;
    }

    /** Adds one number, and returns its name. */
    String constant(String name, double number) {
        return tensor(name, new int[0], new double[] {number});
    }

    /** Adds a vector of whole numbers, and returns its name. */
    String whole(String name, long... values) {
        ProtoWriter tensor = tensorHead(place + "." + name, Onnx.INT64, values.length);
        for (long value : values) {
            tensor.number(Onnx.TENSOR_LONGS, value);
        }
        graph.message(Onnx.GRAPH_INITIALIZER, tensor);
        return place + "." + name;
    }

    private static ProtoWriter tensorHead(String name, int type, int... sizes) {
        ProtoWriter head = new ProtoWriter();
        for (int size : sizes) {
            head.number(Onnx.TENSOR_SIZES, size);
        }
        return head.number(Onnx.TENSOR_TYPE, type).text(Onnx.TENSOR_NAME, name);
    }

    /** Adds a node of these inputs, whose output becomes the value. */
    void node(String operator, List<String> inputs, ProtoWriter... attributes) {
        String output = place + "." + operator;
        graph.message(Onnx.GRAPH_NODE, node(operator, output, inputs, List.of(attributes)));
        current = output;
    }

    /** As {@link #node(String, List, ProtoWriter...)}, for layers that have several nodes of that kind. */
    void node(String operator, String name, List<String> inputs) {
        String output = place + "." + name;
        graph.message(Onnx.GRAPH_NODE, node(operator, output, inputs, List.of()));
        current = output;
    }

    private static ProtoWriter node(String operator, String output, List<String> inputs, List<ProtoWriter> attributes) {
        ProtoWriter node = new ProtoWriter();
        inputs.forEach(input -> node.text(Onnx.NODE_INPUT, input));
        node.text(Onnx.NODE_OUTPUT, output).text(Onnx.NODE_NAME, output).text(Onnx.NODE_OPERATOR, operator);
        attributes.forEach(attribute -> node.message(Onnx.NODE_ATTRIBUTE, attribute));
        return node;
    }

    static ProtoWriter attribute(String name, long value) {
        return new ProtoWriter()
                .text(Onnx.ATTRIBUTE_NAME, name)
                .number(Onnx.ATTRIBUTE_INT, value)
                .number(Onnx.ATTRIBUTE_TYPE, Onnx.ATTRIBUTE_TYPE_INT);
    }

    /** Numbers that are not whole are floats in ONNX, even beside doubles. */
    static ProtoWriter attribute(String name, double value) {
        return new ProtoWriter()
                .text(Onnx.ATTRIBUTE_NAME, name)
                .number(Onnx.ATTRIBUTE_FLOAT, (float) value)
                .number(Onnx.ATTRIBUTE_TYPE, Onnx.ATTRIBUTE_TYPE_FLOAT);
    }

    static ProtoWriter attribute(String name, String value) {
        return new ProtoWriter()
                .text(Onnx.ATTRIBUTE_NAME, name)
                .text(Onnx.ATTRIBUTE_TEXT, value)
                .number(Onnx.ATTRIBUTE_TYPE, Onnx.ATTRIBUTE_TYPE_TEXT);
    }

    static ProtoWriter attribute(String name, List<Integer> values) {
        ProtoWriter attribute = new ProtoWriter().text(Onnx.ATTRIBUTE_NAME, name);
        values.forEach(value -> attribute.number(Onnx.ATTRIBUTE_INTS, value));
        return attribute.number(Onnx.ATTRIBUTE_TYPE, Onnx.ATTRIBUTE_TYPE_INTS);
    }

    /** How many bytes {@link #writeTo} writes. */
    long length() {
        long length = graph.bytes().length;
        for (Initializer initializer : initializers) {
            length += start(initializer).length + length(initializer);
        }
        return length;
    }

    private long length(Initializer initializer) {
        return initializer.head.bytes().length
                + (long) initializer.values.length * (doubles ? Double.BYTES : Float.BYTES);
    }

    private byte[] start(Initializer initializer) {
        return new ProtoWriter()
                .beginBytes(Onnx.GRAPH_INITIALIZER, length(initializer))
                .bytes();
    }

    void writeTo(Disk.Output output) throws IOException {
        output.write(ByteBuffer.wrap(graph.bytes()));
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (Initializer initializer : initializers) {
            output.write(ByteBuffer.wrap(start(initializer)));
            output.write(ByteBuffer.wrap(initializer.head.bytes()));
            for (double number : initializer.values) {
                if (buffer.remaining() < Double.BYTES) {
                    output.write(buffer.flip());
                    buffer.clear();
                }
                if (doubles) {
                    buffer.putDouble(number);
                } else {
                    buffer.putFloat((float) number);
                }
            }
            output.write(buffer.flip());
            buffer.clear();
        }
    }
}
