package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.internal.file.Disk;
import dev.purecnn.internal.file.ModelWriter;
import dev.purecnn.internal.file.Tensor;
import dev.purecnn.internal.training.NetworkData;
import dev.purecnn.layer.AveragePoolingLayer;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ClipLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.DropoutLayer;
import dev.purecnn.layer.ELULayer;
import dev.purecnn.layer.GELULayer;
import dev.purecnn.layer.GlobalAveragePoolingLayer;
import dev.purecnn.layer.GlobalMaxPoolingLayer;
import dev.purecnn.layer.GroupNormLayer;
import dev.purecnn.layer.HardSigmoidLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.LayerNormLayer;
import dev.purecnn.layer.LayerRegistry;
import dev.purecnn.layer.LeakyReLULayer;
import dev.purecnn.layer.LocalResponseNormLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.PReLULayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.layer.ScaleShiftLayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.layer.SigmoidLayer;
import dev.purecnn.layer.SoftmaxLayer;
import dev.purecnn.layer.TanhLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Model files with whole checksums and layers whose options are extreme, each alone and together: loading takes time and memory
 * by the length of the file, never by what an option says. {@code -Dpurecnn.seed} draws others, {@code -Dpurecnn.extremes} more.
 */
class LayerExtremesTest {
    private static final long SEED = Long.getLong("purecnn.seed", 20_261_127L);
    private static final int RUNS = Integer.getInteger("purecnn.extremes", 400);
    private static final int MOST_VALUES = 1 << 12;
    private static final int CLASSES = 3;

    private static final long[] WHOLE = {
        -1,
        0,
        1,
        2,
        3,
        4,
        7,
        31,
        97,
        997,
        7_919,
        16_000,
        65_536,
        1 << 20,
        1_999_999_999,
        2_000_000_000,
        Integer.MAX_VALUE,
        1L << 31,
        Long.MIN_VALUE,
        Long.MAX_VALUE
    };
    private static final List<Object> OTHERS = List.of(
            -0.0, 0.5, 1.0, 1e308, Double.MIN_VALUE, -1e-3, "same", "valid", "", "NaN", "\u001b[31m", List.of());

    @TempDir
    private Path folder;

    /** One of each type, as a file describes it. */
    private static final List<Map<String, Object>> TYPES = NetworkData.describe(List.<Layer>of(
            ConvolutionalLayer.builder(2, 4)
                    .filterSize(3, 2)
                    .padding(1)
                    .groups(2)
                    .momentum(0.5)
                    .build(),
            ConvolutionalLayer.builder(1, 1).filterSize(1, 2).padding(0).build(),
            new MaxPoolingLayer(2),
            new AveragePoolingLayer(2, 1),
            new BatchNormLayer(2),
            new DenseLayer(12, 3),
            new DenseSoftmaxLayer(12, CLASSES),
            new DropoutLayer(0.3),
            new LeakyReLULayer(0.1),
            new GELULayer(),
            new GroupNormLayer(2, 2),
            new LayerNormLayer(12),
            new LocalResponseNormLayer(5),
            new ScaleShiftLayer(new double[] {2}, new double[] {1}),
            GELULayer.exact(),
            new ClipLayer(0, 1),
            new ELULayer(),
            new HardSigmoidLayer(),
            new PReLULayer(2),
            new SoftmaxLayer(),
            new SigmoidLayer(),
            new TanhLayer(),
            new ReLULayer(),
            new GlobalAveragePoolingLayer(),
            new GlobalMaxPoolingLayer(),
            new LayerChain(new MaxPoolingLayer(2)),
            new ResidualLayer(ConvolutionalLayer.builder(2, 2).build())));

    @BeforeEach
    void warmUp() throws IOException {
        Path file = folder.resolve("small");
        TestNetworks.small(1).build().save(file);
        for (int i = 0; i < 3; i++) {
            CNN.load(file); // so that no class is loaded, and nothing linked, while we measure
        }
    }

