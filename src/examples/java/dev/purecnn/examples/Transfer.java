package dev.purecnn.examples;

import dev.purecnn.CNN;
import dev.purecnn.data.Dataset;
import dev.purecnn.data.MnistCsv;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.EpochResult;
import dev.purecnn.training.History;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The README's transfer: a network that knows the digits 0 to 6 learns 7, 8 and 9 with its layers frozen, and then with all. */
public final class Transfer {
    private Transfer() {}

    /**
     * Trains, and prints how many images a second training took.
     *
     * @param arguments none
     * @throws IOException if the data cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Dataset train = MnistCsv.load(Path.of("data/mnist_train.csv.gz")).take(12_000);
        Dataset test = MnistCsv.load(Path.of("data/mnist_test.csv.gz"));
        CNN digits = CNN.builder(Shape.of(1, 28, 28))
                .layers(
                        new ConvolutionalLayer(1, 16, 3),
                        new ReLULayer(),
                        new MaxPoolingLayer(2),
                        new ConvolutionalLayer(16, 32, 3),
                        new ReLULayer(),
                        new MaxPoolingLayer(2),
                        new DenseSoftmaxLayer(32 * 7 * 7, 7))
                .seed(1)
                .quiet()
                .build();
        digits.train(train.onlyClasses(0, 1, 2, 3, 4, 5, 6), null, options(3));

        CNN newDigits = digits.toBuilder()
                .keep(6)
                .frozen()
                .layers(new DenseSoftmaxLayer(32 * 7 * 7, 3))
                .classNames(List.of("seven", "eight", "nine"))
                .build();
        Dataset newTrain = train.onlyClasses(7, 8, 9);
        Dataset newTest = test.onlyClasses(7, 8, 9);
        print("six layers frozen", newDigits.train(newTrain, newTest, options(6)));

        CNN all = digits.toBuilder()
                .keep(6)
                .layers(new DenseSoftmaxLayer(32 * 7 * 7, 3))
                .build();
        print("none frozen", all.train(newTrain, newTest, options(6)));
    }

    private static TrainingOptions options(int epochs) {
        return TrainingOptions.builder()
                .epochs(epochs)
                .optimizer(Optimizer.adamW())
                .learningRate(0.002)
                .build();
    }

    private static void print(String what, History history) {
        for (EpochResult epoch : history.epochs()) {
            System.out.printf(
                    "%s: %.0f images a second, %.2f %% of the test images right%n",
                    what,
                    epoch.training().numSamples() / epoch.seconds(),
                    100 * epoch.validation().accuracy());
        }
    }
}
