package dev.purecnn.onnx;

import dev.purecnn.CNN;
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
import dev.purecnn.layer.HardSwishLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.LayerNormLayer;
import dev.purecnn.layer.LeakyReLULayer;
import dev.purecnn.layer.LocalResponseNormLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.PReLULayer;
import dev.purecnn.layer.ParallelLayer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.layer.SELULayer;
import dev.purecnn.layer.ScaleShiftLayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.layer.SiLULayer;
import dev.purecnn.layer.SigmoidLayer;
import dev.purecnn.layer.SoftmaxLayer;
import dev.purecnn.layer.SoftplusLayer;
import dev.purecnn.layer.TanhLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Networks of all layers of the library, as their numbers say. ONNX knows attributes in float32 only: where ONNX Runtime has an operator in
 * float64, they have few digits in binary, so that results can be compared to 1e-12.
 */
public final class RandomNetworks {
    private static final int KINDS = 20;
    private static final int DEEPEST = 3;

    private final Random random;

    private RandomNetworks(long number) {
        random = new Random(number * 1_000_003);
        random.nextLong();
    }

    /** A network with weights and statistics that are all different; no two numbers give the same. */
    public static CNN network(long number) {
        return new RandomNetworks(number).network();
    }

    /** An image for the network. */
    public static double[] image(CNN cnn, long number) {
        return new Random(number).doubles(cnn.shapes().get(0).size(), -1, 1).toArray();
    }

    private CNN network() {
        Shape input = Shape.of(1 + random.nextInt(3), 4 + random.nextInt(9), 4 + random.nextInt(9));
        List<Layer> layers = new ArrayList<>();
        Shape end = add(layers, input, 1 + random.nextInt(8), 0, false);
        if (random.nextInt(4) > 0) {
            layers.add(new DenseSoftmaxLayer(end.size(), 2 + random.nextInt(4)));
        } else {
            layers.add(new ConvolutionalLayer(end.channels(), 2 + random.nextInt(4), 1));
            layers.add(new GlobalAveragePoolingLayer());
            layers.add(new SoftmaxLayer());
        }
        CNN cnn = CNN.builder(input)
                .layers(layers.toArray(new Layer[0]))
                .seed(random.nextLong())
                .quiet()
                .build();
        for (Parameter parameter : cnn.parameters()) {
            double[] values = parameter.values();
            for (int i = 0; i < values.length; i++) {
                values[i] += parameter.name().contains("ariance") ? random.nextDouble() : random.nextGaussian() * 0.1;
            }
        }
        return cnn;
    }

    private Shape add(List<Layer> layers, Shape input, int count, int depth, boolean sameShape) {
        Shape shape = input;
        for (int tries = 0; tries < 200 && count > layers.size(); tries++) {
            long seed = random.nextLong();
            Supplier<Layer> layer = maker(shape, seed, depth);
            try {
                Shape next = layer.get().connect(shape, new Random(1));
                if (!sameShape || next.equals(input)) {
                    layers.add(layer.get());
                    shape = next;
                }
            } catch (IllegalArgumentException e) {
                // does not fit here
            }
        }
        if (layers.isEmpty()) {
            layers.add(new TanhLayer());
        }
        return shape;
    }

    /** Makes equal layers at each call. */
    private Supplier<Layer> maker(Shape shape, long seed, int depth) {
        return () -> {
            Random draws = new Random(seed);
            return switch (draws.nextInt(KINDS)) {
                case 0 -> averagePooling(draws);
                case 1 -> batchNorm(shape, draws);
                case 2, 3 -> convolution(shape, draws);
                case 4 -> dense(shape.size(), draws.nextBoolean() ? shape.size() : 1 + draws.nextInt(9), draws);
                case 5 -> new DropoutLayer(0.5);
                case 6 -> new GELULayer();
                case 7 -> new GlobalAveragePoolingLayer();
                case 8 -> new LeakyReLULayer((1 + draws.nextInt(127)) / 128.0);
                case 9 -> maxPooling(draws);
                case 10 -> new ReLULayer();
                case 11 -> nested(shape, draws, depth);
                case 12 -> new SigmoidLayer();
                case 13 -> new ELULayer((1 + draws.nextInt(30)) / 10.0);
                case 14 -> new GlobalMaxPoolingLayer();
                case 15 -> new TanhLayer();
                case 16 -> norm(shape, draws);
                default -> newerActivation(shape, draws);
            };
        };
    }

    /**
     * The layer norm's epsilon is large since ONNX Runtime 1.19 takes a variance in one pass, as the mean of squares less the squared mean: of
     * three values near 1 with a standard deviation of 0.001 and the usual epsilon, float32 then leaves two digits (in two passes, seven).
     */
    private static Layer norm(Shape shape, Random draws) {
        int channels = shape.channels();
        double[] numbers =
                draws.doubles(draws.nextBoolean() ? 1 : channels, 0.5, 2).toArray();
        return switch (draws.nextInt(5)) {
            case 0 -> new GroupNormLayer(channels, channels % 2 == 0 ? 2 : 1, 1e-3);
            case 1 -> GroupNormLayer.instance(channels);
            case 2 -> new LayerNormLayer(Math.max(2, shape.size()), 0x1p-6);
            case 3 ->
                new LocalResponseNormLayer(1 + 2 * draws.nextInt(3), 0.25, 0.75, 1.5); // ONNX Runtime has only odd ones
            default -> new ScaleShiftLayer(numbers, new double[numbers.length]);
        };
    }

