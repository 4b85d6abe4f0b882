package dev.purecnn.examples;

import dev.purecnn.CNN;
import dev.purecnn.data.Dataset;
import dev.purecnn.data.MnistCsv;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** How to train the notebook's largest network, 16-pool-32-pool-dense, on all 60,000 images of MNIST. */
public enum S4Recipe {
    /** Plain gradient descent, as a first program has it. */
    PLAIN(98.4, 3, 60_000, 32, 0, Schedule.constant(0.1)),
    /** As short as 99 % allow: two and a half times through the images, in three parts. */
    FAST(99.0, 3, 50_000, 16, 0.9, Schedule.oneCycle(0.03, 3));

    /** Percent of the 10,000 test images that it has to get right, in the mean of five seeds. */
    final double expectedAccuracy;

    private final int epochs;
    private final int sampleSize;
    private final int batchSize;
    private final double momentum;
    private final Schedule schedule;

    S4Recipe(double expectedAccuracy, int epochs, int sampleSize, int batchSize, double momentum, Schedule schedule) {
        this.expectedAccuracy = expectedAccuracy;
        this.epochs = epochs;
        this.sampleSize = sampleSize;
        this.batchSize = batchSize;
        this.momentum = momentum;
        this.schedule = schedule;
    }

    /**
     * What it is called in tables.
     *
     * @return {@code s4-} and its name
     */
    public String title() {
        return "s4-" + name().toLowerCase(Locale.ROOT);
    }

    /**
     * How many samples of the images to go through.
     *
     * @return at least 1
     */
    public int epochs() {
        return epochs;
    }

    /**
     * How many images to draw for an epoch.
     *
     * @return at most 60,000
     */
    public int sampleSize() {
        return sampleSize;
    }

    /**
     * How many images make one update.
     *
     * @return at least 1
     */
    public int batchSize() {
        return batchSize;
    }

    /**
     * What is kept of the velocity, by Nesterov's rule.
     *
     * @return 0 for none
     */
    public double momentum() {
        return momentum;
    }

    /**
     * The learning rate of each step.
     *
     * @return the schedule, in epochs
     */
    public Schedule schedule() {
        return schedule;
    }

    /** Trains a network on the first images and tests it on the others. */
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
