package dev.purecnn.onnx;

import dev.purecnn.CNN;
import dev.purecnn.CnnBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Small ONNX models, node by node. The input is x, the output what the last node makes. */
final class TestModel {
    private final ProtoWriter graph = new ProtoWriter();
    private int opset = 13;
    private String last = "x";

    /** A model whose images have these sizes; -1 for one that is free. */
    TestModel(long... sizes) {
        this(sizes, Onnx.FLOAT32);
    }

    TestModel(long[] sizes, int type) {
        ProtoWriter shape = new ProtoWriter();
        for (long size : sizes) {
            ProtoWriter dimension = new ProtoWriter();
            shape.message(
                    Onnx.SHAPE_DIMENSION,
                    size < 0 ? dimension.text(Onnx.DIMENSION_NAME, "n") : dimension.number(Onnx.DIMENSION_SIZE, size));
        }
        ProtoWriter tensor =
                new ProtoWriter().number(Onnx.TENSOR_TYPE_ELEMENT, type).message(Onnx.TENSOR_TYPE_SHAPE, shape);
        graph.message(
                Onnx.GRAPH_INPUT,
                new ProtoWriter()
                        .text(Onnx.VALUE_NAME, "x")
                        .message(Onnx.VALUE_TYPE, new ProtoWriter().message(Onnx.TYPE_TENSOR, tensor)));
    }

    TestModel opset(int version) {
        opset = version;
        return this;
    }

    /** A tensor of 1, 2, 3, ... tenths, in doubles. */
    TestModel tensor(String name, int... sizes) {
        int count = 1;
        for (int size : sizes) {
            count *= size;
        }
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = (i + 1) % 13 / 10.0;
        }
        return tensor(name, values, sizes);
    }

    TestModel tensor(String name, double[] values, int... sizes) {
        ProtoWriter tensor = head(name, Onnx.FLOAT64, sizes);
        ByteBuffer packed = ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            packed.putDouble(value);
        }
        tensor.bytes(Onnx.TENSOR_DOUBLES, packed.array());
        graph.message(Onnx.GRAPH_INITIALIZER, tensor);
        return this;
    }

    TestModel whole(String name, long... values) {
        ProtoWriter tensor = head(name, Onnx.INT64, values.length);
        for (long value : values) {
            tensor.number(Onnx.TENSOR_LONGS, value);
        }
        graph.message(Onnx.GRAPH_INITIALIZER, tensor);
        return this;
    }

    static ProtoWriter head(String name, int type, int... sizes) {
        ProtoWriter tensor = new ProtoWriter();
        for (int size : sizes) {
            tensor.number(Onnx.TENSOR_SIZES, size);
        }
        return tensor.number(Onnx.TENSOR_TYPE, type).text(Onnx.TENSOR_NAME, name);
    }

    TestModel tensor(ProtoWriter tensor) {
        graph.message(Onnx.GRAPH_INITIALIZER, tensor);
        return this;
    }

    /** The same number for rows and columns. */
    static ProtoWriter both(String name, int value) {
        return GraphWriter.attribute(name, List.of(value, value));
    }

    /** A node of the value before, and more inputs. */
    TestModel then(String operator, List<String> more, ProtoWriter... attributes) {
        List<String> inputs = new ArrayList<>(List.of(last));
        inputs.addAll(more);
        return node(operator, last + "'", inputs, attributes);
    }

    TestModel then(String operator, ProtoWriter... attributes) {
        return then(operator, List.of(), attributes);
    }

    TestModel node(String operator, String output, List<String> inputs, ProtoWriter... attributes) {
        ProtoWriter node = new ProtoWriter();
        inputs.forEach(input -> node.text(Onnx.NODE_INPUT, input));
        node.text(Onnx.NODE_OUTPUT, output).text(Onnx.NODE_OPERATOR, operator);
        for (ProtoWriter attribute : attributes) {
            node.message(Onnx.NODE_ATTRIBUTE, attribute);
        }
        graph.message(Onnx.GRAPH_NODE, node);
        last = output;
        return this;
    }

    String last() {
        return last;
    }

    /** Flattens, and ends with a dense layer of that many inputs, and a softmax. */
    TestModel classifier(int inputs) {
        return tensor("w", inputs, 3)
                .tensor("b", 3)
                .then("Flatten")
                .then("Gemm", List.of("w", "b"))
                .then("Softmax");
    }

    byte[] bytes() {
        graph.message(Onnx.GRAPH_OUTPUT, new ProtoWriter().text(Onnx.VALUE_NAME, last));
        return new ProtoWriter()
                .number(Onnx.MODEL_IR_VERSION, 8)
                .message(
                        Onnx.MODEL_OPSET,
                        new ProtoWriter().text(Onnx.OPSET_DOMAIN, "").number(Onnx.OPSET_VERSION, opset))
                .message(Onnx.MODEL_GRAPH, graph)
                .bytes();
    }

    CNN read(Path folder) throws IOException {
        Path file = Files.write(folder.resolve("test.onnx"), bytes());
        return OnnxImport.read(file).build(CnnBuilder::quiet);
    }

    static ProtoWriter text(String name, String value) {
        return new ProtoWriter()
                .text(Onnx.ATTRIBUTE_NAME, name)
                .text(Onnx.ATTRIBUTE_TEXT, value)
                .number(Onnx.ATTRIBUTE_TYPE, Onnx.ATTRIBUTE_TYPE_TEXT);
    }
}