    private static Layer newerActivation(Shape shape, Random draws) {
        return switch (draws.nextInt(9)) {
            case 0 -> new ClipLayer(-draws.nextInt(3), 1 + draws.nextInt(6));
            case 1 -> new ClipLayer(-0.25, Double.POSITIVE_INFINITY);
            case 2 -> GELULayer.exact();
            case 3 -> draws.nextBoolean() ? new HardSigmoidLayer() : new HardSigmoidLayer(0.2, 0.5);
            case 4 -> new HardSwishLayer();
            case 5 -> draws.nextBoolean() ? new PReLULayer() : new PReLULayer(shape.channels());
            case 6 -> new SELULayer();
            case 7 -> new SiLULayer();
            default -> new SoftplusLayer();
        };
    }

    private static Layer batchNorm(Shape shape, Random draws) {
        return BatchNormLayer.builder(shape.channels())
                .momentum(draws.nextInt(10) / 10.0)
                .epsilon(draws.nextBoolean() ? 0x1p-17 : 0x1p-10)
                .build();
    }

    private static Layer dense(int inputs, int outputs, Random draws) {
        return DenseLayer.builder(inputs, outputs).bias(draws.nextInt(3) > 0).build();
    }

    private static Layer averagePooling(Random draws) {
        int height = 1 + draws.nextInt(3);
        int width = 1 + draws.nextInt(3);
        AveragePoolingLayer.Builder builder = AveragePoolingLayer.builder(height, width)
                .stride(1 + draws.nextInt(2), 1 + draws.nextInt(2))
                .dilation(1 + draws.nextInt(5) / 4, 1);
        switch (draws.nextInt(5)) {
            case 0 -> builder.samePadding();
            case 1 -> builder.sameUpperPadding();
            case 2 -> builder.sameLowerPadding();
            case 3 -> builder.padding(0, draws.nextInt(width), draws.nextInt(height), draws.nextInt(width));
            default -> {
                return builder.dilation(1).roundUp().build();
            }
        }
        return (draws.nextBoolean() ? builder : builder.countPadding()).build();
    }

    /** ONNX Runtime has no padding of a whole window and more. */
    private static Layer maxPooling(Random draws) {
        int height = 1 + draws.nextInt(3);
        int width = 1 + draws.nextInt(3);
        MaxPoolingLayer.Builder builder = MaxPoolingLayer.builder(height, width)
                .stride(1 + draws.nextInt(2), 1 + draws.nextInt(2))
                .dilation(1 + draws.nextInt(2), 1 + draws.nextInt(2));
        switch (draws.nextInt(5)) {
            case 0 -> builder.samePadding();
            case 1 -> builder.sameUpperPadding();
            case 2 -> builder.sameLowerPadding();
            case 3 -> builder.padding(0, draws.nextInt(width), draws.nextInt(height), draws.nextInt(width));
            default -> builder.dilation(1).roundUp();
        }
        return builder.build();
    }

    private static Layer convolution(Shape shape, Random draws) {
        int groups = shape.channels() % 2 == 0 && draws.nextBoolean() ? 2 : 1;
        var builder = ConvolutionalLayer.builder(
                        shape.channels(), draws.nextBoolean() ? shape.channels() : groups * (1 + draws.nextInt(4)))
                .groups(groups)
                .bias(draws.nextInt(3) > 0)
                .filterSize(1 + draws.nextInt(3), 1 + draws.nextInt(3))
                .stride(1 + draws.nextInt(2), 1 + draws.nextInt(2))
                .dilation(1 + draws.nextInt(2), 1 + draws.nextInt(2));
        switch (draws.nextInt(6)) {
            case 0 -> builder.sameUpperPadding();
            case 1 -> builder.sameLowerPadding();
            case 2 -> builder.padding(draws.nextInt(3));
            case 3 -> builder.padding(draws.nextInt(3), draws.nextInt(3), draws.nextInt(3), draws.nextInt(3));
            default -> builder.samePadding();
        }
        return builder.build();
    }

    private Layer nested(Shape shape, Random draws, int depth) {
        if (depth == DEEPEST) {
            return new ReLULayer();
        }
        RandomNetworks inside = new RandomNetworks(draws.nextLong());
        List<Layer> first = inside.branch(shape, draws, depth);
        List<Layer> second = inside.branch(shape, draws, depth);
        List<Layer> third = inside.branch(shape, draws, depth);
        return switch (draws.nextInt(6)) {
            case 0 -> new LayerChain(inside.branch(shape, draws, depth).toArray(new Layer[0]));
            case 1 -> new ResidualLayer(first, draws.nextBoolean() ? List.of() : second);
            case 2 -> ParallelLayer.sum(first, second, third);
            case 3 -> ParallelLayer.concatenation(List.of(), second, third);
            case 4 -> ParallelLayer.product(first, second, List.of());
            default ->
                ParallelLayer.product(
                        List.of(),
                        List.of(
                                new GlobalAveragePoolingLayer(),
                                new DenseLayer(shape.channels(), shape.channels()),
                                new SigmoidLayer()));
        };
    }

    private List<Layer> branch(Shape shape, Random draws, int depth) {
        List<Layer> layers = new ArrayList<>();
        add(layers, shape, 1 + draws.nextInt(4), depth + 1, true);
        return layers;
    }
}
