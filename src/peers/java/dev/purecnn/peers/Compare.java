package dev.purecnn.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs all programs in turns, in several rounds, so that whatever else the machine does hits them alike, and prints tables in
 * Markdown. System properties: {@code peers.rounds} (3), {@code peers.programs} (a part of the names of those to run besides
 * this library, such as {@code float64}; all), and those of {@link Program}.
 */
public final class Compare {
    private static final Path DIRECTORY = Path.of("target", "peers");

    private Compare() {}

    /** See the class. */
    public static void main(String[] args) throws IOException, InterruptedException {
        int rounds = Integer.getInteger("peers.rounds", 3);
        Files.createDirectories(DIRECTORY);
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
        Files.writeString(DIRECTORY.resolve("report.md"), report);
        System.out.println(report);
    }

    /** DeepNetts runs once: it is slow, and nothing is close. */
    private static List<Entrant> entrants(int round) {
        String wanted = System.getProperty("peers.programs", "");
        List<Entrant> entrants = new ArrayList<>();
        for (int threads = 1; threads <= 2; threads++) {
            for (Entrant entrant : Entrant.all(threads)) {
                boolean due = !entrant.equals(Entrant.DEEPNETTS) || round == 1;
                if (due && (entrant.isOurs() || entrant.toString().contains(wanted))) {
                    entrants.add(entrant);
                }
            }
        }
        return entrants;
    }

    private static List<String> run(Entrant entrant) throws IOException, InterruptedException {
        Path log = DIRECTORY.resolve(entrant.toString().replace(' ', '-') + ".log");
        Path out = DIRECTORY.resolve("out.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command(entrant)).redirectError(log.toFile()).redirectOutput(out.toFile());
        builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "2");
        int exit = builder.start().waitFor();
        if (exit != 0) {
            System.err.println(entrant + ": ended with " + exit + ". See " + log + ".");
        }
        return Files.readAllLines(out);
    }

    private static List<String> command(Entrant entrant) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx3g");
        command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        command.add("-Dpurecnn.kernels=vector");
        // PyTorch's native library comes out of its jar, and nowhere else
        command.add("-Dai.djl.offline=true");
        command.add("-DDJL_CACHE_DIR=" + DIRECTORY.resolve("djl"));
        command.add("-DENGINE_CACHE_DIR=" + DIRECTORY.resolve("djl"));
        command.add("-Dai.djl.pytorch.num_threads=" + entrant.threads());
        command.add("-Dai.djl.pytorch.num_interop_threads=1");
        System.getProperties().forEach((name, value) -> {
            if (name.toString().startsWith("peers.")) {
                command.add("-D" + name + "=" + value);
            }
        });
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName()));
        command.addAll(List.of(entrant.library(), entrant.numbers(), Integer.toString(entrant.threads())));
        return command;
    }

    /** The processor's name, as far as the operating system tells. */
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
