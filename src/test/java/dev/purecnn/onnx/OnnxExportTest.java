package dev.purecnn.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.CNN;
import dev.purecnn.CnnBuilder;
import dev.purecnn.data.PixelScaling;
import dev.purecnn.data.Preprocessing;
import dev.purecnn.data.Resize;
import dev.purecnn.internal.file.BinaryInput;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerDescription;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That other tools agree is shown by the profile interop; that the import agrees, by its test. */
class OnnxExportTest {
    @TempDir
    Path folder;

    private static CNN network(Layer... layers) {
        return CNN.builder(Shape.of(1, 2, 3)).layers(layers).seed(5).quiet().build();
    }

    @Test
    void write_float32_keepsThatMuch() throws IOException {
        CNN cnn = RandomNetworks.network(7);
        Path file = folder.resolve("float32.onnx");
        OnnxExport.write(cnn, file);
        CNN again = OnnxImport.read(file).build(CnnBuilder::quiet);
        double[] image = RandomNetworks.image(cnn, 7);
        assertThat(again.predict(image)).containsExactly(cnn.predict(image), within(1e-6));
        for (int i = 0; i < cnn.parameters().size(); i++) {
            double[] values = cnn.parameters().get(i).values();
            for (int j = 0; j < values.length; j++) {
                assertThat(again.parameters().get(i).values()[j]).isEqualTo((float) values[j]);
            }
        }
    }

    @Test
    void write_sameNetwork_givesSameBytes() throws IOException {
        Path one = folder.resolve("one.onnx");
        Path other = folder.resolve("other.onnx");
        OnnxExport.write(RandomNetworks.network(3), one);
        OnnxExport.write(RandomNetworks.network(4), other);
        OnnxExport.write(RandomNetworks.network(3), other); // in place of the file that was there
        assertThat(other).hasSameBinaryContentAs(one);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(one, other);
        }
    }

    @Test
    void write_pixels_areDividedFirst() throws IOException {
        Path file = folder.resolve("pixels.onnx");
        OnnxExport.of(network(new ReLULayer(), new DenseSoftmaxLayer(6, 2)))
                .pixels()
                .write(file);
        try (BinaryInput input = BinaryInput.open(file, "a model")) {
            OnnxModel model = OnnxModel.read(input);
            assertThat(model.inputs.get("images").type()).isEqualTo(Onnx.UINT8);
            assertThat(model.inputs.get("images").sizes()).containsExactly(-1, 1, 2, 3);
            assertThat(model.nodes)
                    .extracting(OnnxNode::operator)
                    .containsExactly("Cast", "Div", "Relu", "Flatten", "Gemm", "Softmax", "Identity");
            assertThat(model.tensors.get("pixels.brightest").value(0)).isEqualTo(255);
            assertThat(model.outputs).containsOnlyKeys("probabilities");
            assertThat(model.opset).isEqualTo(17);
        }
    }

    @Test
    void write_namesAndPreprocessing_comeBack() throws IOException {
        Preprocessing preprocessing = Preprocessing.builder(Shape.of(1, 2, 3))
                .resize(Resize.FIT)
                .scaling(PixelScaling.standardized(new double[] {0.25}, new double[] {0.5}))
                .build();
        CNN cnn = CNN.builder(Shape.of(1, 2, 3))
                .layers(new DenseSoftmaxLayer(6, 2))
                .classNames(List.of("cat", "d\u00f6g"))
                .preprocessing(preprocessing)
                .seed(5)
                .quiet()
                .build();
        Path file = folder.resolve("names.onnx");
        OnnxExport.write(cnn, file);
        CNN again = OnnxImport.read(file).build(CnnBuilder::quiet);
        assertThat(again.classNames()).containsExactly("cat", "d\u00f6g");
        assertThat(again.preprocessing()).contains(preprocessing);
        OnnxExport.of(cnn).float64().pixels().write(file);
        try (BinaryInput input = BinaryInput.open(file, "a model")) {
            OnnxModel model = OnnxModel.read(input);
            assertThat(model.nodes).extracting(OnnxNode::operator).startsWith("Cast", "Div", "Mul", "Add", "Flatten");
            assertThat(model.tensors.get("pixels.factors").values()).containsExactly(2);
            assertThat(model.tensors.get("pixels.summands").values()).containsExactly(-0.5);
        }
    }

    @Test
    void write_unknownLayer_isRefused() {
        CNN cnn = network(new OwnLayer(), new DenseSoftmaxLayer(6, 2));
        Path file = folder.resolve("own.onnx");
        assertThatThrownBy(() -> OnnxExport.write(cnn, file))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("OnnxExport: expected layers of this library, got OwnLayer at layers.0, which ONNX has no"
                        + " operator for. Use other layers.");
        assertThat(file).doesNotExist();
    }

    @Test
    void write_valueBeyondFloat32_isRefused() throws IOException {
        CNN cnn = network(new DenseSoftmaxLayer(6, 2));
        cnn.parameters().get(1).values()[1] = 1e39;
        Path file = folder.resolve("large.onnx");
        assertThatIllegalStateException()
                .isThrownBy(() -> OnnxExport.write(cnn, file))
                .withMessageContaining("in layers.0.biases for float32, got 1.0E39. Export in float64.");
        OnnxExport.of(cnn).float64().write(file);
        assertThat(OnnxImport.read(file).build(CnnBuilder::quiet).fingerprint()).isEqualTo(cnn.fingerprint());
    }

    private static final class OwnLayer implements Layer {
        @Override
        public Shape connect(Shape input, RandomGenerator random) {
            return input;
        }

        @Override
        public double[] forward(double[] images) {
            return images;
        }

        @Override
        public double[] backprop(double[] lossGradient) {
            return lossGradient;
        }

        @Override
        public LayerDescription description() {
            return LayerDescription.of("OwnLayer");
        }

        @Override
        public Layer replica() {
            return new OwnLayer();
        }
    }
}
