package consumer;

import dev.purecnn.CNN;
import dev.purecnn.data.Dataset;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;

/** Trains ten steps and predicts, as a module, with no other module than the library. */
public final class Consumer {
    private Consumer() {}

    public static void main(String[] args) {
        check("dev.purecnn".equals(CNN.class.getModule().getName()), "the library is not a module");
        check(ModuleLayer.boot().findModule("com.opencsv").isEmpty(), "opencsv is there, so this proves nothing");

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
        System.out.println("trained and predicted on the module path");
    }

    /** Images with one bright row, whose place tells the class. */
    private static Dataset stripes(Shape shape, int count) {
        double[][] images = new double[count][shape.size()];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % 3;
            for (int col = 0; col < shape.width(); col++) {
                images[i][2 * labels[i] * shape.width() + col] = 1;
            }
        }
        return Dataset.of(images, labels, shape, 3);
    }

    private static void check(boolean condition, String message) {
        if (!condition) {
            throw new AssertionError(message);
        }
    }
}
