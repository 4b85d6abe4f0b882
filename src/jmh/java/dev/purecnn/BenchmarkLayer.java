package dev.purecnn;

import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;

/** The layers that are measured: those of the networks S4 and L5, by their inputs. */
public enum BenchmarkLayer {
    CONVOLUTION_1_16_AT_28(() -> new ConvolutionalLayer(1, 16, 3), Shape.of(1, 28, 28)),
    CONVOLUTION_16_32_AT_14(() -> new ConvolutionalLayer(16, 32, 3), Shape.of(16, 14, 14)),
    CONVOLUTION_32_64_AT_28(() -> new ConvolutionalLayer(32, 64, 3), Shape.of(32, 28, 28)),
    POOLING_16_AT_28(() -> new MaxPoolingLayer(2), Shape.of(16, 28, 28)),
    POOLING_OVERLAPPING_16_AT_28(() -> new MaxPoolingLayer(3, 2), Shape.of(16, 28, 28)),
    RELU_16_AT_14(ReLULayer::new, Shape.of(16, 14, 14)),
    DENSE_12544_128(() -> new DenseLayer(12544, 128), Shape.of(64, 14, 14)),
    SOFTMAX_1568_10(() -> new DenseSoftmaxLayer(1568, 10), Shape.of(32, 7, 7));

    private static final int IMAGES = 4;

    private final Supplier<Layer> maker;
    private final Shape input;

    BenchmarkLayer(Supplier<Layer> maker, Shape input) {
        this.maker = maker;
        this.input = input;
    }

    Layer connect() {
        Layer layer = maker.get();
        layer.connect(input, new Random(3));
        return layer;
    }

    double[] images(int count) {
        return noise(count * input.size(), 4);
    }

    static double[] noise(int length, long seed) {
        return new Random(seed).doubles(length, -1.0, 1.0).toArray();
    }

    /** A hash of everything that a forward and a backward pass return. */
    String answer() {
        Layer layer = connect();
        double[] output = layer.forward(images(IMAGES));
        int hash = Arrays.hashCode(output);
        hash = 31 * hash + Arrays.hashCode(layer.backprop(noise(output.length, 5)));
        for (Parameter parameter : layer.parameters()) {
            hash = 31 * hash + Arrays.hashCode(parameter.gradient());
        }
        return Integer.toHexString(hash);
    }
}
