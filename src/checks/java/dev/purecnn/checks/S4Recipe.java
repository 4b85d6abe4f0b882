package dev.purecnn.checks;

import dev.purecnn.CNN;
import dev.purecnn.data.Dataset;
import dev.purecnn.data.MnistCsv;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.examples.NotebookNetworks;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** How to train the notebook's largest network, 16-pool-32-pool-dense, on all 60,000 images of MNIST. */
public enum S4Recipe {
    /** Plain gradient descent. */
    PLAIN(3, 60_000, 32, 0, Schedule.constant(0.1)),
    /** The shortest that reaches 99 %: two and a half passes over the images, in three epochs. */
    FAST(3, 50_000, 16, 0.9, Schedule.oneCycle(0.03, 3));

    private final int epochs;
    private final int sampleSize;
    private final int batchSize;
    private final double momentum;
    private final Schedule schedule;

    S4Recipe(int epochs, int sampleSize, int batchSize, double momentum, Schedule schedule) {
        this.epochs = epochs;
        this.sampleSize = sampleSize;
        this.batchSize = batchSize;
        this.momentum = momentum;
        this.schedule = schedule;
    }

    /** {@code s4-} and the recipe's name: how tables call it. */
    public String title() {
        return "s4-" + name().toLowerCase(Locale.ROOT);
    }

    public int epochs() {
        return epochs;
    }

    /** Images drawn per epoch. */
    public int sampleSize() {
        return sampleSize;
    }

    public int batchSize() {
        return batchSize;
    }

    /** Nesterov momentum; 0 for none. */
    public double momentum() {
        return momentum;
    }

    /** The learning rate over the epochs. */
    public Schedule schedule() {
        return schedule;
    }

    /** Trains a network from a seed on the training images, and tests it on the test images. */
    Evaluation run(long seed) throws IOException {
        CNN cnn = NotebookNetworks.NETWORK_7.builder(seed).quiet().build();
        TrainingOptions options = TrainingOptions.builder()
                .epochs(epochs)
                .sampleSize(sampleSize)
                .batchSize(batchSize)
                .optimizer(Optimizer.sgd().momentum(momentum).nesterov())
                .schedule(schedule)
                .build();
        Dataset train = MnistCsv.load(Path.of("data/mnist_train.csv.gz"));
        cnn.train(train, null, options);
        return cnn.test(MnistCsv.load(Path.of("data/mnist_test.csv.gz")));
    }
}
