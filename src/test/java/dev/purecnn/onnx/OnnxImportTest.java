package dev.purecnn.onnx;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.onnx.GraphWriter.attribute;
import static dev.purecnn.onnx.TestModel.both;
import static dev.purecnn.onnx.TestModel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.CNN;
import dev.purecnn.CnnBuilder;
import dev.purecnn.ModelFormatException;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OnnxImportTest {
    private static final Path RESOURCES = Path.of("src/test/resources/dev/purecnn/onnx");

    @TempDir
    Path folder;

    /** PyTorch's outputs in float64: see models.py beside the files. */
    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of("lenet", new double[] {0.5004954272673476, 0.28247286365416446, 0.21703170907848784}),
                Arguments.of("residual", new double[] {0.3976790858937159, 0.3674416055474832, 0.23487930855880085}),
                Arguments.of("flat", new double[] {0.4810993211149084, 0.5189006788850916}),
                Arguments.of("inception", new double[] {0.3798374548772532, 0.33819081490095065, 0.28197173022179617}),
                Arguments.of("dense", new double[] {0.1870713839400421, 0.3443203607345756, 0.46860825532538236}),
                Arguments.of("fire", new double[] {0.4058838609456566, 0.2949613693051448, 0.2991547697491986}),
                Arguments.of("mobile", new double[] {0.3309175821482273, 0.39796234916268697, 0.2711200686890857}));
    }

    @ParameterizedTest
    @MethodSource("models")
    void read_pyTorchModel_predictsAsPyTorch(String name, double[] expected) throws IOException {
        CNN cnn = OnnxImport.read(RESOURCES.resolve(name + ".onnx"))
                .endWithSoftmax()
                .build(CnnBuilder::quiet);
        double[] image = image(cnn);
        assertThat(cnn.predict(image)).containsExactly(expected, within(1e-12));
        double loss = cnn.trainOnBatch(image, new int[] {1});
        assertThat(loss).isCloseTo(-Math.log(expected[1]), within(2.0)); // batch norms see the batch alone
        assertThat(cnn.predict(image)[1]).isGreaterThan(expected[1]);
    }

    private static double[] image(CNN cnn) {
        double[] image = new double[cnn.shapes().get(0).size()];
        for (int i = 0; i < image.length; i++) {
            image[i] = i * 37 % 101 / 100.0 - 0.3;
        }
        return image;
    }

    @Test
    void read_exported_predictsSameBits() throws IOException {
        for (int number = 0; number < 60; number++) {
            CNN cnn = RandomNetworks.network(number);
            Path file = folder.resolve("exported.onnx");
            OnnxExport.of(cnn).float64().write(file);
            CNN again = OnnxImport.read(file).build(CnnBuilder::quiet);
            double[] image = RandomNetworks.image(cnn, number);
            assertSameBits(again.predict(image), cnn.predict(image), "network " + number);
        }
    }

    @Test
    void build_twice_givesTwoNetworks() throws IOException {
        OnnxImport model = OnnxImport.read(RESOURCES.resolve("residual.onnx"));
        CNN one = model.build(CnnBuilder::quiet);
        CNN other = model.build(builder -> builder.quiet().seed(9));
        assertThat(other.fingerprint()).isEqualTo(one.fingerprint());
        assertThat(other.seed()).isEqualTo(9);
        one.trainOnBatch(image(one), new int[] {0});
        assertThat(other.fingerprint()).isNotEqualTo(one.fingerprint());
    }

    /** Each layer of a dense block sees what all before it gave (Huang et al. 2017). */
    @Test
    void read_denseBlock_becomesSeriesOfBranches() throws IOException {
        TestModel model = new TestModel(-1, 1, 3, 4)
                .node("Relu", "f1", List.of("x"))
                .node("Concat", "c1", List.of("x", "f1"), attribute("axis", 1))
                .node("Tanh", "f2", List.of("c1"))
                .node("Concat", "c2", List.of("x", "f1", "f2"), attribute("axis", 1))
                .node("Sigmoid", "f3", List.of("c2"))
                .node("Concat", "c3", List.of("x", "f1", "f2", "f3"), attribute("axis", -3))
                .classifier(96);
        assertThat(layers(model))
                .containsExactly(
                        "<ParallelLayer: concatenation of (), (<ReLULayer>)>",
                        "<ParallelLayer: concatenation of (), (<TanhLayer>)>",
                        "<ParallelLayer: concatenation of (), (<SigmoidLayer>)>",
                        "<DenseSoftmaxLayer: (96, 3)>");
    }

    @Test
    void read_branches_becomeParallelLayers() throws IOException {
        TestModel model = new TestModel(-1, 1, 3, 4)
                .node("Relu", "aa", List.of("x"))
                .node("Tanh", "bb", List.of("x"))
                .node("Add", "cc", List.of("aa", "bb"))
                .node("GlobalAveragePool", "dd", List.of("cc"))
                .node("Mul", "ee", List.of("dd", "cc"))
                .node("Sigmoid", "ff", List.of("ee"))
                .node("Sum", "gg", List.of("ee", "ff", "ee"))
                .classifier(12);
        assertThat(layers(model))
                .containsExactly(
                        "<ResidualLayer: <ReLULayer>, shortcut: <TanhLayer>>",
                        "<ParallelLayer: product of (<GlobalAveragePoolingLayer>), ()>",
                        "<ParallelLayer: sum of (), (<SigmoidLayer>), ()>",
                        "<DenseSoftmaxLayer: (12, 3)>");
    }

    private List<String> layers(TestModel model) throws IOException {
        return model.read(folder).layers().stream().map(Layer::toString).toList();
    }

    /** Each of these says the same, in the ways of several exporters. */
    static Stream<TestModel> ways() {
        TestModel reference = convolution("w0").then("Relu").classifier(24);
        return Stream.of(
                reference,
                convolution("w0")
                        .opset(7)
                        .then("Relu")
                        .then("Dropout", attribute("ratio", 0.0))
                        .classifier(24),
                convolution("w0")
                        .then("Clip", List.of("zero"))
                        .tensor("zero", new double[] {0})
                        .classifier(24),
                convolution("w0").opset(10).then("Clip", attribute("min", 0.0)).classifier(24),
                new TestModel(-1, 1, 3, 4)
                        .tensor("w0", 2, 1, 3, 1)
                        .then("Pad", List.of("pads"))
                        .whole("pads", 0, 0, 1, 0, 0, 0, 1, 0)
                        .then("Conv", List.of("w0"))
                        .then("Identity")
                        .then("Relu")
                        .classifier(24),
                new TestModel(1, 1, 3, 4)
                        .tensor("w0", 2, 1, 3, 1)
                        .then("Conv", List.of("w0"), text("auto_pad", "SAME_UPPER"))
                        .then("Relu")
                        .tensor("w", 24, 3)
                        .tensor("b", 3)
                        .then("Reshape", List.of("flat"))
                        .whole("flat", 1, -1)
                        .then("MatMul", List.of("w"))
                        .then("Add", List.of("b"))
                        .then("Softmax", attribute("axis", -1)),
                convolution("w0").then("Relu").classifier(24).then("Identity"));
    }

    private static TestModel convolution(String weights) {
        return new TestModel(-1, 1, 3, 4)
                .tensor(weights, 2, 1, 3, 1)
                .then("Conv", List.of(weights), attribute("pads", List.of(1, 0, 1, 0)), both("strides", 1));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void read_sameModelInOtherWords_predictsSameBits(TestModel model) throws IOException {
        CNN expected = convolution("w0").then("Relu").classifier(24).read(folder);
        CNN cnn = model.read(folder);
        assertSameBits(cnn.predict(image(cnn)), expected.predict(image(expected)));
    }

    /** The weights by hand: one dense layer of 2 inputs, with factors, turned over or not. */
    @Test
    void read_gemm_factorsAndTransposition() throws IOException {
        CNN cnn = new TestModel(-1, 2)
                .tensor("w", new double[] {1, 2, 3, 4}, 2, 2)
                .tensor("b", new double[] {10, 20}, 2)
                .then("Gemm", List.of("w", "b"), attribute("alpha", 0.5), attribute("beta", 0.1))
                .then("Softmax")
                .read(folder);
        assertThat(cnn.parameters().get(0).values()).containsExactly(0.5, 1.5, 1, 2);
        assertThat(cnn.parameters().get(1).values()).containsExactly(1, 2);
        cnn = new TestModel(-1, 2)
                .tensor("w", new double[] {1, 2, 3, 4}, 2, 2)
                .then("Gemm", List.of("w"), attribute("transB", 1))
                .then("Softmax")
                .read(folder);
        assertThat(cnn.parameters().get(0).values()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void read_channelsLast_turnsWeights() throws IOException {
        CNN cnn = new TestModel(-1, 2, 3, 2)
                .tensor("w", 12, 3)
                .then("Transpose", attribute("perm", List.of(0, 3, 1, 2)))
                .then("Relu")
                .then("Transpose", attribute("perm", List.of(0, 2, 3, 1)))
                .then("Flatten")
                .then("MatMul", List.of("w"))
                .then("Softmax")
                .read(folder);
        assertThat(cnn.shapes().get(0)).isEqualTo(Shape.of(2, 2, 3));
        // output 2 of channel 1, row 1, column 0: flattened, input (1 * 3 + 0) * 2 + 1
        assertThat(cnn.parameters().get(0).values()[2 * 12 + 1 * 6 + 1 * 3]).isEqualTo((7 * 3 + 2 + 1) % 13 / 10.0);
    }

    @Test
    void read_batchNorm_keepsEpsilonAndMomentum() throws IOException {
        CNN cnn = new TestModel(-1, 2)
                .tensor("scale", 2)
                .tensor("shift", 2)
                .tensor("mean", 2)
                .tensor("variance", 2)
                .tensor("w", 2, 2)
                .then(
                        "BatchNormalization",
                        List.of("scale", "shift", "mean", "variance"),
                        attribute("epsilon", 0.001),
                        attribute("momentum", 0.75))
                .then("Gemm", List.of("w"))
                .then("Softmax")
                .read(folder);
        double[] normed = new double[2];
        for (int i = 0; i < 2; i++) {
            double tenths = (i + 1) / 10.0;
            normed[i] = tenths * (0.5 - tenths) / Math.sqrt(tenths + 0.001) + tenths;
        }
        double first = Math.exp(normed[0] * 0.1 + normed[1] * 0.3);
        double second = Math.exp(normed[0] * 0.2 + normed[1] * 0.4);
        assertThat(cnn.predict(new double[] {0.5, 0.5})[0]).isCloseTo(first / (first + second), within(1e-14));
        assertThat(cnn.layers().get(0).description().number("momentum")).isEqualTo(0.75);
        assertThat(cnn.layers().get(0).description().number("epsilon")).isEqualTo(0.001);
    }

    /** What cannot be imported, and what the message says of it. */
    static Stream<Arguments> refused() {
        TestModel open = new TestModel(-1, 1, -1, 4).classifier(12);
        return Stream.of(
                refused(model().then("Erf").classifier(12), "node x' (Erf): expected an operator that a layer"),
                refused(model().then("Einsum\u001b[31m").classifier(12), "(Einsum\\u001b[31m)"),
                refused(model().tensor("w", 12, 3).then("Flatten").then("Gemm", List.of("w")), "endWithSoftmax()"),
                refused(
                        model().then("Softmax", attribute("axis", 2)).classifier(12),
                        "a softmax over one value per class"),
                refused(
                        model().then("Clip", attribute("min", 6.0), attribute("max", 6.0))
                                .classifier(12),
                        "a lower bound below the upper one"),
                refused(
                        model().then("Relu")
                                .node("Concat", "c", List.of("x", "x'"), attribute("axis", 2))
                                .classifier(24),
                        "one after another by channel, got 1 x 3 x 4 and 1 x 3 x 4, along axis 2"),
                refused(
                        model().then("MaxPool", both("kernel_shape", 2))
                                .node("Mul", "product", List.of("x", "x'"))
                                .classifier(12),
                        "values of equal sizes, or of one for each channel, got 1 x 2 x 3 beside 1 x 3 x 4"),
                refused(
                        model().then("Relu")
                                .node("Add", "sum", List.of("x", "x'"))
                                .node("Add", "more", List.of("sum", "x'"))
                                .classifier(12),
                        "branches that meet again only where they are joined"),
                refused(
                        model().tensor("k", 2)
                                .then("Flatten")
                                .then("Add", List.of("k"))
                                .classifier(12),
                        "one constant, or one for each of 1 channels, got k (2)"),
                refused(model().then("Flatten", attribute("axis", 0)).classifier(12), "each image flattened"),
                refused(
                        model().then("Reshape", List.of("s"))
                                .whole("s", 0, 2, 6)
                                .classifier(12),
                        "Other shapes"),
                refused(
                        model().then("Reshape", List.of("s"))
                                .whole("s", 0, 4, 3, 1)
                                .classifier(12),
                        "Other shapes"),
                refused(model().classifier(11), "11 values per image, in one dimension, got 12"),
                refused(open, "input: expected images of a fixed size, got [-1, 1, -1, 4] (-1: free). Name it with"),
                refused(new TestModel(new long[] {-1, 1, 3, 4}, Onnx.UINT8).classifier(12), "floating-point images"),
                refused(new TestModel(-1, 1, 3).classifier(3), "images of 4 dimensions, or 2"),
                refused(model().opset(6).classifier(12), "expected opset 7 to 22, got 6"),
                refused(model().opset(23).classifier(12), "got 23"),
                refused(model().node("Relu", "y", List.of("later")).then("Tanh").classifier(12), "got later"),
                refused(
                        model().tensor("g", 1)
                                .then("BatchNormalization", List.of("g", "g", "g", "two"))
                                .tensor("two", 2)
                                .classifier(12),
                        "expected 1 values, got two (2)"),
                refused(model().then("LeakyRelu", attribute("alpha", 2.0)).classifier(12), "expected a slope"),
                refused(
                        model().tensor("w", new double[] {Double.NaN, 1}, 1, 2)
                                .then("GlobalAveragePool")
                                .then("Flatten")
                                .then("Gemm", List.of("w"))
                                .then("Softmax"),
                        "expected finite weights, got NaN at 0"));
    }

    private static TestModel model() {
        return new TestModel(-1, 1, 3, 4);
    }

    private static Arguments refused(TestModel model, String message) {
        return Arguments.of(message, model);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void read_unknown_isRefusedWithNodeAndReason(String message, TestModel model) {
        assertThatThrownBy(() -> model.read(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("expected ")
                .hasMessageEndingWith(".");
    }

    @Test
    void imageSize_freeModel_fixesIt() throws IOException {
        Path file = Files.write(
                folder.resolve("free"),
                new TestModel(-1, 2, -1, -1)
                        .then("GlobalAveragePool")
                        .classifier(2)
                        .bytes());
        CNN cnn = OnnxImport.read(file).imageSize(5, 7).build(CnnBuilder::quiet);
        assertThat(cnn.shapes().get(0)).isEqualTo(Shape.of(2, 5, 7));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OnnxImport.read(file).imageSize(0, 7))
                .withMessageContaining("got 0 x 7");
    }

    @Test
    void read_sharedWeights_areRefusedBeforeMemoryRunsOut() throws IOException {
        TestModel model = new TestModel(-1, 300).tensor("w", 300, 300);
        for (int i = 0; i < 50; i++) {
            model.then("MatMul", List.of("w"));
        }
        assertThatThrownBy(() -> model.then("Softmax").read(folder)).hasMessageContaining("Layers that share weights");
    }

    @Test
    void read_deepSums_areRefusedWithoutOverflow() throws IOException {
        TestModel model = new TestModel(-1, 4).then("Relu").then("Tanh");
        String before = "x'";
        for (int i = 0; i < 900; i++) { // each the sum of the two before it
            String last = model.last();
            model.node("Add", "sum" + i, List.of(before, last));
            before = last;
        }
        assertThatThrownBy(() -> model.classifier(4).read(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("branches within branches");
    }

    @Test
    void read_externalData_isNeverOpened() throws IOException {
        ProtoWriter external = TestModel.head("w", Onnx.FLOAT32, 12, 3)
                .message(
                        Onnx.TENSOR_EXTERNAL,
                        new ProtoWriter().text(Onnx.ENTRY_KEY, "location").text(Onnx.ENTRY_VALUE, "/etc/passwd"))
                .number(Onnx.TENSOR_LOCATION, 1);
        TestModel model = model().tensor(external)
                .then("Flatten")
                .then("Gemm", List.of("w"))
                .then("Softmax");
        assertThatThrownBy(() -> model.read(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("expected the numbers of all tensors in this file, got some in another one");
    }

    @Test
    void read_noModel_isRefused() throws IOException {
        assertThatThrownBy(() -> OnnxImport.read(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        assertThatThrownBy(() -> OnnxImport.read(empty)).hasMessageContaining("expected an ONNX model, got no graph");
        Path other = Files.writeString(folder.resolve("text"), "PK\u0003\u0004 surely no model");
        assertThatThrownBy(() -> OnnxImport.read(other)).isInstanceOf(ModelFormatException.class);
    }

    @Test
    void read_typedHalves_andOtherTypes() throws IOException {
        ProtoWriter halves = TestModel.head("w", Onnx.FLOAT16, 2, 1)
                .number(Onnx.TENSOR_INTS, 0x3c00)
                .number(Onnx.TENSOR_INTS, 0xc248);
        CNN cnn = new TestModel(-1, 2)
                .tensor(halves)
                .then("Gemm", List.of("w"))
                .then("Softmax")
                .read(folder);
        assertThat(cnn.parameters().get(0).values()).containsExactly(1, -3.140625);
        ProtoWriter floats = TestModel.head("w", Onnx.FLOAT32, 2, 1)
                .number(Onnx.TENSOR_FLOATS, 0.5f)
                .number(Onnx.TENSOR_FLOATS, 2f);
        cnn = new TestModel(-1, 2)
                .tensor(floats)
                .then("Gemm", List.of("w"))
                .then("Softmax")
                .read(folder);
        assertThat(cnn.parameters().get(0).values()).containsExactly(0.5, 2);
        ProtoWriter few = TestModel.head("w", Onnx.FLOAT32, 2, 1).number(Onnx.TENSOR_FLOATS, 0.5f);
        assertThatThrownBy(() -> new TestModel(-1, 2).tensor(few).read(folder))
                .hasMessageContaining("expected 2 numbers in tensor w of [2, 1], got 1");
        ProtoWriter bytes = TestModel.head("w", 3, 2, 1);
        assertThatThrownBy(() -> new TestModel(-1, 2)
                        .tensor(bytes)
                        .then("Gemm", List.of("w"))
                        .then("Softmax")
                        .read(folder))
                .hasMessageContaining("a floating-point constant as input 1");
    }

    /** {@code x.view(x.shape[0], -1)} without constant folding. */
    @Test
    void read_shapeArithmetic_isFollowed() throws IOException {
        CNN cnn = model().tensor("w", 12, 3)
                .whole("zero", 0)
                .whole("one", 1)
                .whole("rest", -1)
                .node("Shape", "s", List.of("x"))
                .node("Slice", "n", List.of("s", "zero", "one"))
                .node("Concat", "target", List.of("n", "rest"), attribute("axis", 0))
                .node("Reshape", "flat", List.of("x", "target"))
                .then("MatMul", List.of("w"))
                .then("Softmax")
                .read(folder);
        assertThat(Arrays.stream(cnn.predict(image(cnn))).sum()).isCloseTo(1, within(1e-15));
    }
}
