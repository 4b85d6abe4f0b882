package dev.purecnn.examples;

import dev.purecnn.CNN;
import dev.purecnn.data.Dataset;
import dev.purecnn.data.MnistCsv;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Path;

/** The README's first network. */
public final class FirstNetwork {
    private FirstNetwork() {}

    /**
     * Trains the network.
     *
     * @param arguments none
     * @throws IOException if the data cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Dataset train = MnistCsv.load(Path.of("data/mnist_train.csv.gz"));
        Dataset test = MnistCsv.load(Path.of("data/mnist_test.csv.gz"));
        CNN cnn = CNN.builder(Shape.of(1, 28, 28))
                .layers(new ConvolutionalLayer(1, 8, 3), new MaxPoolingLayer(2), new DenseSoftmaxLayer(8 * 14 * 14, 10))
                .seed(42)
                .build();
        cnn.trainTestCycle(1, 3, train, test);
        System.out.println("The first test image shows a " + cnn.classify(test.image(0)));
        System.out.println(cnn.fingerprint());
    }
}
