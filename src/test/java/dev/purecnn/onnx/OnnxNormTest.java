package dev.purecnn.onnx;

import static dev.purecnn.onnx.GraphWriter.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.CNN;
import dev.purecnn.ModelFormatException;
import dev.purecnn.layer.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Normalizations, and constants that images are multiplied by or that are added to them. */
class OnnxNormTest {
    @TempDir
    private Path folder;

    private static TestModel model() {
        return new TestModel(-1, 4, 1, 2)
                .tensor("two", new double[] {2})
                .tensor("each", new double[] {2, 4, 5, 8}, 4, 1, 1)
                .tensor("scale", new double[] {1, 2, 3, 4}, 4)
                .tensor("shift", new double[] {5, 6, 7, 8}, 4)
                .tensor("all", 4, 1, 2);
    }

    private static TestModel groupNorm(double scale, long... back) {
        return model().tensor("ones", new double[] {1, scale}, 2)
                .tensor("zeros", new double[2], 2)
                .whole("groups", 0, 2, -1)
                .whole("sizes", back)
                .then("Reshape", List.of("groups"))
                .then("InstanceNormalization", List.of("ones", "zeros"), attribute("epsilon", 1e-3))
                .then("Reshape", List.of("sizes"))
                .then("Mul", List.of("each"))
                .then("Add", List.of("each"));
    }

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of("<ScaleShiftLayer: 1>", model().then("Mul", List.of("two"))),
                Arguments.of("<ScaleShiftLayer: 4>", model().node("Add", "y", List.of("each", "x"))),
                Arguments.of("<ScaleShiftLayer: 4>", model().then("Sub", List.of("each"))),
                Arguments.of("<ScaleShiftLayer: 4>", model().node("Sub", "y", List.of("each", "x"))),
                Arguments.of("<ScaleShiftLayer: 1>", model().then("Div", List.of("two"))),
                Arguments.of(
                        "<GroupNormLayer: 4, groups=4>",
                        model().then("InstanceNormalization", List.of("scale", "shift"))),
                Arguments.of(
                        "<GroupNormLayer: 4, groups=2>",
                        model().opset(21)
                                .then("GroupNormalization", List.of("scale", "shift"), attribute("num_groups", 2))),
                Arguments.of("<GroupNormLayer: 4, groups=2, epsilon=0.001>", groupNorm(1, 0, 4, 1, 2)),
                Arguments.of(
                        "<LayerNormLayer: 8>",
                        model().then("LayerNormalization", List.of("all", "all"), attribute("axis", -3))),
                Arguments.of(
                        "<LocalResponseNormLayer: 3, alpha=0.5, beta=0.75, offset=2.0>",
                        model().then("LRN", attribute("size", 3), attribute("alpha", 0.5), attribute("bias", 2.0))));
    }

    @ParameterizedTest
    @MethodSource("models")
    void read_norm_isThatLayer(String layer, TestModel model) throws IOException {
        CNN cnn = model.classifier(8).read(folder);
        assertThat(cnn.layers()).hasSize(2);
        assertThat(cnn.layers().get(0)).hasToString(layer);
    }

    private Layer first(TestModel model) throws IOException {
        return model.classifier(8).read(folder).layers().get(0);
    }

    private static final double[] IMAGE = {1, 2, 3, 4, 5, 6, 7, 8};

    @Test
    void read_constants_haveTheirPlaces() throws IOException {
        assertThat(first(model().then("Sub", List.of("each"))).forward(IMAGE))
                .containsExactly(-1, 0, -1, 0, 0, 1, -1, 0);
        assertThat(first(model().node("Sub", "y", List.of("each", "x"))).forward(IMAGE))
                .containsExactly(1, 0, 1, 0, 0, -1, 1, 0);
        assertThat(first(model().then("Div", List.of("each"))).forward(IMAGE))
                .containsExactly(new double[] {0.5, 1, 0.75, 1, 1, 1.2, 0.875, 1}, within(1e-15));
        assertThat(first(model().then("Mul", List.of("two"))).forward(IMAGE))
                .containsExactly(2, 4, 6, 8, 10, 12, 14, 16);
    }

    /** Opset 18 has one scale per group: channels 0 and 1 the first, 2 and 3 the second. */
    @Test
    void read_groupNorm_hasItsScales() throws IOException {
        Layer perGroup = first(model().opset(18)
                .tensor("s", new double[] {7, 9}, 2)
                .then("GroupNormalization", List.of("s", "s"), attribute("num_groups", 2)));
        assertThat(perGroup.parameters().get(0).values()).containsExactly(7, 7, 9, 9);
        Layer perChannel = first(groupNorm(1, -1, 4, 1, 2));
        assertThat(perChannel.parameters().get(1).values()).containsExactly(2, 4, 5, 8);
    }

    @Test
    void read_noNorm_isRefusedWithReason() {
        assertRefused(groupNorm(2, 0, 4, 1, 2), "images brought to groups of channels and back, and nothing else");
        assertRefused(groupNorm(1, 0, 4, 2, 1), "images brought to groups of channels and back, and nothing else");
        assertRefused(model().node("Div", "y", List.of("two", "x")), "values that are divided by a constant");
        assertRefused(model().then("Relu").node("Sub", "y", List.of("x", "x'")), "a constant as one of its inputs");
        assertRefused(
                model().then("Mul", List.of("scale")), "one constant, or one for each of 4 channels, got scale (4)");
        assertRefused(
                model().then("LayerNormalization", List.of("scale", "shift")), "a norm over all values of an image");
        assertRefused(
                model().opset(21).then("GroupNormalization", List.of("scale", "shift"), attribute("num_groups", 3)),
                "groups that divide 4 channels, got 3");
        assertRefused(model().then("InstanceNormalization", List.of("two", "two")), "4 values, got two");
    }

    private void assertRefused(TestModel model, String message) {
        assertThatThrownBy(() -> model.classifier(8).read(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message);
    }
}
