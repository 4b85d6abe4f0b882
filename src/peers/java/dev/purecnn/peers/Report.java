package dev.purecnn.peers;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Results as Markdown: the best of each cell, the median, and the ratios in short. */
final class Report {
    private static final Set<Network> SMALL = EnumSet.range(Network.S1, Network.S4);

    private final Results results;
    private final StringBuilder text = new StringBuilder();

    /** How the rounds of a cell become one figure. */
    private interface Measure {
        double of(Entrant entrant, Network network, Task task);
    }

    Report(Results results) {
        this.results = results;
        line("%s, %s, %d cores, %s %s. In brackets: this library's speed by that one's; above 1, this one is faster."
                .formatted(
                        LocalDate.now(),
                        Compare.processor(),
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("java.vm.name"),
                        System.getProperty("java.vm.version")));
        for (int threads = 1; threads <= 2; threads++) {
            table("Best, " + threads + (threads == 1 ? " thread" : " threads"), threads, results::best);
            table("Median, " + threads + (threads == 1 ? " thread" : " threads"), threads, results::median);
            summary(threads);
        }
        scaling();
    }

    private void line(String line) {
        text.append(line).append(System.lineSeparator());
    }

    private void table(String title, int threads, Measure measure) {
        List<Entrant> entrants = Entrant.all(threads);
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
                StringBuilder row = new StringBuilder("| " + network + " " + task.title() + " |");
                double ours = measure.of(entrants.get(0), network, task);
                for (Entrant entrant : entrants) {
                    double rate = measure.of(entrant, network, task);
                    row.append(' ').append(Double.isNaN(rate) ? "-" : task.show(rate));
                    if (!entrant.isOurs() && !Double.isNaN(rate)) {
                        row.append(" (%.2f)".formatted(ours / rate));
                    }
                    row.append(" |");
                }
                line(row.toString());
            }
        }
    }

    private void summary(int threads) {
        line("");
        List<Entrant> peers = Entrant.all(threads).stream()
                .filter(entrant -> !entrant.isOurs())
                .toList();
        for (Entrant peer : peers) {
            line("- " + peer.library() + " " + peer.numbers() + ": "
                    + ratios("batch 1 and one image, S1-S4", peer, SMALL, Task.TRAIN_1, Task.PREDICT_ONE) + "; "
                    + ratios("batch 32 and 128, S1-S4", peer, SMALL, Task.TRAIN_32, Task.TRAIN_128) + "; "
                    + ratios("L5", peer, EnumSet.of(Network.L5), Task.TRAIN_32, Task.TRAIN_128) + "; "
                    + ratios("all five", peer, EnumSet.allOf(Network.class), Task.TRAIN_32, Task.TRAIN_128));
        }
    }

    private String ratios(String title, Entrant peer, Set<Network> networks, Task... tasks) {
        List<Double> ratios = new ArrayList<>();
        for (Network network : networks) {
            for (Task task : tasks) {
                ratios.add(
                        results.best(Entrant.ours(peer.threads()), network, task) / results.best(peer, network, task));
            }
        }
        double least = ratios.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
        double mean = Math.exp(ratios.stream().mapToDouble(Math::log).average().orElseThrow());
        return "%s at least %.2f, geometric mean %.2f".formatted(title, least, mean);
    }

    private void scaling() {
        line("");
        for (Network network : Network.values()) {
            line("- This library, %s, batch 32: two threads against one %.2f."
                    .formatted(
                            network,
                            results.best(Entrant.ours(2), network, Task.TRAIN_32)
                                    / results.best(Entrant.ours(1), network, Task.TRAIN_32)));
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
