package dev.purecnn.onnx;

import dev.purecnn.internal.file.FileFault;
import dev.purecnn.internal.text.Quoted;
import dev.purecnn.layer.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Goes through the nodes of a model in order, and finds what each makes: a constant, or an operation of the network. */
final class GraphReader {
    /** The size of the batch among whole numbers, where it is free. */
    static final long BATCH = Long.MIN_VALUE;

    private static final int OLDEST_OPSET = 7;
    private static final int NEWEST_OPSET = 22;
    private static final Set<Integer> FLOATS = Set.of(Onnx.FLOAT16, Onnx.FLOAT32, Onnx.FLOAT64, Onnx.BFLOAT16);
    private static final int SPARE_VALUES = 1 << 16;

    private final OnnxModel model;
    private final Map<String, Object> values = new HashMap<>();
    private final List<Operation> operations = new ArrayList<>();
    private long valuesLeft;
    private long batch;
    private Operation images;

    GraphReader(OnnxModel model) {
        this.model = model;
        valuesLeft = SPARE_VALUES;
        model.tensors.values().forEach(this::count);
    }

    private void count(StoredTensor tensor) {
        valuesLeft += tensor.isReal() ? tensor.count() : 0;
    }

    long opset() {
        return model.opset;
    }

    /** The size of a batch, or {@link #BATCH} if it is free. */
    long batch() {
        return batch;
    }

    Operation images() {
        return images;
    }

    List<Operation> operations() {
        return operations;
    }

    /** Reads the graph, with images of that size where the model leaves it free, and returns its output. */
    Operation read(int height, int width) throws FileFault {
        if (model.opset < OLDEST_OPSET || model.opset > NEWEST_OPSET) {
            throw new FileFault(
                    0,
                    "opset " + OLDEST_OPSET + " to " + NEWEST_OPSET,
                    "" + model.opset,
                    "Export the model with opset_version=17.");
        }
        String output = only(model.outputs, "output");
        values.putAll(model.tensors);
        readInput(height, width);
        List<OnnxNode> nodes = Composites.replaced(model);
        Set<String> needed = needed(nodes, output);
        for (OnnxNode node : nodes) {
            if (needed.contains(node.outputs().get(0))) {
                read(node);
            }
        }
        if (!(values.get(output) instanceof Operation end)) {
            throw new FileFault(
                    model.outputs.get(output).position(),
                    "an output " + Quoted.of(output) + " that nodes make of the images",
                    "none",
                    "Export the whole model.");
        }
        end.uses++;
        return end;
    }

    private void read(OnnxNode node) throws FileFault {
        Object value;
        try {
            value = Operators.read(node, this);
        } catch (IllegalArgumentException e) { // no image has such a shape
            throw node.fault(e.getMessage());
        } catch (ArithmeticException e) {
            throw node.fault("outputs of at most " + Integer.MAX_VALUE + " cells", "more", "Use less padding.");
        }
        for (String input : node.inputs()) {
            if (values.get(input) instanceof Operation operation
                    && !node.operator().equals("Shape")) {
                operation.uses++;
            }
        }
        if (value instanceof Operation operation) {
            operation.number = operations.size() + 1;
            operations.add(operation);
        }
        if (values.put(node.outputs().get(0), value) != null) {
            throw node.fault(
                    "a new name for its output", Quoted.of(node.outputs().get(0)), "Give each value one name.");
        }
    }

    private static String only(Map<String, OnnxModel.Declared> declared, String what) throws FileFault {
        if (declared.size() != 1) {
            throw new FileFault(
                    0,
                    "one " + what,
                    declared.isEmpty() ? "none" : WeightMapping.some(declared.keySet()),
                    "Export the classifier alone.");
        }
        return declared.keySet().iterator().next();
    }

    private void readInput(int height, int width) throws FileFault {
        Map<String, OnnxModel.Declared> inputs = new HashMap<>(model.inputs);
        inputs.keySet().removeAll(model.tensors.keySet()); // which older files declare too
        String name = only(inputs, "input");
        OnnxModel.Declared input = inputs.get(name);
        if (!FLOATS.contains(input.type())) {
            throw inputFault(
                    input, "floating-point images", "others", "Export the model without the conversion of pixels.");
        }
        long[] sizes = input.sizes().clone();
        boolean flat = sizes.length == 2;
        if (!flat && sizes.length != 4) {
            throw inputFault(
                    input, "images of 4 dimensions, or 2", sizes.length + "", "Export the model with such images.");
        }
        batch = sizes[0] < 0 ? BATCH : sizes[0];
        boolean channelsLast = !flat && isTransposed(name);
        int rows = channelsLast ? 1 : 2;
        if (!flat && height > 0) {
            sizes[rows] = sizes[rows] < 0 ? height : sizes[rows];
            sizes[rows + 1] = sizes[rows + 1] < 0 ? width : sizes[rows + 1];
        }
        if (Arrays.stream(sizes, 1, sizes.length).anyMatch(size -> size < 1 || size > Integer.MAX_VALUE)) {
            throw inputFault(
                    input,
                    "images of a fixed size",
                    Arrays.toString(sizes) + " (-1: free)",
                    "Name it with imageSize(height, width).");
        }
        try {
            images = Operation.images(
                    flat
                            ? Shape.vector((int) sizes[1])
                            : Shape.of((int) sizes[channelsLast ? 3 : 1], (int) sizes[rows], (int) sizes[rows + 1]),
                    flat,
                    channelsLast);
        } catch (IllegalArgumentException e) {
            throw new FileFault(input.position(), e.getMessage());
        }
        values.put(name, images);
    }

