package dev.purecnn.onnx;

import static dev.purecnn.onnx.GraphWriter.attribute;
import static dev.purecnn.onnx.TestModel.both;
import static dev.purecnn.onnx.TestModel.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.purecnn.CNN;
import dev.purecnn.CnnBuilder;
import dev.purecnn.ModelFormatException;
import dev.purecnn.layer.AveragePoolingLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.GlobalMaxPoolingLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Operators that slide windows over images, and the padding before them. */
class OnnxWindowsTest {
    @TempDir
    Path folder;

    private static TestModel model() {
        return new TestModel(-1, 1, 5, 4);
    }

    private static TestModel padded() {
        return model().then("Relu").then("Pad", List.of("p")).whole("p", 0, 0, 1, 0, 0, 0, 0, 2);
    }

    /** A model, how many values its windows give, and what the layer is. */
    static Stream<Arguments> windows() {
        return Stream.of(
                Arguments.of(
                        model().then(
                                        "MaxPool",
                                        attribute("kernel_shape", List.of(3, 2)),
                                        attribute("strides", List.of(2, 1)),
                                        attribute("pads", List.of(1, 0, 0, 1)),
                                        attribute("ceil_mode", 1)),
                        12,
                        "<MaxPoolingLayer: 3x2, stride=2x1, padding=(1, 0, 0, 1), roundUp>"),
                Arguments.of(
                        model().then(
                                        "AveragePool",
                                        both("kernel_shape", 2),
                                        both("dilations", 2),
                                        attribute("pads", List.of(1, 1, 1, 1)),
                                        attribute("count_include_pad", 1)),
                        20,
                        "<AveragePoolingLayer: 2, stride=1, padding=1, dilation=2, countPadding>"),
                Arguments.of(
                        model().then("AveragePool", both("kernel_shape", 2), text("auto_pad", "SAME_LOWER")),
                        20,
                        "<AveragePoolingLayer: 2, stride=1, padding=(1, 1, 0, 0)>"),
                Arguments.of(
                        model().then(
                                        "MaxPool",
                                        both("kernel_shape", 3),
                                        both("strides", 2),
                                        text("auto_pad", "SAME_UPPER")),
                        6,
                        "<MaxPoolingLayer: 3, stride=2, padding=(1, 0, 1, 1)>"),
                Arguments.of(
                        model().then(
                                        "MaxPool",
                                        both("kernel_shape", 2),
                                        attribute("pads", List.of(1, 1, 1, 1)),
                                        text("auto_pad", "VALID")),
                        12,
                        "<MaxPoolingLayer: 2, stride=1>"),
                Arguments.of(
                        model().then("AveragePool", attribute("kernel_shape", List.of(5, 4))),
                        1,
                        "<AveragePoolingLayer: 5x4, stride=1>"),
                Arguments.of(
                        model().then("ReduceMean", attribute("axes", List.of(-1, -2)), attribute("keepdims", 0)),
                        1,
                        "<GlobalAveragePoolingLayer>"),
                Arguments.of(model().then("GlobalMaxPool"), 1, "<GlobalMaxPoolingLayer>"),
                Arguments.of(
                        model().tensor("w0", 1, 1, 3, 2)
                                .then(
                                        "Conv",
                                        List.of("w0"),
                                        attribute("strides", List.of(2, 1)),
                                        attribute("dilations", List.of(1, 3)),
                                        attribute("pads", List.of(1, 1, 0, 2))),
                        8,
                        "<ConvolutionalLayer: (1, 1, 3x2), stride=2x1, padding=(1, 1, 0, 2), dilation=1x3, bias=false,"
                                + " momentum=0.0>"));
    }

