package dev.purecnn;

import static dev.purecnn.Bits.assertSameBits;
import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.images;
import static dev.purecnn.TestNetworks.step;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.AveragePoolingLayer;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ClipLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.DropoutLayer;
import dev.purecnn.layer.GELULayer;
import dev.purecnn.layer.GlobalAveragePoolingLayer;
import dev.purecnn.layer.GlobalMaxPoolingLayer;
import dev.purecnn.layer.GroupNormLayer;
import dev.purecnn.layer.HardSigmoidLayer;
import dev.purecnn.layer.HardSwishLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.LayerDescription;
import dev.purecnn.layer.LayerNormLayer;
import dev.purecnn.layer.LayerRegistry;
import dev.purecnn.layer.LeakyReLULayer;
import dev.purecnn.layer.LocalResponseNormLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.PReLULayer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.layer.SELULayer;
import dev.purecnn.layer.ScaleShiftLayer;
import dev.purecnn.layer.SiLULayer;
import dev.purecnn.layer.SigmoidLayer;
import dev.purecnn.layer.SoftmaxLayer;
import dev.purecnn.layer.SoftplusLayer;
import dev.purecnn.layer.TanhLayer;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModelFileTest {
    private static final Dataset IMAGES = images(60, 1);

    @TempDir
    private Path folder;

    /** Every layer, and layers within layers, for images of 1 x 8 x 6. */
    static Stream<List<Layer>> networks() {
        return Stream.of(
                List.of(
                        ConvolutionalLayer.builder(1, 4)
                                .filterSize(3, 2)
                                .stride(2)
                                .padding(1)
                                .momentum(0.25)
                                .build(),
                        new LeakyReLULayer(0.0123456789),
                        ConvolutionalLayer.builder(4, 6).groups(2).dilation(2).build(),
                        new GELULayer(),
                        new BatchNormLayer(6),
                        new GlobalAveragePoolingLayer(),
                        new BatchNormLayer(6, 0.75),
                        new GlobalMaxPoolingLayer(),
                        new DenseSoftmaxLayer(6, CLASSES)),
                List.of(
                        new ConvolutionalLayer(1, 3, 3),
                        new PReLULayer(3),
                        new ScaleShiftLayer(new double[] {1, 0.1, 3}, new double[] {-2, 1 / 3.0, 0}),
                        new LocalResponseNormLayer(3),
                        new GroupNormLayer(3, 1),
                        GroupNormLayer.instance(3),
                        new LayerNormLayer(3 * 8 * 6, 1e-3),
                        new PReLULayer(),
                        new SELULayer(),
                        new SiLULayer(),
                        new HardSwishLayer(),
                        new HardSigmoidLayer(0.2, 0.5),
                        new ClipLayer(0.1, Double.POSITIVE_INFINITY),
                        ClipLayer.relu6(),
                        new SoftplusLayer(),
                        GELULayer.exact(),
                        new ConvolutionalLayer(3, CLASSES, 1),
                        new GlobalAveragePoolingLayer(),
                        new SoftmaxLayer()),
                List.of(
                        new ConvolutionalLayer(1, 3, 3, 0.9),
                        new MaxPoolingLayer(2),
                        new ReLULayer(),
                        new AveragePoolingLayer(2, 1),
                        new DenseLayer(18, 5),
                        new TanhLayer(),
                        new DenseLayer(5, 7),
                        new SigmoidLayer(),
                        new DropoutLayer(0.3),
                        new DenseSoftmaxLayer(7, CLASSES)),
                List.of(
                        new ResidualLayer(
                                new ConvolutionalLayer(1, 1, 3),
                                new DropoutLayer(0.5),
                                new ResidualLayer(new ConvolutionalLayer(1, 1, 5), new TanhLayer()),
                                new LayerChain(new ConvolutionalLayer(1, 2, 3), new ConvolutionalLayer(2, 1, 1))),
                        new MaxPoolingLayer(3, 2),
                        new LayerChain(new ReLULayer(), new DenseSoftmaxLayer(6, CLASSES))),
                List.of(
                        ConvolutionalLayer.builder(1, 2)
                                .filterSize(2, 4)
                                .stride(1, 2)
                                .dilation(2, 1)
                                .padding(2, 1, 0, 3)
                                .build(),
                        MaxPoolingLayer.builder(2, 3)
                                .stride(2, 1)
                                .padding(1, 0, 0, 1)
                                .dilation(1, 2)
                                .roundUp()
                                .build(),
                        ConvolutionalLayer.builder(2, 3)
                                .filterSize(2)
                                .sameLowerPadding()
                                .build(),
                        AveragePoolingLayer.builder(2)
                                .stride(1)
                                .sameUpperPadding()
                                .countPadding()
                                .build(),
                        new GlobalMaxPoolingLayer(),
                        new DenseSoftmaxLayer(3, CLASSES)));
    }

    private CNN network(List<Layer> layers) {
        return withLayers(layers.toArray(new Layer[0]))
                .learningRate(0.03)
                .learningRateDecay(0.7)
                .seed(-5_000_000_000L)
                .threads(2)
                .build();
    }

    private CNN saved(CNN cnn) throws IOException {
        Path file = folder.resolve("model.safetensors");
        cnn.save(file);
        assertThat(names()).containsExactly("model.safetensors");
        return CNN.load(file);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void train(CNN cnn) {
        cnn.train(
                IMAGES, null, TrainingOptions.builder().epochs(2).batchSize(16).build());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void load_savedNetwork_hasTheSameBits(List<Layer> layers) throws IOException {
        CNN cnn = network(layers);
        train(cnn);
        CNN loaded = saved(cnn);
        assertThat(loaded.fingerprint()).isEqualTo(cnn.fingerprint());
        assertThat(loaded.seed()).isEqualTo(cnn.seed());
        assertThat(loaded).hasToString(cnn.toString());
        assertThat(loaded.summary()).isEqualTo(cnn.summary());
        assertSameBits(loaded.predictAll(IMAGES), cnn.predictAll(IMAGES));
        List<Double> momenta =
                cnn.parameters().stream().map(Parameter::momentum).toList();
        assertThat(loaded.parameters()).extracting(Parameter::momentum).isEqualTo(momenta);
        byte[] first = Files.readAllBytes(folder.resolve("model.safetensors"));
        saved(loaded);
        assertThat(Files.readAllBytes(folder.resolve("model.safetensors"))).isEqualTo(first);
    }

    /** Without momentum nothing is left out: order of images, learning rate and what is dropped go on as they would have. */
    @Test
    void train_afterLoad_goesOnAsIfNeverSaved() throws IOException {
        CNN cnn = network(List.of(
                new DropoutLayer(0.2),
                new ResidualLayer(new ConvolutionalLayer(1, 1, 3), new DropoutLayer(0.4)),
                new DenseSoftmaxLayer(48, CLASSES)));
        train(cnn);
        step(cnn, IMAGES, 0, 5);
        CNN loaded = saved(cnn);
        train(cnn);
        train(loaded);
        assertThat(loaded.fingerprint()).isEqualTo(cnn.fingerprint());
    }

    @Test
    void save_extremeNumbers_keepTheirBits() throws IOException {
        CNN cnn = withLayers(new LeakyReLULayer(Double.MIN_VALUE), new DenseSoftmaxLayer(48, CLASSES))
                .learningRate(Double.MAX_VALUE)
                .learningRateDecay(Math.nextDown(1.0))
                .seed(Long.MIN_VALUE)
                .build();
        double[] values = cnn.parameters().get(0).values();
        double[] extremes = {
            -0.0,
            Double.MIN_VALUE,
            -Double.MIN_NORMAL,
            Math.nextDown(Double.MIN_NORMAL),
            -Double.MAX_VALUE,
            Double.MAX_VALUE
        };
        System.arraycopy(extremes, 0, values, 0, extremes.length);
        CNN loaded = saved(cnn);
        assertThat(loaded.fingerprint()).isEqualTo(cnn.fingerprint());
        assertThat(loaded).hasToString(cnn.toString());
        assertThat(loaded.seed()).isEqualTo(Long.MIN_VALUE);
    }

    /** The format taken apart by other means: no JSON reader, the numbers at the places that the header names. */
    @Test
    void save_file_isSafetensors() throws Exception {
        CNN cnn = TestNetworks.small(3).build();
        saved(cnn);
        byte[] bytes = Files.readAllBytes(folder.resolve("model.safetensors"));
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int start = Math.toIntExact(8 + buffer.getLong(0));
        assertThat(start % 8).isZero();
        String header = new String(bytes, 8, start - 8, StandardCharsets.UTF_8);
        assertThat(header).startsWith("{\"__metadata__\":{\"purecnn\":\"3\",\"input\":\"[1,8,6]\",");
        Matcher tensor = Pattern.compile("\"(layers\\.\\d\\.\\w+)\":\\{\"dtype\":\"F64\",\"shape\":\\[([\\d,]+)],"
                        + "\"data_offsets\":\\[(\\d+),(\\d+)]}")
                .matcher(header);
        int end = 0;
        List<String> names = List.of(
                "layers.0.weights",
                "layers.0.biases",
                "layers.3.weights",
                "layers.3.biases",
                "layers.4.weights",
                "layers.4.biases");
        List<String> sizes = List.of("3,1,3,3", "3", "4,3,3,3", "4", "4,48", "4");
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        SortedSet<String> digests = new TreeSet<>();
        for (int i = 0; i < names.size(); i++) {
            assertThat(tensor.find()).isTrue();
            Parameter parameter = cnn.parameters().get(i);
            assertThat(tensor.group(1)).isEqualTo(names.get(i));
            assertThat(tensor.group(2)).isEqualTo(sizes.get(i));
            assertThat(Integer.parseInt(tensor.group(3))).isEqualTo(end);
            for (double value : parameter.values()) {
                assertThat(buffer.getLong(start + end)).isEqualTo(Double.doubleToRawLongBits(value));
                end += 8;
            }
            assertThat(Integer.parseInt(tensor.group(4))).isEqualTo(end);
            sha256.update(bytes, start + end - 8 * parameter.values().length, 8 * parameter.values().length);
            digests.add(names.get(i) + " " + HexFormat.of().formatHex(sha256.digest()) + "\n");
        }
        assertThat(tensor.find()).isFalse();
        assertThat(bytes.length).isEqualTo(start + end);
        sha256.update(String.join("", digests).getBytes(StandardCharsets.US_ASCII));
        assertThat(header).contains("\"sha256\":\"" + HexFormat.of().formatHex(sha256.digest()) + "\"");
    }

    /** Written by hand: the format's page for the frame, Python's struct and hashlib for numbers and digests. */
    private static byte[] golden() {
        String header = "{\"__metadata__\":{\"purecnn\":\"3\",\"input\":\"[1,1,2]\",\"layers\":"
                + "\"[{\\\"type\\\":\\\"DenseSoftmaxLayer\\\",\\\"inputs\\\":2,\\\"classes\\\":2}]\","
                + "\"learning_rate\":\"0.01\",\"learning_rate_decay\":\"0.9\",\"seed\":\"-7\",\"epochs_trained\":\"3\","
                + "\"steps_trained\":\"120\",\"description_sha256\":"
                + "\"03aa998ae79516dcd4f50c75aff9afe570ec8c57e62391921150a4f35353f3ac\",\"sha256\":"
                + "\"065610fd4dd7843c72fe4827477cb6c5f3276ee3d3f6ebb2b907762c53a7aa3f\"},"
                + "\"layers.0.weights\":{\"dtype\":\"F64\",\"shape\":[2,2],\"data_offsets\":[0,32]},"
                + "\"layers.0.biases\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[32,48]}}   ";
        String hex = "1802000000000000"
                + HexFormat.of().formatHex(header.getBytes(StandardCharsets.US_ASCII))
                + "000000000000e03f000000000000f4bf000000000000084059f3f8c21f6ea501" // 0.5, -1.25, 3, 1e-300
                + "000000000000c03f0000000000000080"; // 0.125, -0
        return HexFormat.of().parseHex(hex);
    }

    @Test
    void load_goldenFile_hasItsNumbersAndIsSavedAlike() throws IOException {
        Path file = Files.write(folder.resolve("golden"), golden());
        CNN cnn = CNN.load(file);
        assertThat(cnn).hasToString("<CNN: lr=0.01, lr_decay=0.9,\nlayers=(\n  <DenseSoftmaxLayer: (2, 2)>\n)>");
        assertThat(cnn.seed()).isEqualTo(-7);
        assertSameBits(cnn.parameters().get(0).values(), new double[] {0.5, -1.25, 3.0, 1e-300});
        assertSameBits(cnn.parameters().get(1).values(), new double[] {0.125, -0.0});
        cnn.save(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(golden());
    }

    /** Multiplies by a number. It describes itself; the network that has it can be loaded by who knows it. */
    private static final class ScalingLayer extends PassingLayer {
        private final double factor;

        ScalingLayer(double factor) {
            this.factor = factor;
        }

        @Override
        public double[] forward(double[] images) {
            double[] scaled = images.clone();
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] *= factor;
            }
            return scaled;
        }

        @Override
        public LayerDescription description() {
            return LayerDescription.of("Scaling \u00fc\ud83d\ude00\"").with("factor", factor);
        }
    }

    @Test
    void load_registeredLayer_isMade() throws IOException {
        CNN cnn = network(List.of(new ScalingLayer(0.5), new DenseSoftmaxLayer(48, CLASSES)));
        Path file = folder.resolve("own.safetensors");
        cnn.save(file);
        LayerRegistry registry = LayerRegistry.builtIn()
                .with("Scaling \u00fc\ud83d\ude00\"", description -> new ScalingLayer(description.number("factor")));
        CNN loaded = CNN.load(file, registry);
        assertSameBits(loaded.predictAll(IMAGES), cnn.predictAll(IMAGES));
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> CNN.load(file))
                .withMessageContaining("expected a known type of layer")
                .withMessageContaining("LayerRegistry.with")
                .satisfies(e -> assertThat(e.file()).isEqualTo(file));
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> CNN.load(
                        file,
                        LayerRegistry.builtIn()
                                .with("Scaling \u00fc\ud83d\ude00\"", description -> new ScalingLayer(7))))
                .withMessageContaining("expected the options of");
    }

    @Test
    void registry_knownType_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LayerRegistry.builtIn().with("ReLULayer", description -> new ReLULayer()))
                .withMessageContaining("got ReLULayer");
    }

    @Test
    void save_layerWithoutDescription_isRefused() throws IOException {
        CNN cnn = withLayers(new PassingLayer(), new DenseSoftmaxLayer(48, CLASSES))
                .build();
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> cnn.save(folder.resolve("model")))
                .withMessageContaining("Override description()");
        assertThat(names()).isEmpty();
    }

    @Test
    void save_moreThanFileTakes_isRefused() throws IOException {
        Layer[] layers = Stream.concat(
                        Stream.generate(ReLULayer::new).limit(1000), Stream.of(new DenseSoftmaxLayer(48, CLASSES)))
                .toArray(Layer[]::new);
        CNN cnn = withLayers(layers).build();
        assertThatIllegalStateException()
                .isThrownBy(() -> cnn.save(folder.resolve("model")))
                .withMessageContaining("at most 1000 layers");
        assertThat(names()).isEmpty();
    }

    @Test
    void save_fromListener_betweenEpochs() throws IOException {
        Path file = folder.resolve("model");
        CNN[] cnn = new CNN[1];
        cnn[0] = CNN.builder(TestNetworks.INPUT)
                .layers(new DenseSoftmaxLayer(48, CLASSES))
                .seed(1)
                .listener(new dev.purecnn.training.TrainingListener() {
                    @Override
                    public void epochEnded(dev.purecnn.training.EpochResult result) {
                        try {
                            cnn[0].save(file);
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    }
                })
                .build();
        train(cnn[0]);
        assertThat(CNN.load(file).fingerprint()).isEqualTo(cnn[0].fingerprint());
    }

    @Test
    void save_whileAnotherThreadTrains_isRefused() throws IOException {
        Path file = folder.resolve("model");
        CNN[] cnn = new CNN[1];
        Dataset images = new ForwardingDataset(IMAGES) {
            @Override
            public void copyImage(int index, double[] target, int offset) {
                assertThatIllegalStateException().isThrownBy(() -> cnn[0].save(file));
                super.copyImage(index, target, offset);
            }
        };
        cnn[0] = network(List.of(new DenseSoftmaxLayer(48, CLASSES)));
        cnn[0].train(images, null, TrainingOptions.builder().threads(1).build());
        assertThat(names()).isEmpty();
    }

    @Test
    void loadAndSave_wrongPlaces_sayWhatIsThere() throws IOException {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> CNN.load(folder.resolve("none")))
                .withMessageContaining("expected a model file, got nothing");
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> CNN.load(folder))
                .withMessageContaining("got a directory");
        CNN cnn = network(List.of(new DenseSoftmaxLayer(48, CLASSES)));
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> cnn.save(folder.resolve("none").resolve("model")))
                .withMessageContaining("expected an existing directory");
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> cnn.save(folder))
                .withMessageContaining("got a directory");
    }
}