    private static FileFault inputFault(OnnxModel.Declared input, String expected, String got, String remedy) {
        return new FileFault(input.position(), "input: expected " + expected + ", got " + got + ". " + remedy);
    }

    /** Whether the images come with channels last, and are turned at once, as TensorFlow's converter writes it. */
    private boolean isTransposed(String name) throws FileFault {
        boolean transposed = false;
        for (OnnxNode node : model.nodes) {
            if (node.inputs().contains(name)) {
                transposed = node.operator().equals("Transpose")
                        && Arrays.equals(node.integers("perm", 4, 0), new long[] {0, 3, 1, 2});
            }
        }
        return transposed;
    }

    /** The names of all that the output is made of. */
    private static Set<String> needed(List<OnnxNode> nodes, String output) {
        Set<String> needed = new HashSet<>(Set.of(output));
        List<OnnxNode> backwards = new ArrayList<>(nodes);
        Collections.reverse(backwards);
        for (OnnxNode node : backwards) {
            if (node.outputs().stream().anyMatch(needed::contains)) {
                needed.add(node.outputs().get(0));
                needed.addAll(node.inputs());
            }
        }
        return needed;
    }

    /** A constant or an {@link Operation}. */
    Object value(OnnxNode node, int input) throws FileFault {
        Object value = values.get(node.input(input));
        if (value == null) {
            throw node.fault(
                    "input " + input + " to be made before",
                    node.input(input).isEmpty() ? "none" : Quoted.of(node.input(input)),
                    "Sort the nodes, and use first outputs only.");
        }
        return value;
    }

    boolean has(OnnxNode node, int input) {
        return !node.input(input).isEmpty();
    }

    /** An input that depends on the images, without zeros around it that are still to be added. */
    Operation operation(OnnxNode node, int input) throws FileFault {
        Operation operation = stepMaybePadded(node, input);
        if (operation.pads != null) {
            throw node.fault("a Conv or pool after a Pad", "another operator", "Such padding cannot be imported yet.");
        }
        return operation;
    }

    Operation stepMaybePadded(OnnxNode node, int input) throws FileFault {
        if (value(node, input) instanceof Operation operation) {
            return operation;
        }
        throw node.fault("input " + input + " to depend on the images", "a constant", "Fold constants in the export.");
    }

    /** An input of channels, rows and columns, in this order. */
    Operation planes(OnnxNode node, int input) throws FileFault {
        return planes(node, operation(node, input));
    }

    Operation planes(OnnxNode node, Operation operation) throws FileFault {
        if (operation.channelsLast || operation.flat && operation.shape.height() * operation.shape.width() > 1) {
            throw node.fault(
                    "images by channels, rows and columns",
                    operation.flat ? "flattened ones" : "ones with channels last",
                    "Such a model cannot be imported.");
        }
        return operation;
    }

    /** An input that is a floating-point constant of that many dimensions; any number if it is -1. */
    StoredTensor tensor(OnnxNode node, int input, int dimensions) throws FileFault {
        if (value(node, input) instanceof StoredTensor tensor && tensor.isReal()) {
            if (dimensions >= 0 && tensor.sizes().length != dimensions) {
                throw node.fault(
                        "a constant of " + dimensions + " dimensions as input " + input,
                        tensor.toString(),
                        "Such a model cannot be imported.");
            }
            return tensor;
        }
        throw node.fault("a floating-point constant as input " + input, "none", "Only constant weights are imported.");
    }

    /** An input that is a few whole numbers. */
    long[] whole(OnnxNode node, int input) throws FileFault {
        if (value(node, input) instanceof StoredTensor tensor && tensor.numbers() instanceof long[] whole) {
            return whole;
        }
        throw node.fault(
                "constant whole numbers as input " + input,
                "others",
                "Export the model with constant folding, for images of one size.");
    }

    /** An input that is one constant number, {@link OnnxNode#meant} in decimal. */
    double number(OnnxNode node, int input) throws FileFault {
        StoredTensor tensor = tensor(node, input, -1);
        if (tensor.count() != 1) {
            throw node.fault("one number as input " + input, tensor.toString(), "Correct the model.");
        }
        return tensor.numbers() instanceof float[] floats ? OnnxNode.meant(floats[0]) : tensor.value(0);
    }

    /** Counts values of a new layer down: a file must not make a network that is much larger than itself. */
    void take(OnnxNode node, long needed) throws FileFault {
        if (needed > valuesLeft) {
            throw node.fault(
                    "at least " + needed + " values for its weights",
                    "the " + valuesLeft + " that are left",
                    "Layers that share weights cannot be imported.");
        }
        valuesLeft -= needed;
    }

    /** Makes constants of nodes count as values of the file. */
    void found(StoredTensor constant) {
        count(constant);
    }
}
