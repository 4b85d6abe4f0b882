package dev.purecnn.peers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;

/** All that was measured, in images per second. */
final class Results {
    private record Cell(Entrant entrant, Network network, Task task) {}

    private final Map<Cell, List<Double>> measured = new HashMap<>();
    private final Set<Cell> wrong = new HashSet<>();

    /** Takes a line of {@link Program}. */
    void add(Entrant entrant, String line) {
        String[] words = line.split(" ");
        Cell cell = new Cell(entrant, Network.valueOf(words[0]), Task.valueOf(words[1]));
        measured.computeIfAbsent(cell, key -> new ArrayList<>()).add(Double.valueOf(words[2]));
        if (words.length > 3) {
            wrong.add(cell);
        }
    }

    /** Whether what was measured is something else than the others compute. */
    boolean isWrong(Entrant entrant, Network network, Task task) {
        return wrong.contains(new Cell(entrant, network, task));
    }

    /** Not a number if nothing was measured. */
    double best(Entrant entrant, Network network, Task task) {
        return rates(entrant, network, task).max().orElse(Double.NaN);
    }

    /** Not a number if nothing was measured. */
    double median(Entrant entrant, Network network, Task task) {
        double[] rates = rates(entrant, network, task).sorted().toArray();
        return rates.length == 0 ? Double.NaN : (rates[(rates.length - 1) / 2] + rates[rates.length / 2]) / 2;
    }

    private DoubleStream rates(Entrant entrant, Network network, Task task) {
        return measured.getOrDefault(new Cell(entrant, network, task), List.of()).stream()
                .mapToDouble(Double::doubleValue);
    }
}
