package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.purecnn.internal.file.Disk;
import dev.purecnn.internal.file.Model;
import dev.purecnn.internal.file.ModelReader;
import dev.purecnn.internal.file.ModelWriter;
import dev.purecnn.internal.file.Tensor;
import dev.purecnn.internal.training.NetworkData;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model file may hold, and where it may come from. */
class SavedNumbersTest {
    @TempDir
    private Path folder;

    private final CNN cnn = TestNetworks.small(1).build();

    // ---- NaN and infinities

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void save_parameterNotFinite_isRefusedAndLeavesOldFile(double value) throws IOException {
        Path file = folder.resolve("model");
        cnn.save(file);
        byte[] before = Files.readAllBytes(file);
        cnn.parameters().get(2).values()[5] = value;
        assertThatIllegalStateException()
                .isThrownBy(() -> cnn.save(file))
                .withMessageStartingWith("CNN: expected finite parameters to save, got " + value
                        + " at index 5 of layers.3.weights (4 x 3 x 3 x 3), in layer 3, <ConvolutionalLayer: ")
                .withMessageEndingWith("Train again at a lower learning rate, or correct parameters().");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(CheckpointedTraining.names(folder)).containsExactly("model");
    }

    @Test
    void load_parameterNotFinite_isRefusedAtItsByte() throws IOException {
        Path file = folder.resolve("model");
        List<Tensor> tensors = NetworkData.tensors(cnn.layers());
        tensors.get(2).values()[5] = Double.NaN;
        Model model = ModelFuzzTest.model(TestNetworks.INPUT, NetworkData.describe(cnn.layers()));
        ModelWriter.write(file, model, tensors, () -> {}, Disk.real());
        long block = Files.size(file)
                - 8L
                        * cnn.parameters().stream()
                                .mapToInt(p -> p.values().length)
                                .sum();
        long before = cnn.parameters().get(0).values().length
                + cnn.parameters().get(1).values().length;
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> CNN.load(file))
                .withMessageContaining("expected finite numbers in layers.3.weights, got NaN at index 5.")
                .satisfies(e -> assertThat(e.position()).isEqualTo(block + 8 * (before + 5)));
    }

    // ---- streams and arrays

    @Test
    void load_streamAndArray_giveTheSameNetwork() throws IOException {
        Path file = folder.resolve("model");
        cnn.save(file);
        byte[] bytes = Files.readAllBytes(file);
        assertThat(CNN.load(bytes).fingerprint()).isEqualTo(cnn.fingerprint());
        boolean[] closed = {false};
        InputStream stream = new ByteArrayInputStream(bytes) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };
        assertThat(CNN.load(stream).fingerprint()).isEqualTo(cnn.fingerprint());
        assertThat(stream.read()).isEqualTo(-1);
        assertThat(closed[0]).isFalse();
        assertThat(CNN.loader()
                        .quiet()
                        .threads(1)
                        .load(new ByteArrayInputStream(bytes))
                        .fingerprint())
                .isEqualTo(cnn.fingerprint());
    }

    @Test
    void load_checkpointFromArray_resumes() throws IOException {
        TrainingOptions.Builder options = TrainingOptions.builder().threads(1).optimizer(Optimizer.adam());
        cnn.train(TestNetworks.images(20, 1), null, options.checkpoints(folder).build());
        CNN loaded = CNN.loader().quiet().load(Files.readAllBytes(CheckpointedTraining.checkpoint(folder, 1)));
        TrainingOptions more = TrainingOptions.builder()
                .threads(1)
                .optimizer(Optimizer.adam())
                .epochs(2)
                .build();
        loaded.resume(TestNetworks.images(20, 1), null, more);
        CNN whole = TestNetworks.small(1).build();
        whole.train(TestNetworks.images(20, 1), null, more);
        assertThat(loaded.fingerprint()).isEqualTo(whole.fingerprint());
    }

    @Test
    void load_damagedArray_saysWhereWithoutFile() {
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> CNN.load(new byte[3]))
                .withMessageStartingWith("model, byte 0: expected a model file, got no model file: it starts with ")
                .satisfies(e -> assertThat(e.file()).isNull());
    }

    // ---- files that are none

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "89504e470d0a1a0a0000000d49484452 | the bytes 89 50 4e 47 0d 0a 1a 0a (a PNG picture)",
                "ffd8ffe000104a464946000101000001 | the bytes ff d8 ff e0 00 10 4a 46 (a JPEG picture)",
                "504b030414000000080000002100aabb | the bytes 50 4b 03 04 14 00 00 00 (a zip archive, as PyTorch and Keras write them)",
                "1f8b08000000000000030000000000000000 | the bytes 1f 8b 08 00 00 00 00 00 (gzip: unpack it first)",
                "894844460d0a1a0a0000000000080800 | the bytes 89 48 44 46 0d 0a 1a 0a (HDF5, as older versions of Keras write it)",
                "80027d7100285808000000636f6e7631 | the bytes 80 02 7d 71 00 28 58 08 (a Python pickle, as older versions of PyTorch write it)",
                "08071207707974 6f7263681a05312e33 | the bytes 08 07 12 07 70 79 74 6f (protobuf, as ONNX files are)",
                "934e554d50590100760 07b2764657363 | the bytes 93 4e 55 4d 50 59 01 00 (a NumPy array)",
                "3c21444f435459504520 68746d6c3e0a | \"<!DOCTYPE html> \" (HTML: a web page instead of the file)",
                "3c68746d6c3e3c686561643e0a746974 | \"<html><head> tit\" (HTML: a web page instead of the file)",
                "6c6162656c2c706978656c302c706978 | \"label,pixel0,pix\" (text)",
                "0102030405060708090a0b0c0d0e0f10 | the bytes 01 02 03 04 05 06 07 08,",
            })
    void load_otherFile_saysWhatItLooksLike(String hex, String shown) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        byte[] longer = Arrays.copyOf(bytes, 400);
        String expected = shown.endsWith(",") ? shown.substring(0, shown.length() - 1) + "." : shown + ".";
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> CNN.load(longer))
                .withMessage("model, byte 0: expected a model file, got no model file: it starts with " + expected
                        + " Load a file that CNN.save wrote.");
    }

    @Test
    void load_emptyFile_saysSo() {
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> CNN.load(new byte[0]))
                .withMessageContaining("got no model file: it is empty.");
    }

    // ---- names of classes, and what made the images

    @Test
    void model_namesAndPreprocessing_comeBack() throws IOException {
        Path file = folder.resolve("model");
        cnn.save(file);
        List<String> names = List.of("cat", "d\u00f6g \"x\"\n", "\ud83d\ude00", " ");
        Map<String, String> preprocessing = Map.of("resize", "CENTER_CROP", "scaling", "0x1.0p-8, 3");
        Model model = ModelFuzzTest.model(TestNetworks.INPUT, NetworkData.describe(cnn.layers()));
        Model named = new Model(
                model.input(),
                model.layers(),
                0.5,
                1,
                -9,
                3,
                7,
                1,
                names,
                preprocessing,
                Map.of("note", "of a training"));
        ModelWriter.write(file, named, NetworkData.tensors(cnn.layers()), () -> {}, Disk.real());
        try (ModelReader reader = ModelReader.open(file)) {
            assertThat(reader.model()).usingRecursiveComparison().isEqualTo(named);
        }
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(text).contains("\"purecnn\":\"3\"").contains("\"preprocessing.resize\":\"CENTER_CROP\"");
        Files.writeString(file, text.replace("CENTER_CROP", "CENTRE_CROP"), StandardCharsets.ISO_8859_1);
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> CNN.load(file))
                .withMessageContaining("expected metadata of this description_sha256, got others");
    }

    // ---- messages that a file can write

    @Test
    void load_typeWithEscapes_isQuoted() throws IOException {
        Path file = folder.resolve("model");
        for (String type : List.of("\u001b[31mred\r\nINFO all is well\u202e", "x".repeat(100_000))) {
            Model model = ModelFuzzTest.model(TestNetworks.INPUT, List.of(Map.of("type", type)));
            ModelWriter.write(file, model, NetworkData.tensors(cnn.layers()), () -> {}, Disk.real());
            assertThatExceptionOfType(ModelFormatException.class)
                    .isThrownBy(() -> CNN.load(file))
                    .satisfies(e -> {
                        for (Throwable thrown = e; thrown != null; thrown = thrown.getCause()) {
                            assertThat(thrown.getMessage())
                                    .hasSizeLessThan(1_000)
                                    .doesNotContain("\u001b", "\n", "\r", "\u202e");
                        }
                    })
                    .withMessageContaining(
                            type.startsWith("x") ? "xxx... (100000 characters)" : "\\u001b[31mred\\u000d\\u000aINFO");
        }
    }
}
