package dev.purecnn.checks;

import dev.purecnn.examples.NotebookNetworks;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;

/** The networks that checks and benchmarks measure, by their names in the tables: the notebook's four, and a large one. */
public final class MeasuredNetworks {
    /** The shape of their images. */
    public static final Shape INPUT = Shape.of(1, 28, 28);

    private MeasuredNetworks() {}

    /**
     * New layers of a network.
     *
     * @param name S1, S2, S3, S4 or L5
     * @return the layers, in order
     */
    public static Layer[] layers(String name) {
        return switch (name) {
            case "S1" -> NotebookNetworks.EIGHT_DENSE.layers();
            case "S2" -> NotebookNetworks.THREE_POOL_THREE_DENSE.layers();
            case "S3" -> NotebookNetworks.EIGHT_FOUR_DENSE.layers();
            case "S4" -> NotebookNetworks.NETWORK_7.layers();
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
            default -> throw new IllegalArgumentException("expected S1, S2, S3, S4 or L5, got " + name);
        };
    }
}
