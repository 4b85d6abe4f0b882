package dev.purecnn.examples;

import dev.purecnn.CNN;
import dev.purecnn.data.Augmentation;
import dev.purecnn.data.DatasetSplit;
import dev.purecnn.data.MnistCsv;
import dev.purecnn.layer.BatchNormLayer;
import dev.purecnn.layer.ConvolutionalLayer;
import dev.purecnn.layer.DenseSoftmaxLayer;
import dev.purecnn.layer.DropoutLayer;
import dev.purecnn.layer.MaxPoolingLayer;
import dev.purecnn.layer.ReLULayer;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.History;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The README's long training: stop it whenever you like, and start it again; it ends with the same network. */
public final class LongTraining {
    private LongTraining() {}

    /**
     * Trains the network, or resumes its training.
     *
     * @param arguments none
     * @throws IOException if the data cannot be read, or a file cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        Path checkpoints = Path.of("target/long-training/checkpoints");
        DatasetSplit images = MnistCsv.load(Path.of("data/mnist_train.csv.gz")).stratifiedSplit(0.9, 42);
        TrainingOptions options = TrainingOptions.builder()
                .epochs(15)
                .batchSize(32)
                .optimizer(Optimizer.adamW().weightDecay(0.05))
                .schedule(Schedule.oneCycle(0.005, 15))
                .augmentation(Augmentation.builder().shift(2).rotate(10).build())
                .labelSmoothing(0.05)
                .earlyStopping(4)
                .checkpoints(checkpoints)
                .checkpointEvery(500)
                .build();
        CNN cnn;
        History history;
        try {
            cnn = CNN.load(checkpoints);
            history = cnn.resume(images.first(), images.rest(), options);
        } catch (NoSuchFileException e) { // no checkpoint yet
            cnn = network();
            history = cnn.train(images.first(), images.rest(), options);
        }
        history.saveCsv(Path.of("target/long-training/history.csv"));
        cnn.save(Path.of("target/long-training/digits.safetensors"));
        System.out.println(
                cnn.test(MnistCsv.load(Path.of("data/mnist_test.csv.gz"))).table());
        System.out.println(cnn.fingerprint());
    }

    private static CNN network() {
        return CNN.builder(Shape.of(1, 28, 28))
                .layers(
                        new ConvolutionalLayer(1, 16, 3),
                        new BatchNormLayer(16),
                        new ReLULayer(),
                        new MaxPoolingLayer(2),
                        new ConvolutionalLayer(16, 32, 3),
                        new BatchNormLayer(32),
                        new ReLULayer(),
                        new MaxPoolingLayer(2),
                        new DropoutLayer(0.25),
                        new DenseSoftmaxLayer(32 * 7 * 7, 10))
                .seed(42)
                .build();
    }
}
