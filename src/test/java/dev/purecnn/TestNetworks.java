package dev.purecnn;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import java.util.Random;

/** Small networks, and generated images that they can learn. */
public final class TestNetworks {
    public static final Shape INPUT = Shape.of(1, 8, 6);
    public static final int CLASSES = 4;

    private TestNetworks() {}

    /** A builder with two convolutions, pooling and a rectifier; some 300 parameters. */
    public static CnnBuilder small(long seed) {
        return withLayers(
                        new ConvolutionalLayer(1, 3, 3),
                        new MaxPoolingLayer(2),
                        new ReLULayer(),
                        ConvolutionalLayer.builder(3, 4)
                                .padding(1)
                                .momentum(0.5)
                                .build(),
                        new DenseSoftmaxLayer(4 * 4 * 3, CLASSES))
                .seed(seed);
    }

    /** A quiet builder for the generated images. */
    public static CnnBuilder withLayers(Layer... layers) {
        return CNN.builder(INPUT).layers(layers).seed(1).quiet();
    }

    /** Images with a bright quarter, whose number is the label, and noise everywhere. */
    public static Dataset images(int count, long seed) {
        Random random = new Random(seed);
        double[][] images = new double[count][INPUT.size()];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = random.nextInt(CLASSES);
            for (int row = 0; row < INPUT.height(); row++) {
                for (int col = 0; col < INPUT.width(); col++) {
                    int quarter = row / (INPUT.height() / 2) * 2 + col / (INPUT.width() / 2);
                    images[i][row * INPUT.width() + col] =
                            random.nextDouble() * 0.8 + (quarter == labels[i] ? 0.3 : 0.0);
                }
            }
        }
        return Dataset.of(images, labels, INPUT, CLASSES);
    }

    /** Images {@code from} to {@code from + count - 1}, back to back. */
    public static double[] batch(Dataset images, int from, int count) {
        double[] batch = new double[count * images.shape().size()];
        for (int i = 0; i < count; i++) {
            images.copyImage(from + i, batch, i * images.shape().size());
        }
        return batch;
    }

    /** Their labels. */
    public static int[] labels(Dataset images, int from, int count) {
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = images.label(from + i);
        }
        return labels;
    }

    /** One step on images {@code from} to {@code from + count - 1}. */
    public static double step(CNN cnn, Dataset images, int from, int count) {
        return cnn.trainOnBatch(batch(images, from, count), labels(images, from, count));
    }
}