    @Test
    void load_extremeOptions_takesTimeAndMemoryOfTheFile() throws IOException {
        System.out.println("LayerExtremesTest: " + RUNS + " runs; again with -Dpurecnn.seed=" + SEED);
        Refusals.forgetFigures();
        int refused = 0;
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(SEED * 1_000_003 + run);
            Shape input = input(random);
            List<Map<String, Object>> layers = layers(input, random);
            try {
                byte[] file = written(input, layers);
                refused += Refusals.isRefused(folder, file) ? 1 : 0;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + SEED + ", run " + run + ": " + input + ", " + layers, e);
            }
        }
        System.out.println("LayerExtremesTest: " + refused + " refused; of all, " + Refusals.figures());
        assertThat(refused).as("seed " + SEED + ": refused files").isBetween(RUNS / 10, RUNS - RUNS / 10);
    }

    private static Shape input(Random random) {
        int[] sizes = {1, 2, 3, 8, 997, 40_000};
        int channels = 1 + random.nextInt(2);
        int height = sizes[random.nextInt(sizes.length)];
        int width = random.nextInt(20) == 0 ? Integer.MAX_VALUE / channels / height : sizes[random.nextInt(5)];
        return Shape.of(channels, height, width);
    }

    private static List<Map<String, Object>> layers(Shape input, Random random) {
        List<Map<String, Object>> layers = new ArrayList<>();
        long channels = input.channels();
        if (random.nextBoolean()) {
            Map<String, Object> fitting = random.nextInt(3) == 0 ? pooling(input, random) : convolution(input, random);
            layers.add(fitting);
            channels = fitting.containsKey("filters") ? (long) fitting.get("filters") : channels;
        }
        if (layers.isEmpty() || random.nextInt(3) == 0) {
            layers.add(changed(TYPES.get(random.nextInt(TYPES.size())), random));
        }
        if (random.nextInt(8) > 0) {
            layers.add(Map.of("type", "GlobalAveragePoolingLayer"));
        }
        layers.add(layer("DenseSoftmaxLayer", "inputs", channels, "classes", (long) CLASSES));
        return layers;
    }

    /** One that fits the images, however far its options go. */
    private static Map<String, Object> convolution(Shape input, Random random) {
        long[] sizes = {1, 2, 3, 31, 997};
        long filterHeight = sizes[random.nextInt(3)];
        long filterWidth = sizes[random.nextInt(sizes.length)];
        long stride = positive(random);
        long dilation = random.nextBoolean() ? Math.max(1, stride - 1) : positive(random);
        long span = dilation * (Math.max(filterHeight, filterWidth) - 1);
        boolean depthwise = random.nextInt(4) == 0;
        Object padding = random.nextInt(4) == 0 ? "same" : Math.min(Integer.MAX_VALUE, random.nextInt(3) + span / 2);
        return layer(
                "ConvolutionalLayer",
                "channels",
                (long) input.channels(),
                "filters",
                (long) input.channels(),
                "filterHeight",
                filterHeight,
                "filterWidth",
                filterWidth,
                "stride",
                stride,
                "dilation",
                dilation,
                "padding",
                padding,
                "groups",
                depthwise ? (long) input.channels() : 1L,
                "momentum",
                0.0);
    }

    private static Map<String, Object> pooling(Shape input, Random random) {
        long[] sizes = {1, 2, 7, input.height(), input.width()};
        String type = random.nextBoolean() ? "MaxPoolingLayer" : "AveragePoolingLayer";
        return layer(type, "poolSize", sizes[random.nextInt(sizes.length)], "stride", positive(random));
    }

    private static long positive(Random random) {
        return Math.max(1, Math.min(Integer.MAX_VALUE, WHOLE[random.nextInt(WHOLE.length)]));
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

    private static Map<String, Object> changed(Map<String, Object> layer, Random random) {
        Map<String, Object> changed = new LinkedHashMap<>(layer);
        int share = 1 + random.nextInt(4);
        for (String option : layer.keySet()) {
            if (!option.equals("type") && random.nextInt(share) == 0) {
                changed.put(option, extreme(random));
            }
        }
        return changed;
    }

    private static Object extreme(Random random) {
        return random.nextInt(4) == 0 ? OTHERS.get(random.nextInt(OTHERS.size())) : WHOLE[random.nextInt(WHOLE.length)];
    }

    /** A file with the tensors that such layers have, if there are such layers, and few of them. */
    private byte[] written(Shape input, List<Map<String, Object>> layers) throws IOException {
        List<Tensor> tensors = List.of(new Tensor("layers.0.weights", new int[] {1, 1, 1}, new double[1]));
        try {
            Layer[] made = NetworkData.layers(ModelFuzzTest.model(input, layers), LayerRegistry.builtIn(), MOST_VALUES);
            tensors = NetworkData.tensors(Arrays.asList(made));
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("expected ");
        }
        Path file = folder.resolve("extreme");
        ModelWriter.write(file, ModelFuzzTest.model(input, layers), tensors, () -> {}, Disk.real());
        return Files.readAllBytes(file);
    }
}
