package dev.purecnn.onnx;

import static dev.purecnn.Bits.assertSameBits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.purecnn.CNN;
import dev.purecnn.ModelFormatException;
import dev.purecnn.examples.PyTorchWeights;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.GlobalAveragePoolingLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsTest {
    private static final Path PYTORCH = Path.of("src/test/resources/dev/purecnn/onnx/pytorch.safetensors");

    /** PyTorch's, in float64, of the images below: see pytorch.py beside the file. */
    private static final double[][] PROBABILITIES = {
        {0.29998996787142235, 0.31052866382788186, 0.3894813683006959},
        {0.300806247593872, 0.3106192703589897, 0.38857448204713835},
        {0.30088617922945354, 0.31082577113559606, 0.38828804963495056}
    };

    @TempDir
    Path folder;

    private static double[] image(int number) {
        int size = PyTorchWeights.INPUT.size();
        double[] image = new double[size];
        for (int i = 0; i < size; i++) {
            image[i] = (number * size + i) * 37 % 101 / 100.0 - 0.3;
        }
        return image;
    }

    private static void assertPredictsAsPyTorch(CNN cnn) {
        for (int i = 0; i < PROBABILITIES.length; i++) {
            assertThat(cnn.predict(image(i))).containsExactly(PROBABILITIES[i], within(1e-12));
        }
    }

    @Test
    void map_stateDict_predictsAsPyTorch() throws IOException {
        assertPredictsAsPyTorch(PyTorchWeights.network(PYTORCH));
    }

    @Test
    void into_stateDictBySizes_predictsAsPyTorch() throws IOException {
        CNN cnn = PyTorchWeights.network(PYTORCH);
        cnn.parameters().forEach(parameter -> java.util.Arrays.fill(parameter.values(), 0.5));
        Weights.read(PYTORCH).into(cnn);
        assertPredictsAsPyTorch(cnn);
    }

    @Test
    void read_stateDict_namesAndSizes() throws IOException {
        Weights weights = Weights.read(PYTORCH);
        assertThat(weights.names())
                .hasSize(13)
                .contains("conv1.weight", "norm.running_var", "norm.num_batches_tracked");
        assertThat(weights.sizes("conv2.weight")).containsExactly(6, 2, 3, 5);
        assertThat(weights.get("norm.running_mean")).hasSize(4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> weights.get("norm.num_batches_tracked"))
                .withMessageContaining("expected F64, F32, F16 or BF16 numbers in norm.num_batches_tracked");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> weights.get("conv3.weight"))
                .withMessageContaining("got conv3.weight. There are: fc.weight, ")
                .withMessageContaining(" and 3 more");
    }

    @ParameterizedTest
    @CsvSource({
        "F16, 0, 0.0",
        "F16, 8000, -0.0",
        "F16, 3c00, 1.0",
        "F16, c248, -3.140625",
        "F16, 0001, 5.9604644775390625e-8",
        "F16, 03ff, 6.097555160522461e-5",
        "F16, 0400, 6.103515625e-5",
        "F16, 7bff, 65504.0",
        "F16, fc00, -Infinity",
        "BF16, 3f80, 1.0",
        "BF16, c049, -3.140625",
        "BF16, 0001, 9.183549615799121e-41",
        "BF16, 7f80, Infinity"
    })
    void get_shortNumbers_exactly(String type, String bits, double value) throws IOException {
        int number = Integer.parseInt(bits, 16);
        byte[] bytes = {(byte) number, (byte) (number >> 8)};
        Path file = new SafetensorsFile().with("x", type, bytes).write(folder.resolve("short"));
        assertThat(Weights.read(file).sizes("x")).isEmpty();
        assertSameBits(Weights.read(file).get("x"), new double[] {value});
    }

    @Test
    void read_twoFiles_holdsBoth() throws IOException {
        Path first = new SafetensorsFile().with("a", i -> i, 2, 3).write(folder.resolve("first"));
        Path second = new SafetensorsFile().with("b", i -> -i, 0).write(folder.resolve("second"));
        Weights weights = Weights.read(first, second);
        assertThat(weights.names()).containsExactly("a", "b");
        assertThat(weights.get("a")).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(weights.get("b")).isEmpty();
        assertThatThrownBy(() -> Weights.read(first, first))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("expected each name in one file only, got a a second time");
    }

    @Test
    void read_noFile_isRefused() {
        assertThatThrownBy(() -> Weights.read(folder.resolve("none"))).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> Weights.read(folder))
                .hasMessageContaining("expected a safetensors file, got a directory");
        assertThatIllegalArgumentException().isThrownBy(Weights::read);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'x':{'dtype':'F64','shape':[2],'data_offsets':[0,8]}} | expected 16 bytes for F64 numbers of [2], got 8 bytes",
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[8,16]}} | expected a tensor from byte 0 of the block, got 8",
                "{'x':{'dtype':'F32','shape':[4],'data_offsets':[0,16]},'y':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}}"
                        + " | expected a tensor from byte 16 of the block, got 0",
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | expected 8 bytes of numbers after the header, got 16",
                "{'x':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | expected sizes of at least 0, got -2",
                "{'x':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,16]}} | expected sizes that fit a file",
                "{'x':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | expected data_offsets from 0 on, in order",
                "{'x':{'dtype':'F32','shape':[2]}} | expected dtype, shape and data_offsets",
                "{'x':1} | expected an object, got '1'",
            })
    void read_malformedHeader_isRefused(String header, String message) throws IOException {
        Path file = folder.resolve("malformed");
        Files.write(file, SafetensorsFile.bytes(header.replace('\'', '"'), new byte[16]));
        assertThatThrownBy(() -> Weights.read(file))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(message)
                .hasMessageEndingWith(".");
    }

    /** What a converter for Keras writes: filters as rows, columns, channels, filters; images flattened with channels last. */
    @Test
    void keras_orderOfAxes_isTurned() throws IOException {
        ConvolutionalLayer conv =
                ConvolutionalLayer.builder(2, 3).filterSize(3, 1).padding(0).build();
        ConvolutionalLayer depthwise =
                ConvolutionalLayer.builder(3, 6).groups(3).build();
        DenseSoftmaxLayer dense = new DenseSoftmaxLayer(6 * 2 * 5, 4);
        CNN cnn = network(Shape.of(2, 4, 5), conv, depthwise, dense);
        Path file = new SafetensorsFile()
                .with("conv2d/kernel:0", i -> i, 3, 1, 2, 3)
                .with("conv2d/bias:0", i -> i, 3)
                .with("depthwise_conv2d/depthwise_kernel:0", i -> i, 3, 3, 3, 2)
                .with("depthwise_conv2d/bias:0", i -> i, 6)
                .with("dense/kernel:0", i -> i, 60, 4)
                .with("dense/bias:0", i -> i, 4)
                .write(folder.resolve("keras"));
        Weights.read(file).keras().into(cnn);
        // filter 2, channel 1, row 2: in Keras's order (2, 0, 1, 2)
        assertThat(value(conv, (2 * 2 + 1) * 3 + 2)).isEqualTo(((2 * 1 + 0) * 2 + 1) * 3 + 2);
        // filter 5 is the second of channel 2: at row 1, column 2, (1, 2, 2, 1)
        assertThat(value(depthwise, 5 * 9 + 1 * 3 + 2)).isEqualTo(((1 * 3 + 2) * 3 + 2) * 2 + 1);
        // output 3, channel 4, row 1, column 2: flattened as (1, 2, 4)
        assertThat(value(dense, 3 * 60 + 4 * 10 + 1 * 5 + 2)).isEqualTo(((1 * 5 + 2) * 6 + 4) * 4 + 3);
    }

    @Test
    void into_manyAlike_goesByNumbers() throws IOException {
        Layer[] layers = new Layer[12];
        SafetensorsFile file = new SafetensorsFile();
        for (int i = 11; i > 0; i--) {
            int number = i;
            layers[i - 1] = i < 11 ? new DenseLayer(3, 3) : new ReLULayer();
            if (i < 11) {
                file.with(i + ".weight", j -> number, 3, 3).with(i + ".bias", j -> -number, 3);
            }
        }
        layers[11] = new DenseSoftmaxLayer(3, 2);
        file.with("11.weight", j -> 0.5, 2, 3).with("11.bias", j -> 0.25, 2);
        CNN cnn = network(Shape.vector(3), layers);
        Weights.read(file.write(folder.resolve("alike"))).into(cnn);
        for (int i = 1; i < 11; i++) {
            assertThat(value(layers[i - 1], 5)).isEqualTo(i);
        }
    }

    @Test
    void into_namesThatDoNotTell_isRefused() throws IOException {
        CNN cnn = network(Shape.vector(3), new DenseLayer(3, 3), new DenseLayer(3, 3), new DenseSoftmaxLayer(3, 2));
        Path file = new SafetensorsFile()
                .with("query.weight", i -> 1, 3, 3)
                .with("query.bias", i -> 1, 3)
                .with("key.weight", i -> 2, 3, 3)
                .with("key.bias", i -> 2, 3)
                .with("head.weight", i -> 3, 2, 3)
                .with("head.bias", i -> 3, 2)
                .write(folder.resolve("names"));
        assertNothingChanges(cnn, () -> Weights.read(file).into(cnn))
                .hasMessageContaining("names differ in their numbers alone, got key, query. Map each by name.");
    }

    @Test
    void into_otherSizes_namesBothSides() throws IOException {
        CNN cnn = network(Shape.vector(3), new DenseLayer(3, 4), new DenseSoftmaxLayer(4, 2));
        Path file = new SafetensorsFile()
                .with("0.weight", i -> 1, 4, 3)
                .with("0.bias", i -> 1, 4)
                .with("2.weight", i -> 1, 2, 5)
                .with("2.bias", i -> 1, 2)
                .write(folder.resolve("sizes"));
        assertNothingChanges(cnn, () -> Weights.read(file).into(cnn))
                .hasMessageContaining(
                        "expected 1 module with the sizes of weights (2 x 4) of layer 1, <DenseSoftmaxLayer")
                .hasMessageContaining("got none of 0, 2");
        Weights weights = Weights.read(file);
        assertNothingChanges(
                        cnn,
                        () -> weights.map("0", cnn.layers().get(0))
                                .map("2", cnn.layers().get(1))
                                .into(cnn))
                .hasMessageContaining("expected 2 x 4 values for weights (2 x 4) of layer 1")
                .hasMessageContaining("got 2.weight (2 x 5)");
    }

    @Test
    void map_faults_areNamed() throws IOException {
        DenseLayer dense = new DenseLayer(3, 4);
        BatchNormLayer norm = new BatchNormLayer(4);
        CNN cnn = network(Shape.vector(3), dense, norm, new ReLULayer(), new DenseSoftmaxLayer(4, 2));
        Path file = new SafetensorsFile()
                .with("a.weight", i -> 1, 4, 3)
                .with("a.bias", i -> 1, 4)
                .with("a.extra", i -> 1, 4)
                .with("b.weight", i -> 1, 4, 3)
                .with("c.weight", i -> 1, 4, 3)
                .with("c.bias", i -> i == 2 ? Double.NaN : 1, 4)
                .write(folder.resolve("faults"));
        Weights weights = Weights.read(file);
        assertNothingChanges(cnn, () -> weights.map("a", dense).into(cnn))
                .hasMessageContaining("expected only what <DenseLayer: (3, 4)> learns in a, got extra too");
        assertNothingChanges(cnn, () -> weights.map("b", dense).into(cnn))
                .hasMessageContaining(
                        "expected b.bias for biases (4) of layer 0, <DenseLayer: (3, 4)>, got only weight");
        assertNothingChanges(cnn, () -> weights.map("c", dense).keepOthers().into(cnn))
                .hasMessageContaining("expected finite values in c.bias (4), got NaN at place 2");
        assertNothingChanges(cnn, () -> weights.map("d", dense).into(cnn)).hasMessageContaining("got d. There are: ");
        assertNothingChanges(cnn, () -> weights.map("c", new DenseLayer(3, 4)).into(cnn))
                .hasMessageContaining("expected a layer of the network that learns something");
        assertNothingChanges(cnn, () -> weights.map("c", cnn.layers().get(2)).into(cnn))
                .hasMessageContaining("expected a layer of the network that learns something, got <ReLULayer> for c");
        assertNothingChanges(
                        cnn,
                        () -> weights.map("a.weight", dense)
                                .map("b.weight", dense)
                                .into(cnn))
                .hasMessageContaining("got a.weight (4 x 3) and b.weight (4 x 3)");
        assertNothingChanges(cnn, () -> weights.map("a.extra", dense).into(cnn))
                .hasMessageContaining(
                        "expected a parameter of <DenseLayer: (3, 4)>, one of [weights, biases], for a.extra");
        assertNothingChanges(
                        cnn,
                        () -> weights.map("a.weight", dense)
                                .map("a.bias", dense)
                                .into(cnn))
                .hasMessageContaining("expected values for scale (4) of layer 1")
                .hasMessageContaining("call keepOthers()");
    }

    @Test
    void map_oneTensor_goesWhereNamed() throws IOException {
        DenseLayer dense = new DenseLayer(3, 4);
        ConvolutionalLayer inner = new ConvolutionalLayer(2, 2, 3);
        CNN cnn = network(
                Shape.of(2, 5, 5),
                new ResidualLayer(inner),
                new GlobalAveragePoolingLayer(),
                new DenseLayer(2, 3),
                dense,
                new DenseSoftmaxLayer(4, 2));
        Path file = new SafetensorsFile()
                .with("dense", i -> i, 4, 3)
                .with("block.weight", i -> i, 2, 2, 3, 3)
                .write(folder.resolve("one"));
        Weights.read(file)
                .map("dense", dense, "weights")
                .map("block.weight", inner)
                .keepOthers()
                .into(cnn);
        assertThat(value(dense, 7)).isEqualTo(7);
        assertThat(value(inner, 20)).isEqualTo(20);
        assertThat(dense.parameters().get(1).values()).containsOnly(0);
    }

    private static CNN network(Shape input, Layer... layers) {
        return CNN.builder(input).layers(layers).seed(3).quiet().build();
    }

    private static double value(Layer layer, int index) {
        return layer.parameters().get(0).values()[index];
    }

    private interface Reading {
        void run() throws IOException;
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertNothingChanges(CNN cnn, Reading reading) {
        String before = cnn.fingerprint();
        var refusal = assertThatThrownBy(reading::run);
        assertThat(cnn.fingerprint()).isEqualTo(before);
        return refusal.isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("Weights: expected ");
    }
}
