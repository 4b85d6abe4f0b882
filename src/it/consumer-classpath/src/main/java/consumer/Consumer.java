package consumer;

import dev.purecnn.CNN;
import dev.purecnn.data.Dataset;
import dev.purecnn.data.MnistCsv;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a CSV file, trains ten steps and predicts, with the library and its dependencies on the class path. */
public final class Consumer {
    private Consumer() {}

    public static void main(String[] args) throws IOException {
        Shape shape = Shape.of(1, 8, 8);
        Dataset images = stripes(shape, 10);
        CNN cnn = CNN.builder(shape)
                .layers(
                        new ConvolutionalLayer(1, 4, 3),
                        new ReLULayer(),
                        new MaxPoolingLayer(2),
                        new DenseSoftmaxLayer(4 * 4 * 4, 3))
                .learningRate(0.01)
                .seed(1)
                .quiet()
                .build();
        cnn.trainTestCycle(1, 1, images, images, 10);
        double[] probabilities = cnn.predict(images.image(0));

        check(probabilities.length == 3, "expected 3 probabilities, got " + probabilities.length);
        double sum = probabilities[0] + probabilities[1] + probabilities[2];
        check(Math.abs(sum - 1) < 1e-12, "expected probabilities that sum to 1, got " + sum);
        System.out.println("trained and predicted on the class path");
    }

    /** Images with one bright row, whose place tells the class. */
    private static Dataset stripes(Shape shape, int count) throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < count; i++) {
            int label = i % 3;
            rows.append(label);
            for (int pixel = 0; pixel < shape.size(); pixel++) {
                rows.append(pixel / shape.width() == 2 * label ? ",255" : ",0");
            }
            rows.append('\n');
        }
        Path file = Files.writeString(Path.of("target", "stripes.csv"), rows);
        return MnistCsv.builder().shape(shape).classes(3).load(file);
    }

    private static void check(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }
}
