package dev.purecnn;

import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.small;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.purecnn.internal.file.Disk;
import dev.purecnn.internal.file.ModelWriter;
import dev.purecnn.internal.file.Tensor;
import dev.purecnn.internal.training.NetworkData;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.GlobalAveragePoolingLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Model files made to take more memory or time than they are worth. */
class HostileModelTest {
    private static final List<Tensor> TENSORS =
            NetworkData.tensors(small(1).build().layers());

    @TempDir
    private Path folder;

    private Path original;

    @BeforeEach
    void saveOriginal() throws IOException {
        original = folder.resolve("original");
        small(1).build().save(original);
        for (int i = 0; i < 3; i++) {
            CNN.load(original); // so that no class is loaded, and nothing linked, while we measure
        }
    }

    private byte[] written(Shape input, List<Map<String, Object>> layers, List<Tensor> tensors) throws IOException {
        Path file = folder.resolve("liar");
        ModelWriter.write(file, ModelFuzzTest.model(input, layers), tensors, () -> {}, Disk.real());
        return Files.readAllBytes(file);
    }

    /** Headers as long as may be, of what takes most memory a byte. */
    @Test
    void load_hostileHeaders_takeLittleMemory() throws IOException {
        StringBuilder tensors = new StringBuilder("{");
        for (int i = 0; i < 1400; i++) {
            tensors.append(i == 0 ? "" : ",").append("\"").append(i).append("\":{\"shape\":[1,1,1],\"dtype\":\"F64\",");
            tensors.append("\"data_offsets\":[")
                    .append(8 * i)
                    .append(",")
                    .append(8 * i + 8)
                    .append("]}");
        }
        StringBuilder names = new StringBuilder("{\"__metadata__\":{");
        for (int i = 0; i < 9000; i++) {
            names.append(i == 0 ? "" : ",").append("\"").append(i).append("\":\"\"");
        }
        String escapes = "{\"__metadata__\":{\"layers\":\"" + "\\u00e9".repeat(21_000) + "\"}}";
        for (String header :
                List.of(tensors + "}", names + "}}", escapes, "[".repeat(130_000), "{\"a\":".repeat(25_000))) {
            assertThat(header.length()).isLessThan(1 << 17);
            assertThat(Refusals.isRefused(
                            folder, ModelFuzzTest.file(header.getBytes(StandardCharsets.UTF_8), new byte[0])))
                    .isTrue();
        }
    }

    @Test
    void load_manyLayers_takeLittleMemory() throws IOException {
        List<Map<String, Object>> layers = Collections.nCopies(999, Map.of("type", "ReLULayer"));
        assertThat(Refusals.isRefused(folder, written(TestNetworks.INPUT, layers, TENSORS)))
                .isTrue();
    }

    /** The sizes ask for gigabytes; the file has a few numbers. */
    @Test
    void load_hugeLayers_areNotMade() throws IOException {
        Map<String, Object> dense = layer("DenseLayer", "inputs", 48L, "outputs", 40_000_000L);
        Map<String, Object> end = layer("DenseSoftmaxLayer", "inputs", 1L << 30, "classes", 1L);
        for (Map<String, Object> layer : List.of(dense, end, convolution(1 << 28, 1 << 28))) {
            byte[] bytes = written(TestNetworks.INPUT, List.of(layer), TENSORS);
            assertThat(Refusals.isRefused(folder, bytes)).as("%s", layer).isTrue();
        }
    }

    /** A type, and names of options before their values. */
    private static Map<String, Object> layer(String type, Object... options) {
        Map<String, Object> layer = new LinkedHashMap<>();
        layer.put("type", type);
        for (int i = 0; i < options.length; i += 2) {
            layer.put((String) options[i], options[i + 1]);
        }
        return layer;
    }

    private static Map<String, Object> convolution(long filterHeight, long padding) {
        Map<String, Object> layer = layer(
                "ConvolutionalLayer", "channels", 1L, "filters", 2L, "filterHeight", filterHeight, "filterWidth", 1L);
        layer.putAll(Map.of("stride", 1L, "dilation", 1L, "padding", padding, "groups", 1L, "momentum", 0.0));
        return layer;
    }

    /** Few parameters, all there, and outputs of gigabytes: they take their memory when they are asked for, and no sooner. */
    @Test
    void load_hugePlanes_takeNoMemory() throws IOException {
        Map<String, Object> pooling = layer("GlobalAveragePoolingLayer");
        Map<String, Object> end = layer("DenseSoftmaxLayer", "inputs", 2L, "classes", (long) CLASSES);
        for (int padding : new int[] {10_000, 1 << 28}) {
            List<Map<String, Object>> layers = List.of(convolution(1, padding), pooling, end);
            List<Tensor> tensors = List.of(
                    new Tensor("layers.0.weights", new int[] {2, 1, 1, 1}, new double[2]),
                    new Tensor("layers.0.biases", new int[] {2}, new double[2]),
                    new Tensor("layers.2.weights", new int[] {CLASSES, 2}, new double[2 * CLASSES]),
                    new Tensor("layers.2.biases", new int[] {CLASSES}, new double[CLASSES]));
            boolean fitsArray = padding == 10_000;
            assertThat(Refusals.isRefused(folder, written(TestNetworks.INPUT, layers, tensors)))
                    .as("padding %d", padding)
                    .isEqualTo(!fitsArray);
        }
    }

    @Test
    void load_hugeImages_takeNoMemory() throws IOException {
        List<Map<String, Object>> layers =
                List.of(layer("GlobalAveragePoolingLayer"), layer("DenseSoftmaxLayer", "inputs", 1L, "classes", (long)
                        CLASSES));
        List<Tensor> tensors = List.of(
                new Tensor("layers.1.weights", new int[] {CLASSES, 1}, new double[CLASSES]),
                new Tensor("layers.1.biases", new int[] {CLASSES}, new double[CLASSES]));
        assertThat(Refusals.isRefused(folder, written(Shape.of(1, 40_000, 40_000), layers, tensors)))
                .isFalse();
    }

    /** A table of all taps for each of that many phases would take hours. */
    @Test
    void load_hugeFilterWithHugeStride_takesNoTime() throws IOException {
        Path file = folder.resolve("filter");
        Layer convolution = ConvolutionalLayer.builder(1, 1)
                .filterSize(300)
                .stride(300)
                .padding(300)
                .build();
        withLayers(convolution, new GlobalAveragePoolingLayer(), new DenseSoftmaxLayer(1, CLASSES))
                .build()
                .save(file);
        assertThat(Refusals.isRefused(folder, Files.readAllBytes(file))).isFalse();
    }

    /** Four megabytes of weights: they are read into their arrays, and nothing else takes as much. */
    @Test
    void load_largeModel_takesItsOwnLengthAndLittleMore() throws IOException {
        Path file = folder.resolve("large");
        withLayers(new DenseLayer(48, 10_000), new DenseSoftmaxLayer(10_000, CLASSES))
                .build()
                .save(file);
        assertThat(Files.size(file)).isGreaterThan(4_000_000);
        assertThat(Refusals.isRefused(folder, Files.readAllBytes(file))).isFalse();
    }

    @Test
    void load_changedNumber_saysWhere() throws IOException {
        byte[] changed = Files.readAllBytes(original);
        changed[changed.length - 1] ^= 1;
        Path file = Files.write(folder.resolve("changed"), changed);
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> CNN.load(file))
                .withMessageContaining("expected numbers of this sha256, got others")
                .withMessageContaining("fetch it again");
    }
}
