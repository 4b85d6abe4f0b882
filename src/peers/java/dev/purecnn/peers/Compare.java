package dev.purecnn.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs all programs in turn, in several rounds, so that other load on the machine affects them equally, and prints tables in
 * Markdown. System properties: {@code peers.rounds} (3 by default), and those of {@link Options} and {@link Program}.
 */
public final class Compare {
    private Compare() {}

    /** See the class. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int rounds = Integer.getInteger("peers.rounds", 3);
        Results results = new Results();
        for (int round = 1; round <= rounds; round++) {
            for (Entrant entrant : entrants(round)) {
                System.err.println("round " + round + " of " + rounds + ": " + entrant);
                for (String line : run(entrant)) {
                    results.add(entrant, line);
                }
            }
        }
        String report = new Report(results).toString();
        Files.writeString(Launcher.DIRECTORY.resolve("report.md"), report);
        System.out.println(report);
    }

    /** DeepNetts runs once: it is slow, and nothing is close. */
    private static List<Entrant> entrants(int round) {
        List<Entrant> entrants = new ArrayList<>();
        for (int threads : Options.threads()) {
            for (Entrant entrant : Entrant.all(threads)) {
                boolean due = !entrant.equals(Entrant.DEEPNETTS) || round == 1;
                if (due && Options.wants(entrant)) {
                    entrants.add(entrant);
                }
            }
        }
        return entrants;
    }

    private static List<String> run(Entrant entrant) throws IOException, InterruptedException {
        String threads = Integer.toString(entrant.threads());
        return new Launcher(Program.class)
                .property("purecnn.kernels", "vector")
                .property("ai.djl.pytorch.num_threads", threads)
                .run(entrant.toString(), entrant.library(), entrant.numbers(), threads);
    }

    /** The processor's name, as far as the operating system reports it. */
    static String processor() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.UTF_8)) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return System.getProperty("os.arch");
    }
}
