package dev.purecnn.examples;

import dev.purecnn.CNN;
import dev.purecnn.data.Dataset;
import dev.purecnn.data.MnistCsv;
import java.io.IOException;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.Locale;

/**
 * Trains the notebook's networks from five seeds each, with the notebook's budget, and says how many of the 10,000 test images
 * they get right. Fails if the mean is lower than it should be.
 *
 * <p>Run it with {@code mvn -q -P accuracy test-compile exec:java}.
 */
public final class Accuracy {
    private static final int SEEDS = 5;

    private Accuracy() {}

    /**
     * Trains all networks.
     *
     * @param arguments none
     * @throws IOException if the data cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Dataset train = MnistCsv.load(Path.of("data/mnist_train.csv.gz"), 20_000);
        Dataset test = MnistCsv.load(Path.of("data/mnist_test.csv.gz"), 10_000);
        print("%-21s  %8s  %8s  %8s  %8s%n", "network", "mean %", "lowest", "highest", "expected");
        boolean good = true;
        for (NotebookNetworks network : NotebookNetworks.values()) {
            DoubleSummaryStatistics percent = new DoubleSummaryStatistics();
            for (long seed = 1; seed <= SEEDS; seed++) {
                CNN cnn = network.builder(seed).quiet().build();
                percent.accept(100 * network.train(cnn, train, test).accuracy());
            }
            print(
                    "%-21s  %8.2f  %8.2f  %8.2f  %8.1f%n",
                    network.title, percent.getAverage(), percent.getMin(), percent.getMax(), network.expectedAccuracy);
            good &= percent.getAverage() >= network.expectedAccuracy;
        }
        if (!good) {
            throw new IllegalStateException(
                    "Accuracy: expected a mean at least as high as in the last column, got a lower one."
                            + " Find what changed the arithmetic.");
        }
    }

    private static void print(String format, Object... values) {
        System.out.print(String.format(Locale.ROOT, format, values));
    }
}
