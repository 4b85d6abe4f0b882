package dev.purecnn.peers;

import java.time.LocalDate;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Results as Markdown: the best of each cell, the median, and the ratios in short. */
final class Report {
    private static final Set<Network> SMALL = EnumSet.range(Network.S1, Network.S4);

    private static final List<List<Task>> GROUPS = List.of(
            List.of(Task.TRAIN_1, Task.TRAIN_32, Task.TRAIN_128),
            List.of(Task.PREDICT_ONE),
            List.of(Task.PREDICT_32, Task.PREDICT_MANY));

    private final Results results;
    private final StringBuilder text = new StringBuilder();

    /** How the rounds of a cell become one figure. */
    private interface Measure {
        double of(Entrant entrant, Network network, Task task);
    }

    Report(Results results) {
        this.results = results;
        line(("%s, %s, %d cores, %s %s. In brackets: this library's speed by that one's; above 1, this one is faster."
                        + " Wrong: that one's gradients failed the check.")
                .formatted(
                        LocalDate.now(),
                        Compare.processor(),
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("java.vm.name"),
                        System.getProperty("java.vm.version")));
        for (int threads : Options.threads()) {
            table("Best, " + threads + (threads == 1 ? " thread" : " threads"), threads, results::best);
            table("Median, " + threads + (threads == 1 ? " thread" : " threads"), threads, results::median);
            summary(threads);
        }
        scaling();
    }

    private static List<Entrant> entrants(int threads) {
        return Entrant.all(threads).stream().filter(Options::wants).toList();
    }

    private void line(String line) {
        text.append(line).append(System.lineSeparator());
    }

    private void table(String title, int threads, Measure measure) {
        List<Entrant> entrants = entrants(threads);
        line("");
        line("### " + title);
        line("");
        StringBuilder head = new StringBuilder("| |");
        StringBuilder rule = new StringBuilder("| --- |");
        for (Entrant entrant : entrants) {
            head.append(' ')
                    .append(entrant.library())
                    .append(' ')
                    .append(entrant.numbers())
                    .append(" |");
            rule.append(" ---: |");
        }
        line(head.toString());
        line(rule.toString());
        for (Task task : Task.values()) {
            for (Network network : Network.values()) {
                double ours = measure.of(entrants.get(0), network, task);
                if (Double.isNaN(ours)) {
                    continue;
                }
                StringBuilder row = new StringBuilder("| " + network + " " + task.title() + " |");
                for (Entrant entrant : entrants) {
                    double rate = measure.of(entrant, network, task);
                    row.append(' ').append(Double.isNaN(rate) ? "-" : task.show(rate));
                    if (!entrant.isOurs() && !Double.isNaN(rate)) {
                        row.append(" (%.2f)".formatted(ours / rate));
                    }
                    row.append(results.isWrong(entrant, network, task) ? " wrong |" : " |");
                }
                line(row.toString());
            }
        }
    }

    /** For each group of cells the ratios to each program, and to the fastest of each cell in its number type. */
    private void summary(int threads) {
        line("");
        line("| " + threads + (threads == 1 ? " thread" : " threads")
                + ": this library by | least | geometric mean | below 1 |");
        line("| --- | ---: | ---: | --- |");
        for (List<Task> tasks : GROUPS) {
            for (Set<Network> networks :
                    List.of(SMALL, EnumSet.of(Network.L5), EnumSet.of(Network.R8), EnumSet.of(Network.R18))) {
                for (Entrant peer : entrants(threads)) {
                    if (!peer.isOurs()) {
                        ratios(peer.library() + " " + peer.numbers(), List.of(peer), threads, networks, tasks);
                    }
                }
                for (String numbers : List.of(Entrant.FLOAT32, Entrant.FLOAT64)) {
                    ratios(
                            "the fastest " + numbers,
                            entrants(threads).stream()
                                    .filter(peer ->
                                            !peer.isOurs() && peer.numbers().equals(numbers))
                                    .toList(),
                            threads,
                            networks,
                            tasks);
                }
            }
        }
    }

    private void ratios(String name, List<Entrant> peers, int threads, Set<Network> networks, List<Task> tasks) {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (Task task : tasks) {
            for (Network network : networks) {
                double theirs = peers.stream()
                        .mapToDouble(peer -> results.best(peer, network, task))
                        .filter(rate -> rate > 0)
                        .max()
                        .orElse(Double.NaN);
                double ratio = results.best(Entrant.ours(threads), network, task) / theirs;
                if (!Double.isNaN(ratio)) {
                    ratios.put(network + " " + task.title(), ratio);
                }
            }
        }
        if (!ratios.isEmpty()) {
            String losses = ratios.entrySet().stream()
                    .filter(entry -> entry.getValue() < 1)
                    .map(entry -> "%s %.2f".formatted(entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining(", "));
            String cells = networks.equals(SMALL)
                    ? "S1-S4"
                    : networks.iterator().next().toString();
            line("| %s, %s, %s | %.2f | %.2f | %s |"
                    .formatted(
                            name,
                            cells,
                            tasks.get(0).trains()
                                    ? "training"
                                    : tasks.size() > 1
                                            ? "predicting batches"
                                            : tasks.get(0).title(),
                            Collections.min(ratios.values()),
                            Math.exp(ratios.values().stream()
                                    .mapToDouble(Math::log)
                                    .average()
                                    .orElseThrow()),
                            losses));
        }
    }

    private void scaling() {
        line("");
        for (Network network : Network.values()) {
            double ratio = results.best(Entrant.ours(2), network, Task.TRAIN_32)
                    / results.best(Entrant.ours(1), network, Task.TRAIN_32);
            if (!Double.isNaN(ratio)) {
                line("- This library, %s, batch 32: two threads against one %.2f.".formatted(network, ratio));
            }
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
