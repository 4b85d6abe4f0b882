package dev.purecnn.checks;

import dev.purecnn.examples.NotebookNetworks;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.GlobalAveragePoolingLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.ResidualLayer;
import dev.purecnn.layer.Shape;
import java.util.List;

/** The networks that checks and benchmarks measure, by their names in the tables: the notebook's four, a large one, and a
 * residual one for images of 3 x 32 x 32 with batch norm. */
public final class MeasuredNetworks {
    /** The shape of the images of all but R8. */
    public static final Shape INPUT = Shape.of(1, 28, 28);

    private MeasuredNetworks() {}

    /**
     * The shape of a network's images.
     *
     * @param name S1, S2, S3, S4, L5 or R8
     * @return the shape
     */
    public static Shape input(String name) {
        return name.equals("R8") ? Shape.of(3, 32, 32) : INPUT;
    }

    /**
     * New layers of a network.
     *
     * @param name S1, S2, S3, S4, L5 or R8
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
            case "R8" ->
                new Layer[] {
                    convolution(3, 16, 3, 1),
                    new BatchNormLayer(16),
                    new ReLULayer(),
                    block(16, 16, List.of()),
                    new ReLULayer(),
                    block(16, 32, List.of(convolution(16, 32, 1, 2), new BatchNormLayer(32))),
                    new ReLULayer(),
                    block(32, 64, List.of(convolution(32, 64, 1, 2), new BatchNormLayer(64))),
                    new ReLULayer(),
                    new GlobalAveragePoolingLayer(),
                    new DenseSoftmaxLayer(64, 10)
                };
            default -> throw new IllegalArgumentException("expected S1, S2, S3, S4, L5 or R8, got " + name);
        };
    }

    private static Layer block(int channels, int filters, List<Layer> shortcut) {
        return new ResidualLayer(
                List.of(
                        convolution(channels, filters, 3, shortcut.isEmpty() ? 1 : 2),
                        new BatchNormLayer(filters),
                        new ReLULayer(),
                        convolution(filters, filters, 3, 1),
                        new BatchNormLayer(filters)),
                shortcut);
    }

    private static Layer convolution(int channels, int filters, int size, int stride) {
        return ConvolutionalLayer.builder(channels, filters)
                .filterSize(size)
                .stride(stride)
                .padding(size / 2)
                .bias(false)
                .build();
    }
}
