package dev.purecnn;

import static dev.purecnn.TestNetworks.CLASSES;
import static dev.purecnn.TestNetworks.withLayers;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.internal.file.Disk;
import dev.purecnn.internal.file.Model;
import dev.purecnn.internal.file.ModelWriter;
import dev.purecnn.internal.file.Tensor;
import dev.purecnn.internal.training.NetworkData;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.DropoutLayer;
import dev.purecnn.layer.GlobalAveragePoolingLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Model files with faults: each is refused as documented, at once, in little memory. {@code -Dpurecnn.seed} draws other
 * faults, {@code -Dpurecnn.fuzz.runs} more of them.
 */
class ModelFuzzTest {
    static final long SEED = Long.getLong("purecnn.seed", 20_250_602L);
    static final int RUNS = Integer.getInteger("purecnn.fuzz.runs", 2_000);

    private static final Pattern TOKEN = Pattern.compile("\"(\\\\.|[^\"\\\\])*\"|-?[0-9][0-9.eE+-]*|[{}\\[\\],:]");
    private static final List<String> TOKENS = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "0",
            "1",
            "-1",
            "8",
            "01",
            "1.5",
            "1e400",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "true",
            "null",
            "\"\"",
            "\"F32\"",
            "\"\\ud800\"",
            "\"\\u0000\"",
            "\"layers\"",
            "\"sha256\"",
            "\"__metadata__\"",
            " ",
            "\uFEFF",
            "\0",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[");
    static final long[] SIZES = {-1, 0, 1, 2, 3, 4, 5, 6, 8, 48, 100, Integer.MAX_VALUE, Long.MAX_VALUE};

    @TempDir
    Path folder;

    CNN cnn;
    private byte[] original;

    @BeforeEach
    void saveOriginal() throws IOException {
        cnn = withLayers(
                        new ConvolutionalLayer(1, 2, 3, 0.5),
                        new ResidualLayer(new ConvolutionalLayer(2, 2, 3), new DropoutLayer(0.25)),
                        new MaxPoolingLayer(2),
                        new GlobalAveragePoolingLayer(),
                        new DenseSoftmaxLayer(2, CLASSES))
                .build();
        Path file = folder.resolve("original");
        save(file);
        original = Files.readAllBytes(file);
        for (int i = 0; i < 3; i++) {
            CNN.load(file); // so that no class is loaded, and nothing linked, while we measure
        }
    }

    /** Saves the network, in one way or another. */
    void save(Path file) throws IOException {
        cnn.save(file);
    }

    @Test
    void load_everyPrefix_isRefused() throws IOException {
        for (int length = 0; length < original.length; length++) {
            assertThat(Refusals.isRefused(folder, Arrays.copyOf(original, length)))
                    .as("length %d", length)
                    .isTrue();
        }
    }

    @Test
    void load_mutants_areRefusedAsDocumented() throws IOException {
        System.out.println(getClass().getSimpleName() + ": " + RUNS + " runs; again with -Dpurecnn.seed=" + SEED);
        Refusals.forgetFigures();
        int refused = 0;
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(SEED * 1_000_003 + run);
            boolean liar = run % 4 == 3;
            byte[] mutant = liar ? liar(random) : mutant(random);
            try {
                refused += Refusals.isRefused(folder, mutant) ? 1 : 0;
            } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("seed " + SEED + ", run " + run + ": " + readable(mutant), e);
            }
        }
        System.out.println(getClass().getSimpleName() + ": " + refused + " refused; of all, " + Refusals.figures());
        assertThat(refused).as("seed " + SEED + ": refused files").isBetween(RUNS / 2, RUNS - RUNS / 100);
    }

    private static String readable(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private byte[] mutant(Random random) {
        byte[] mutant = original;
        for (int faults = 1 + random.nextInt(2); faults > 0; faults--) {
            int start = random.nextInt(mutant.length + 1);
            int end = Math.min(mutant.length, start + random.nextInt(12));
            mutant = switch (random.nextInt(7)) {
                case 0 -> spliced(mutant, start, end, new byte[0]);
                case 1 -> spliced(mutant, end, end, Arrays.copyOfRange(mutant, start, end));
                case 2 -> Arrays.copyOf(mutant, start);
                case 3 -> spliced(mutant, 0, Math.min(8, mutant.length), length(random));
                case 4 ->
                    spliced(mutant, start, Math.min(mutant.length, start + 1), new byte[] {(byte) random.nextInt()});
                default -> withToken(mutant, random);
            };
        }
        return mutant;
    }

    private byte[] length(Random random) {
        long length = random.nextBoolean() ? SIZES[random.nextInt(SIZES.length)] : random.nextInt(2 * original.length);
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, length)
                .array();
    }

    /** Another token, or none, or two, somewhere in the header, whose length is put right. */
    private byte[] withToken(byte[] bytes, Random random) {
        if (bytes.length < 8) {
            return bytes;
        }
        long length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        int end = (int) Math.max(8, Math.min(bytes.length, 8 + Math.max(0, Math.min(length, bytes.length))));
        String header = new String(bytes, 8, end - 8, StandardCharsets.ISO_8859_1);
        List<int[]> tokens = new ArrayList<>();
        for (Matcher matcher = TOKEN.matcher(header); matcher.find(); ) {
            tokens.add(new int[] {matcher.start(), matcher.end()});
        }
        if (tokens.isEmpty()) {
            return bytes;
        }
        int[] token = tokens.get(random.nextInt(tokens.size()));
        int[] other = tokens.get(random.nextInt(tokens.size()));
        String replacement =
                random.nextBoolean() ? TOKENS.get(random.nextInt(TOKENS.size())) : header.substring(other[0], other[1]);
        String kept = random.nextInt(4) == 0 ? header.substring(token[0], token[1]) : "";
        String changed = header.substring(0, token[0]) + kept + replacement + header.substring(token[1]);
        return file(changed.getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(bytes, end, bytes.length));
    }

    static byte[] file(byte[] header, byte[] block) {
        return ByteBuffer.allocate(8 + header.length + block.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .put(block)
                .array();
    }

    private static byte[] spliced(byte[] bytes, int start, int end, byte[] replacement) {
        byte[] result = new byte[bytes.length - (end - start) + replacement.length];
        System.arraycopy(bytes, 0, result, 0, start);
        System.arraycopy(replacement, 0, result, start, replacement.length);
        System.arraycopy(bytes, end, result, start + replacement.length, bytes.length - end);
        return result;
    }

    /** A file whose checksums are right, of a network that does not fit together, or not with the numbers. */
    byte[] liar(Random random) throws IOException {
        Shape input = TestNetworks.INPUT;
        List<Map<String, Object>> layers = new ArrayList<>(NetworkData.describe(cnn.layers()));
        List<Tensor> tensors = new ArrayList<>(NetworkData.tensors(cnn.layers()));
        int chosen = random.nextInt(layers.size());
        switch (random.nextInt(7)) {
            case 0 -> input = Shape.of(1 + random.nextInt(2), 1 + random.nextInt(20), 1 + random.nextInt(20));
            case 1 -> layers.remove(chosen);
            case 2 -> Collections.swap(layers, chosen, random.nextInt(layers.size()));
            case 3 -> Collections.shuffle(tensors, random);
            case 4 -> tensors.remove(random.nextInt(tensors.size()));
            default -> layers.set(chosen, changed(layers.get(chosen), random));
        }
        return written(input, layers, tensors);
    }

    private byte[] written(Shape input, List<Map<String, Object>> layers, List<Tensor> tensors) throws IOException {
        Model model = model(input, layers);
        Path file = folder.resolve("liar");
        write(file, model, tensors);
        return Files.readAllBytes(file);
    }

    static Model model(Shape input, List<Map<String, Object>> layers) {
        int[] dimensions = NetworkData.dimensions(input);
        return new Model(dimensions, layers, 0.01, 0.9, 1, 0, 0, 0, List.of(), Map.of(), Map.of());
    }

    /** Writes the file that {@link #save} would write of such a network. */
    void write(Path file, Model model, List<Tensor> tensors) throws IOException {
        ModelWriter.write(file, model, tensors, () -> {}, Disk.real());
    }

    private static Map<String, Object> changed(Map<String, Object> layer, Random random) {
        Map<String, Object> changed = new LinkedHashMap<>(layer);
        if (random.nextInt(10) == 0) {
            changed.put("type", "DenseLayer");
        }
        if (layer.size() > 1) {
            String option = new ArrayList<>(layer.keySet()).get(1 + random.nextInt(layer.size() - 1));
            switch (random.nextInt(5)) {
                case 0 -> changed.remove(option);
                case 1 -> changed.put(option, "same");
                case 2 -> changed.put(option, random.nextGaussian());
                default -> changed.put(option, SIZES[random.nextInt(SIZES.length)]);
            }
        }
        if (random.nextInt(10) == 0) {
            changed.put("extra", 1L);
        }
        return changed;
    }
}
