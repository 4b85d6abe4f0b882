package dev.purecnn.peers;

import java.util.Arrays;
import java.util.List;

/** System properties that say which part of the comparison to run, each a list with commas; all by default. */
final class Options {
    private Options() {}

    /** Whether {@code peers.networks} has this one. */
    static boolean wants(Network network) {
        return list("peers.networks").isEmpty() || list("peers.networks").contains(network.name());
    }

    /** Whether {@code peers.tasks} has this one, such as {@code TRAIN_32}. */
    static boolean wants(Task task) {
        return list("peers.tasks").isEmpty() || list("peers.tasks").contains(task.name());
    }

    /** Whether {@code peers.programs} has a part of its name, such as {@code float32}; this library always takes part. */
    static boolean wants(Entrant entrant) {
        List<String> programs = list("peers.programs");
        return entrant.isOurs() || programs.isEmpty() || programs.stream().anyMatch(entrant.toString()::contains);
    }

    /** {@code peers.threads}: 1 and 2. */
    static int[] threads() {
        List<String> threads = list("peers.threads");
        return threads.isEmpty()
                ? new int[] {1, 2}
                : threads.stream().mapToInt(Integer::parseInt).toArray();
    }

    private static List<String> list(String property) {
        return Arrays.stream(System.getProperty(property, "").split(","))
                .filter(word -> !word.isBlank())
                .toList();
    }
}
