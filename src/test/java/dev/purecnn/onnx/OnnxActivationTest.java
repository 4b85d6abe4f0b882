package dev.purecnn.onnx;

import static dev.purecnn.onnx.GraphWriter.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.CNN;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Activations as exporters write them, as one node or as the arithmetic that they are. */
class OnnxActivationTest {
    private static final double FLOAT_SIXTH = (float) (1 / 6.0);

    @TempDir
    private Path folder;

    private static TestModel model() {
        return number("half", 0.5, number("one", 1, number("three", 3, number("six", 6, new TestModel(-1, 2, 3, 4)))));
    }

    private static TestModel number(String name, double value, TestModel model) {
        return model.tensor(name, new double[] {value});
    }

    private static Arguments read(String layer, TestModel model) {
        return Arguments.of(layer, model);
    }

    private static TestModel erf() {
        return number("root", Math.sqrt(2), model())
                .node("Div", "q", List.of("x", "root"))
                .node("Erf", "e", List.of("q"))
                .node("Add", "s", List.of("e", "one"));
    }

    private static TestModel clipped() {
        return number("zero", 0, model())
                .node("Add", "s", List.of("x", "three"))
                .node("Clip", "c", List.of("s", "zero", "six"));
    }

    static Stream<Arguments> models() {
        return Stream.of(
                read("<ELULayer: 0.3>", model().then("Elu", attribute("alpha", 0.3))),
                read("<ELULayer: 1.0>", model().then("Celu")),
                read("<SELULayer>", model().then("Selu")),
                read("<SELULayer>", model().then("Selu", attribute("alpha", 1.6732632423543772))),
                read("<SoftplusLayer>", model().then("Softplus")),
                read("<HardSigmoidLayer: (0.2, 0.5)>", model().then("HardSigmoid")),
                read(
                        "<HardSigmoidLayer: (0.16666666666666666, 0.5)>",
                        model().then("HardSigmoid", attribute("alpha", FLOAT_SIXTH))),
                read("<HardSwishLayer>", model().opset(14).then("HardSwish")),
                read(
                        "<HardSwishLayer>",
                        model().then("HardSigmoid", attribute("alpha", FLOAT_SIXTH))
                                .node("Mul", "y", List.of("x", "x'"))),
                read(
                        "<HardSwishLayer>",
                        clipped().node("Div", "d", List.of("c", "six")).node("Mul", "y", List.of("x", "d"))),
                read(
                        "<HardSwishLayer>",
                        clipped().node("Mul", "m", List.of("c", "x")).node("Div", "y", List.of("m", "six"))),
                read(
                        "<HardSwishLayer>",
                        model().opset(9)
                                .node("Add", "s", List.of("x", "three"))
                                .node("Clip", "c", List.of("s"), attribute("min", 0.0), attribute("max", 6.0))
                                .node("Mul", "m", List.of("x", "c"))
                                .node("Div", "y", List.of("m", "six"))),
                read("<SiLULayer>", model().then("Sigmoid").node("Mul", "y", List.of("x'", "x"))),
                read("<GELULayer: exact>", model().opset(20).then("Gelu")),
                read(
                        "<GELULayer: exact>",
                        erf().node("Mul", "m", List.of("x", "s")).node("Mul", "y", List.of("m", "half"))),
                read(
                        "<GELULayer: exact>",
                        erf().node("Mul", "h", List.of("x", "half")).node("Mul", "y", List.of("h", "s"))),
                read(
                        "<ClipLayer: (0.0, 6.0)>",
                        model().opset(10).then("Clip", attribute("min", 0.0), attribute("max", 6.0))),
                read("<ClipLayer: (0.5, Infinity)>", model().then("Clip", List.of("half"))),
                read("<ClipLayer: (-Infinity, 6.0)>", model().then("Clip", List.of("", "six"))),
                read("<ClipLayer: (-Infinity, 6.0)>", model().then("Min", List.of("six"))),
                read("<ClipLayer: (0.5, Infinity)>", model().node("Max", "y", List.of("half", "x"))),
                read("<PReLULayer: 1>", model().then("PRelu", List.of("half"))),
                read("<PReLULayer: 2>", model().tensor("slopes", 2, 1, 1).then("PRelu", List.of("slopes"))));
    }

    @ParameterizedTest
    @MethodSource("models")
    void read_activation_isThatLayer(String layer, TestModel model) throws IOException {
        CNN cnn = model.classifier(24).read(folder);
        assertThat(cnn.layers()).hasSize(2);
        assertThat(cnn.layers().get(0)).hasToString(layer);
    }

    @Test
    void read_clipWithoutBounds_isNoLayer() throws IOException {
        assertThat(model().then("Clip").classifier(24).read(folder).layers()).hasSize(1);
    }

    /** Other numbers than a hard swish has, and another value than the one that is multiplied. */
    @Test
    void read_nearlyAComposite_staysAProduct() throws IOException {
        for (TestModel model : List.of(
                model().then("HardSigmoid").node("Mul", "y", List.of("x", "x'")),
                model().then("Tanh").then("Sigmoid").node("Mul", "y", List.of("x", "x''")))) {
            assertThat(model.classifier(24).read(folder).layers().get(0).toString())
                    .startsWith("<ParallelLayer: product");
        }
    }

    @Test
    void read_pReLU_hasItsSlopes() throws IOException {
        CNN cnn = model().tensor("slopes", new double[] {0.5, -2}, 2, 1, 1)
                .then("PRelu", List.of("slopes"))
                .classifier(24)
                .read(folder);
        assertThat(cnn.layers().get(0).parameters().get(0).values()).containsExactly(0.5, -2);
    }

    @Test
    void read_globalPoolingAtTheEnd_isFollowedByASoftmaxLayer() throws IOException {
        for (TestModel model : List.of(
                model().then("GlobalAveragePool").then("Flatten").then("Softmax"),
                model().then("GlobalAveragePool").then("Softmax", attribute("axis", 1)))) {
            CNN cnn = model.read(folder);
            assertThat(cnn.layers().get(1)).hasToString("<SoftmaxLayer>");
            double[] image = new double[24];
            Arrays.fill(image, 12, 24, StrictMath.log(3)); // means 0 and log(3)
            assertThat(cnn.predict(image)).containsExactly(new double[] {0.25, 0.75}, within(1e-15));
        }
    }
}
