package dev.purecnn.examples;

import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;

/** The networks that are measured, by the names that the README gives them. */
final class MeasuredNetworks {
    static final Shape INPUT = Shape.of(1, 28, 28);

    private MeasuredNetworks() {}

    static Layer[] layers(String name) {
        return switch (name) {
            case "S2" ->
                new Layer[] {
                    new ConvolutionalLayer(1, 3, 3),
                    new MaxPoolingLayer(2),
                    new ConvolutionalLayer(3, 3, 3),
                    new DenseSoftmaxLayer(3 * 14 * 14, 10)
                };
            case "S4" ->
                new Layer[] {
                    new ConvolutionalLayer(1, 16, 3),
                    new MaxPoolingLayer(2),
                    new ReLULayer(),
                    new ConvolutionalLayer(16, 32, 3),
                    new MaxPoolingLayer(2),
                    new ReLULayer(),
                    new DenseSoftmaxLayer(32 * 7 * 7, 10)
                };
            case "L5" ->
                new Layer[] {
                    new ConvolutionalLayer(1, 32, 3),
                    new ReLULayer(),
                    new ConvolutionalLayer(32, 64, 3),
                    new ReLULayer(),
                    new MaxPoolingLayer(2),
                    new DenseLayer(64 * 14 * 14, 128),
                    new ReLULayer(),
                    new DenseSoftmaxLayer(128, 10)
                };
            default -> throw new IllegalArgumentException("expected S2, S4 or L5, got " + name);
        };
    }
}
