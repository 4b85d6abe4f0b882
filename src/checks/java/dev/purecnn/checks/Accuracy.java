package dev.purecnn.checks;

import com.opencsv.CSVReader;
import dev.purecnn.CNN;
import dev.purecnn.data.Dataset;
import dev.purecnn.data.MnistCsv;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.examples.BatchNormRecipe;
import dev.purecnn.examples.NotebookNetworks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import org.apache.commons.lang3.StringUtils;

/**
 * Trains networks on MNIST from five seeds each, and prints which share of the 10,000 test images each gets right and how many
 * seconds it takes. Fails if a mean is lower than expected.
 *
 * <p>Run it with {@code mvn -q -P accuracy test-compile exec:java}; some networks, or fewer seeds, with {@code
 * -Dpurecnn.accuracy.networks=s4-plain,s4-fast -Dpurecnn.accuracy.seeds=1}. The first four rows are the notebook's networks
 * with the notebook's budget, on 20,000 images; the others see all 60,000, as {@link S4Recipe} and {@link BatchNormRecipe}
 * say.
 *
 * <p>Each training runs in its own process. The seconds cover the whole process: starting the virtual machine, reading the images,
 * training, testing.
 */
public final class Accuracy {
    private static final int SEEDS = Integer.getInteger("purecnn.accuracy.seeds", 5);
    private static final String NETWORKS = System.getProperty("purecnn.accuracy.networks", "");

    private Accuracy() {}

    /** A network, trained from a seed and tested. */
    @FunctionalInterface
    private interface Trial {
        Evaluation run(long seed) throws IOException;
    }

    /** What is trained, and the percentage of the test images that it must get right in the mean. */
    private record Row(String network, double expected, Trial trial) {}

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (NotebookNetworks network : NotebookNetworks.values()) {
            rows.add(new Row(network.title(), expected(network), seed -> notebook(network, seed)));
        }
        rows.add(new Row(S4Recipe.PLAIN.title(), 98.4, S4Recipe.PLAIN::run));
        rows.add(new Row(S4Recipe.FAST.title(), 99.0, S4Recipe.FAST::run));
        rows.add(new Row("batch-norm", 99.6, BatchNormRecipe::run));
        return rows;
    }

    private static double expected(NotebookNetworks network) {
        return switch (network) {
            case EIGHT_DENSE, EIGHT_FOUR_DENSE -> 87.0;
            case THREE_POOL_THREE_DENSE -> 90.0;
            case NETWORK_7 -> 97.5;
        };
    }

    private static Evaluation notebook(NotebookNetworks network, long seed) throws IOException {
        Dataset train = MnistCsv.load(Path.of("data/mnist_train.csv.gz"), 20_000);
        Dataset test = MnistCsv.load(Path.of("data/mnist_test.csv.gz"));
        return network.train(network.builder(seed).quiet().build(), train, test);
    }

    /**
     * Prints the table, or, given a network and a seed, trains that network and prints its accuracy.
     *
     * @param arguments none; or a network's name and a seed
     * @throws IOException if the data cannot be read or a process cannot be started
     * @throws InterruptedException if interrupted while one runs
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Row> rows = rows();
        if (arguments.length == 2) {
            Row wanted = chosen(rows, arguments[0]).get(0);
            System.out.println(wanted.trial.run(Long.parseLong(arguments[1])).accuracy());
        } else if (!printTable(NETWORKS.isEmpty() ? rows : chosen(rows, NETWORKS))) {
            throw new IllegalStateException(
                    "Accuracy: expected a mean at least as high as in the last column, got a lower one."
                            + " Find what changed the arithmetic.");
        }
    }

    private static List<Row> chosen(List<Row> rows, String names) {
        List<String> wanted = Arrays.asList(names.split(","));
        List<Row> found =
                rows.stream().filter(row -> wanted.contains(row.network)).toList();
        if (found.size() != wanted.size()) {
            throw new IllegalArgumentException("Accuracy: expected networks out of "
                    + rows.stream().map(Row::network).toList() + ", got " + names + ". Separate them by commas.");
        }
        return found;
    }

    private static boolean printTable(List<Row> rows) throws IOException, InterruptedException {
        print(
                "%-21s  %6s  %6s  %7s  %8s  %7s  %s%n",
                "network", "mean %", "lowest", "highest", "expected", "seconds", "each");
        boolean good = true;
        for (Row row : rows) {
            DoubleSummaryStatistics percent = new DoubleSummaryStatistics();
            StringBuilder each = new StringBuilder();
            long start = System.nanoTime();
            for (long seed = 1; seed <= SEEDS; seed++) {
                double right = 100 * accuracyOf(row, seed);
                percent.accept(right);
                each.append(String.format(Locale.ROOT, " %.2f", right));
            }
            double seconds = (System.nanoTime() - start) * 1e-9 / SEEDS;
            print(
                    "%-21s  %6.2f  %6.2f  %7.2f  %8.1f  %7.1f %s%n",
                    row.network, percent.getAverage(), percent.getMin(), percent.getMax(), row.expected, seconds, each);
            good &= percent.getAverage() >= row.expected;
        }
        return good;
    }

    private static double accuracyOf(Row row, long seed) throws IOException, InterruptedException {
        String classPath = FreshJvm.classPath(CNN.class, Accuracy.class, CSVReader.class, StringUtils.class);
        List<String> options = List.of("--add-modules", "jdk.incubator.vector", "-cp", classPath);
        List<String> command =
                FreshJvm.command(FreshJvm.home(), options, Accuracy.class, row.network, String.valueOf(seed));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("Accuracy: expected an accuracy of " + row.network + " from seed " + seed
                    + ", got the output below. Fix what it reports." + System.lineSeparator() + text);
        }
        return Double.parseDouble(text.substring(text.lastIndexOf('\n') + 1)); // warnings may precede it
    }

    private static void print(String format, Object... values) {
        System.out.print(String.format(Locale.ROOT, format, values));
    }
}