    /** The same after a Pad of one row above and two columns to the right of what a ReLU made. */
    static Stream<Arguments> windowsAfterPad() {
        return Stream.of(
                Arguments.of(
                        padded().then(
                                        "MaxPool",
                                        both("kernel_shape", 2),
                                        both("strides", 2),
                                        attribute("pads", List.of(0, 1, 0, 0))),
                        9,
                        "<MaxPoolingLayer: 2, padding=(1, 1, 0, 2)>"),
                Arguments.of(
                        padded().then("Identity").then("AveragePool", both("kernel_shape", 3)),
                        16,
                        "<AveragePoolingLayer: 3, stride=1, padding=(1, 0, 0, 2), countPadding>"),
                Arguments.of( // as PyTorch exports a pool that rounds up and counts its padding
                        padded().then(
                                        "AveragePool",
                                        both("kernel_shape", 3),
                                        attribute("strides", List.of(2, 1)),
                                        attribute("ceil_mode", 1)),
                        12,
                        "<AveragePoolingLayer: 3, stride=2x1, padding=(1, 0, 0, 2), roundUp, countPadding>"),
                Arguments.of(
                        padded().tensor("w0", 1, 1, 3, 2)
                                .then("Conv", List.of("w0"), both("strides", 2), text("auto_pad", "SAME_UPPER")),
                        9,
                        "<ConvolutionalLayer: (1, 1, 3x2), stride=2, padding=(1, 0, 1, 2), bias=false, momentum=0.0>"),
                Arguments.of(
                        model().opset(18)
                                .tensor("w0", 1, 1, 3, 2)
                                .then("Pad", List.of("p", "", "axes"))
                                .whole("p", 2, 1, 0, 3)
                                .whole("axes", -1, 2)
                                .then("Conv", List.of("w0")),
                        35,
                        "<ConvolutionalLayer: (1, 1, 3x2), padding=(1, 2, 3, 0), bias=false, momentum=0.0>"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource({"windows", "windowsAfterPad"})
    void read_windows_keepTheirOptions(TestModel model, int outputs, String layer) throws IOException {
        CNN cnn = model.classifier(outputs).read(folder);
        assertThat(cnn.layers().stream().map(Layer::toString)).contains(layer);
        assertThat(cnn.predict(new double[20])).hasSize(3);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                refused(padded().then("Relu"), "a Conv or pool after a Pad, got another operator"),
                refused(
                        model().then("Pad", List.of("p"))
                                .whole("p", 0, 0, 1, 1, 0, 0, 1, 1)
                                .then("MaxPool", both("kernel_shape", 2)),
                        "a Relu before the Pad, whose zeros could win otherwise"),
                refused(
                        padded().then("AveragePool", both("kernel_shape", 2), attribute("pads", List.of(1, 0, 0, 0))),
                        "padding that counts, as the Pad before does, got count_include_pad=0"),
                refused(
                        padded().then(
                                        "MaxPool",
                                        both("kernel_shape", 3),
                                        both("strides", 2),
                                        attribute("ceil_mode", 1)),
                        "a last window that starts within the images, got one in the zeros of a Pad"),
                refused(
                        model().then("Pad", List.of("p"), text("mode", "reflect"))
                                .whole("p", 0, 0, 1, 1, 0, 0, 1, 1),
                        "zeros around rows and columns, got reflect"),
                refused(
                        model().then("Pad", List.of("p", "", "axes"))
                                .whole("p", 1, 1)
                                .whole("axes", 7),
                        "two sizes for each of up to 4 axes, got [7]"),
                refused(
                        model().then("MaxPool", both("kernel_shape", 2), attribute("storage_order", 1)),
                        "one output, got the places of maxima as well"),
                refused(model().then("MaxPool", both("kernel_shape", 6)), "a window that fits into 1 x 5 x 4"),
                refused(
                        model().then(
                                        "MaxPool",
                                        both("kernel_shape", 1),
                                        attribute("strides", List.of(2, 1)),
                                        attribute("pads", List.of(1, 0, 0, 0))),
                        "expected windows that meet the image"),
                refused(
                        model().then("AveragePool", attribute("kernel_shape", List.of(2))),
                        "2 numbers as kernel_shape"),
                refused(model().then("MaxPool", both("kernel_shape", 2), both("strides", 0)), "strides from 1"));
    }

    private static Arguments refused(TestModel model, String message) {
        return Arguments.of(message, model);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void read_unknownWindows_areRefusedWithNodeAndReason(String message, TestModel model) {
        assertThatThrownBy(() -> model.classifier(12).read(folder))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message)
                .hasMessageContaining("expected ")
                .hasMessageEndingWith(".");
    }

    // ---- out

    private static CNN network(Layer layer, int outputs) {
        return CNN.builder(Shape.of(1, 5, 4))
                .layers(new ReLULayer(), layer, new DenseSoftmaxLayer(outputs, 3))
                .quiet()
                .seed(1)
                .build();
    }

    /** Padding by rule and windows that are rounded up become padding on each side. */
    @Test
    void write_rules_becomePadding() throws IOException {
        Path file = folder.resolve("model.onnx");
        Layer[] layers = {
            MaxPoolingLayer.builder(2).stride(3).sameLowerPadding().build(),
            AveragePoolingLayer.builder(2).roundUp().build(),
            ConvolutionalLayer.builder(1, 1).filterSize(4).stride(3).build(),
            AveragePoolingLayer.builder(2).dilation(2).countPadding().build()
        };
        String[] again = {
            "<MaxPoolingLayer: 2, stride=3, padding=(0, 1, 0, 0)>",
            "<AveragePoolingLayer: 2, padding=(0, 0, 1, 0)>",
            "<ConvolutionalLayer: (1, 1, 4), stride=3, padding=(1, 1, 2, 2), momentum=0.0>",
            "<AveragePoolingLayer: 2, dilation=2, countPadding>"
        };
        int[] outputs = {4, 6, 4, 2};
        for (int i = 0; i < layers.length; i++) {
            CNN cnn = network(layers[i], outputs[i]);
            OnnxExport.of(cnn).float64().write(file);
            CNN imported = OnnxImport.read(file).build(CnnBuilder::quiet);
            assertThat(imported.layers().get(1)).hasToString(again[i]);
            double[] image = RandomNetworks.image(cnn, i);
            assertThat(imported.predict(image)).containsExactly(cnn.predict(image));
        }
        OnnxExport.write(network(new GlobalMaxPoolingLayer(), 1), file);
        assertThat(OnnxImport.read(file).build(CnnBuilder::quiet).layers().get(1))
                .isInstanceOf(GlobalMaxPoolingLayer.class);
    }

    @Test
    void write_countedPaddingRoundedUp_isRefused() {
        CNN cnn = network(
                AveragePoolingLayer.builder(2)
                        .padding(1)
                        .countPadding()
                        .roundUp()
                        .build(),
                9);
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> OnnxExport.write(cnn, folder.resolve("model.onnx")))
                .withMessage(
                        "OnnxExport: expected average pooling that rounds up or counts padding, got both at layers.1,"
                                + " which runtimes divide differently. Use one.");
    }
}
