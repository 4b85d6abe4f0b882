package dev.purecnn;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs benchmarks, the machine's peak first, and reports the others as shares of it: useful work per processor time. Takes JMH's
 * arguments: which benchmarks to run (regular expressions; all if there are none), and options such as {@code -i 10}. Runs on plain
 * kernels, which compute the expected results.
 */
public final class Benchmarks {
    private static final String PEAK = "PeakBenchmark";
    private static final String PACKAGE = "dev.purecnn.";
    private static final double MICROSECONDS_PER_MILLISECOND = 1000.0;

    private Benchmarks() {}

    /**
     * Runs them and prints a table.
     *
     * @param arguments JMH's, one by one or several separated by spaces
     * @throws CommandLineOptionException if JMH does not know them
     * @throws RunnerException if a benchmark fails, for example by a wrong result
     */
    public static void main(String[] arguments) throws CommandLineOptionException, RunnerException {
        Options given =
                new CommandLineOptions(String.join(" ", arguments).trim().split(" +"));
        // a parent's includes are added to its child's, so the peak has none
        String[] jvm = jvmArguments();
        RunResult peak =
                new Runner(runIn(jvm, new OptionsBuilder()).include(PEAK).build()).runSingle();
        Collection<RunResult> results = new Runner(runIn(jvm, new OptionsBuilder().parent(given))
                        .exclude(PEAK)
                        .build())
                .run();
        print(System.out, gigaflops(peak), results);
        printPlainShares(System.out, results);
    }

    private static String[] jvmArguments() {
        List<String> jvm =
                new ArrayList<>(List.of("-Xmx1g", "--add-modules", "jdk.incubator.vector", "-Dpurecnn.kernels=vector"));
        jvm.addAll(Answers.asOptions());
        return jvm.toArray(String[]::new);
    }

    private static ChainedOptionsBuilder runIn(String[] jvm, ChainedOptionsBuilder options) {
        return options.jvmArgs(jvm).shouldFailOnError(true);
    }

    private static void print(PrintStream out, double peak, Collection<RunResult> results) {
        out.printf(
                Locale.ROOT, "%nJava %s, peak of one core: %.1f GFLOP/s%n%n", System.getProperty("java.version"), peak);
        out.printf("%-52s %-44s %12s %9s %6s%n", "benchmark", "of", "us", "GFLOP/s", "share");
        for (RunResult result : results) {
            double gigaflops = gigaflops(result);
            out.printf(
                    Locale.ROOT,
                    "%-52s %-44s %12.2f %9s %6s%n",
                    result.getParams().getBenchmark().replace(PACKAGE, ""),
                    parameters(result.getParams()),
                    MICROSECONDS_PER_MILLISECOND / result.getPrimaryResult().getScore(),
                    // pooling, for example, multiplies nothing
                    gigaflops == 0 ? "-" : String.format(Locale.ROOT, "%.2f", gigaflops),
                    gigaflops == 0 ? "-" : String.format(Locale.ROOT, "%.2f", gigaflops / peak));
        }
    }

    /** How fast plain kernels are beside vector ones, where a run has measured both. */
    private static void printPlainShares(PrintStream out, Collection<RunResult> results) {
        Map<String, RunResult> vector = new HashMap<>();
        for (RunResult result : results) {
            vector.put(name(result), result);
        }
        for (RunResult plain : results) {
            RunResult twin = vector.get(
                    name(plain).replace("PlainNetwork", "Network").replace("kernels=plain", "kernels=vector"));
            if (twin != null && twin != plain) {
                double share = gigaflops(plain) / gigaflops(twin);
                out.printf(
                        Locale.ROOT,
                        "plain kernels, share of the vector kernels' speed: %.2f in %s%n",
                        share,
                        name(twin));
            }
        }
    }

    private static String name(RunResult result) {
        return result.getParams().getBenchmark().replace(PACKAGE, "") + " " + parameters(result.getParams());
    }

    private static String parameters(BenchmarkParams params) {
        List<String> texts = new ArrayList<>();
        for (String key : params.getParamsKeys()) {
            texts.add(key + "=" + params.getParam(key));
        }
        return String.join(" ", texts);
    }

    /** Of the best iteration: what slows the others down is not the program. */
    private static double gigaflops(RunResult result) {
        double best = 0.0;
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            for (IterationResult iteration : fork.getIterationResults()) {
                best = Math.max(best, counted(iteration, "flop") / counted(iteration, "cpu"));
            }
        }
        return best;
    }

    private static double counted(IterationResult iteration, String counter) {
        return iteration.getSecondaryResults().get(counter).getScore();
    }
}
