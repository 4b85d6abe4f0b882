package dev.purecnn.peers;

import dev.purecnn.checks.Accuracy;
import dev.purecnn.checks.S4Recipe;
import java.io.IOException;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains S4 on MNIST by the recipes of {@link S4Recipe} in this library, PyTorch and TensorFlow, in turn, and prints a table of
 * accuracies and seconds. The seconds cover the whole process: reading the files (with this library's reader, for all), training,
 * testing. System properties as for {@link Compare}; each round has its own seed.
 */
public final class CompareAccuracy {
    private static final int THREADS = 2;

    private final Map<String, Row> rows = new LinkedHashMap<>();

    private CompareAccuracy() {}

    private record Row(DoubleSummaryStatistics percent, DoubleSummaryStatistics seconds) {
        Row() {
            this(new DoubleSummaryStatistics(), new DoubleSummaryStatistics());
        }

        @Override
        public String toString() {
            return "%.2f (%.2f-%.2f) | %.1f (%.1f-%.1f)"
                    .formatted(
                            percent.getAverage(),
                            percent.getMin(),
                            percent.getMax(),
                            seconds.getAverage(),
                            seconds.getMin(),
                            seconds.getMax());
        }
    }

    /** See the class. */
    public static void main(String[] args) throws IOException, InterruptedException {
        CompareAccuracy comparison = new CompareAccuracy();
        int rounds = Integer.getInteger("peers.rounds", 3);
        for (int round = 1; round <= rounds; round++) {
            comparison.round(Integer.toString(round));
        }
        System.out.println("| program | %, mean (lowest-highest) | seconds, mean (least-most) |");
        System.out.println("| --- | ---: | ---: |");
        comparison.rows.forEach((name, row) -> System.out.println("| " + name + " | " + row + " |"));
    }

    private void round(String seed) throws IOException, InterruptedException {
        String threads = Integer.toString(THREADS);
        for (S4Recipe recipe : S4Recipe.values()) {
            for (Entrant entrant : Entrant.all(THREADS)) {
                String name = entrant + " " + recipe;
                if (entrant.isOurs()) {
                    run(new Launcher(Accuracy.class), name, recipe.title(), seed);
                } else if (Options.wants(entrant) && !entrant.library().equals("onnxruntime")) {
                    Launcher launcher = new Launcher(AccuracyProgram.class)
                            .property("purecnn.kernels", "plain") // so that nothing of ours warms up beside the others
                            .property("ai.djl.pytorch.num_threads", threads);
                    run(launcher, name, entrant.library(), entrant.numbers(), threads, recipe.name(), seed);
                }
            }
        }
    }

    private void run(Launcher launcher, String name, String... arguments) throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<String> lines = launcher.run(name, arguments);
        double seconds = (System.nanoTime() - start) * 1e-9;
        if (lines.size() != 1) {
            throw new IllegalStateException(name + ": expected one line, the accuracy, got " + lines + ".");
        }
        double percent = 100 * Double.parseDouble(lines.get(0));
        System.err.printf("%s: %.2f %%, %.1f s%n", name, percent, seconds);
        Row row = rows.computeIfAbsent(name, key -> new Row());
        row.percent().accept(percent);
        row.seconds().accept(seconds);
    }
}
