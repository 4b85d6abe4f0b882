package dev.purecnn.onnx;

import dev.purecnn.CNN;
import dev.purecnn.CnnBuilder;
import dev.purecnn.ModelFormatException;
import dev.purecnn.internal.file.BinaryInput;
import dev.purecnn.internal.file.FileFault;
import dev.purecnn.layer.Layer;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** ONNX's own test vectors of single operators, as far as they are about images in floating point. */
public final class NodeVectors {
    private static final double MOST = 1e-6;
    private static final long OLDEST = 7;
    private static final long NEWEST = 22;
    private static final Set<String> OPERATORS = Set.of(
            "Conv",
            "MaxPool",
            "AveragePool",
            "GlobalAveragePool",
            "GlobalMaxPool",
            "BatchNormalization",
            "Relu",
            "LeakyRelu",
            "Elu",
            "Selu",
            "Celu",
            "Sigmoid",
            "HardSigmoid",
            "HardSwish",
            "Softplus",
            "PRelu",
            "Gelu",
            "Tanh",
            "Softmax",
            "LogSoftmax",
            "Gemm",
            "MatMul",
            "Add",
            "Concat",
            "Flatten",
            "Reshape",
            "Pad",
            "Clip",
            "ReduceMean",
            "LRN",
            "InstanceNormalization",
            "GroupNormalization",
            "LayerNormalization",
            "Identity",
            "Dropout",
            "Transpose",
            "Squeeze",
            "Unsqueeze");

    /** Those that work value by value, so that any tensor may be taken for images. */
    private static final Set<String> ACTIVATIONS = Set.of(
            "Relu",
            "LeakyRelu",
            "Elu",
            "Selu",
            "Celu",
            "Sigmoid",
            "HardSigmoid",
            "HardSwish",
            "Softplus",
            "PRelu",
            "Gelu",
            "Tanh",
            "Clip",
            "Identity",
            "Dropout");

    /** Those that a network may end with. */
    private static final Set<String> CLASSIFIERS = Set.of("Softmax", "LogSoftmax");

    /** Those whose images and expected values have been rounded to four decimals each, so that no exact mean agrees. */
    private static final Set<String> ROUNDED = Set.of("test_averagepool_2d_ceil_last_window_starts_on_pad");

    private NodeVectors() {}

    /**
     * Runs all cases, and prints a table of them.
     *
     * @param arguments the folder, backend/test/data/node of the ONNX project
     * @throws IOException if a file cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        List<Path> cases = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(Path.of(arguments[0]), "test_*")) {
            folders.forEach(cases::add);
        }
        cases.sort(null);
        Map<String, int[]> counts = new TreeMap<>();
        int wrong = 0;
        for (Path folder : cases) {
            String[] result = result(folder);
            if (result != null) {
                int kind = result[1].equals("passed") ? 0 : result[1].startsWith("WRONG") ? 2 : 1;
                counts.computeIfAbsent(result[0], operator -> new int[3])[kind]++;
                wrong += kind == 2 ? 1 : 0;
                System.out.println(folder.getFileName() + " (" + result[0] + "): " + result[1]);
            }
        }
        counts.forEach((operator, count) -> System.out.printf(
                "%-20s %3d passed, %3d refused or left out, %d wrong%n", operator, count[0], count[1], count[2]));
        if (wrong > 0) {
            throw new IllegalStateException(wrong + " cases differ by more than " + MOST);
        }
    }

    /** The operator and what came of the case; null if it is about something else. */
    private static String[] result(Path folder) throws IOException {
        Path data = folder.resolve("test_data_set_0");
        Path file = folder.resolve("model.onnx");
        boolean training = folder.getFileName().toString().startsWith("test_training_");
        if (training || !Files.exists(data.resolve("input_0.pb")) || !Files.exists(data.resolve("output_0.pb"))) {
            return null;
        }
        try (BinaryInput input = BinaryInput.open(file, "a model")) {
            OnnxModel model = OnnxModel.read(input);
            model.opset =
                    Math.max(OLDEST, Math.min(NEWEST, model.opset)); // for these operators, others differ in types only
            String operator = model.nodes.size() == 1 ? model.nodes.get(0).operator() : "";
            StoredTensor images = tensor(data.resolve("input_0.pb"));
            StoredTensor expected = tensor(data.resolve("output_0.pb"));
            int dimensions = images.sizes().length;
            boolean any = ACTIVATIONS.contains(operator) && dimensions > 0 && dimensions < 4;
            if (!OPERATORS.contains(operator) || !images.isReal() || dimensions != 4 && dimensions != 2 && !any) {
                return null;
            }
            List<String> names = new ArrayList<>(model.inputs.keySet());
            for (int i = 1; i < names.size(); i++) {
                model.tensors.put(names.get(i), tensor(data.resolve("input_" + i + ".pb")));
            }
            if (any) {
                long[] sizes = {1, 1, 1, 1};
                for (int i = 0; i < dimensions; i++) {
                    sizes[4 - dimensions + i] = images.sizes()[i];
                }
                model.inputs.put(names.get(0), new OnnxModel.Declared(Onnx.FLOAT32, sizes, 0));
            }
            boolean ends = CLASSIFIERS.contains(operator) && dimensions == 2;
            if (!ends) {
                endWithClassifier(model, any ? 1 : batch(expected), expected);
            }
            OnnxImport imported = new OnnxImport(file, model);
            CNN cnn = (ends ? imported.endWithSoftmax() : imported).build(CnnBuilder::quiet);
            double[] values = images.values();
            for (Layer layer : cnn.layers().subList(0, cnn.layers().size() - (ends ? 0 : 1))) {
                values = layer.forward(values);
            }
            if (operator.equals("LogSoftmax")) {
                values = Arrays.stream(values).map(Math::log).toArray();
            }
            String outcome = compared(values, expected);
            String name = folder.getFileName().toString();
            boolean rounded = ROUNDED.contains(name) || name.endsWith("float16");
            return new String[] {operator, rounded ? "left out, results have few digits; " + outcome : outcome};
        } catch (FileFault e) {
            return null; // not of ONNX's own operators
        } catch (ModelFormatException e) {
            String operator = e.getMessage().replaceAll("(?s).*node \\S* \\((\\w+)\\):.*", "$1");
            String reason = e.getMessage().replaceFirst("^.*?byte \\d+: ", "");
            return new String[] {operator.length() > 20 ? "(model)" : operator, "refused: " + reason};
        }
    }

    private static int batch(StoredTensor expected) {
        return expected.sizes().length == 0 ? 1 : Math.max(1, expected.sizes()[0]);
    }

    private static StoredTensor tensor(Path file) throws IOException {
        try (BinaryInput input = BinaryInput.open(file, "a tensor")) {
            return TensorReader.read(new ProtoReader(input, input.size()), input);
        }
    }

    /** So that it is a network; what the layers before make is compared. */
    private static void endWithClassifier(OnnxModel model, int batch, StoredTensor expected) {
        String output = model.nodes.get(0).outputs().get(0);
        int size = expected.isReal() ? expected.count() / batch : 1;
        model.tensors.put("ones", new StoredTensor("ones", new int[] {size, 1}, new float[size], 0));
        model.nodes.add(new OnnxNode("end1", "Flatten", List.of(output), List.of("flat"), Map.of(), 0));
        model.nodes.add(new OnnxNode("end2", "MatMul", List.of("flat", "ones"), List.of("logits"), Map.of(), 0));
        model.nodes.add(new OnnxNode("end3", "Softmax", List.of("logits"), List.of("end"), Map.of("axis", 1L), 0));
        OnnxModel.Declared declared = new OnnxModel.Declared(0, new long[0], 0);
        model.outputs.clear();
        model.outputs.put("end", declared);
    }

    private static String compared(double[] values, StoredTensor expected) {
        if (values.length != expected.count()) {
            return "WRONG: " + values.length + " values, not " + expected.count();
        }
        double largest = 0;
        for (int i = 0; i < values.length; i++) {
            double scale = Math.max(1, Math.abs(expected.value(i)));
            largest = Math.max(largest, Math.abs(values[i] - expected.value(i)) / scale);
        }
        return largest <= MOST ? "passed" : "WRONG: by " + largest;
    }
}
