package dev.purecnn.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Runs a program in its own virtual machine, where every library finds what it needs. */
final class Launcher {
    static final Path DIRECTORY = Path.of("target", "peers");

    private final Class<?> program;
    private final List<String> options = new ArrayList<>();

    Launcher(Class<?> program) {
        this.program = program;
        options.add("-Xmx8g");
        Collections.addAll(options, "--add-modules", "jdk.incubator.vector");
        // PyTorch's native library comes out of its jar, and nowhere else
        options.add("-Dai.djl.offline=true");
        options.add("-DDJL_CACHE_DIR=" + DIRECTORY.resolve("djl"));
        options.add("-DENGINE_CACHE_DIR=" + DIRECTORY.resolve("djl"));
        options.add("-Dai.djl.pytorch.num_interop_threads=1");
        System.getProperties().forEach((name, value) -> {
            if (name.toString().startsWith("peers.")) {
                property(name.toString(), value.toString());
            }
        });
    }

    /** Sets a system property of the program. */
    Launcher property(String name, String value) {
        options.add("-D" + name + "=" + value);
        return this;
    }

    /** Returns the lines that the program prints. Its error output goes to a log of that name. */
    List<String> run(String name, String... arguments) throws IOException, InterruptedException {
        Files.createDirectories(DIRECTORY);
        Path log = DIRECTORY.resolve(name.replace(' ', '-') + ".log");
        Path out = DIRECTORY.resolve("out.txt");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        Collections.addAll(command, "-cp", System.getProperty("java.class.path"), program.getName());
        Collections.addAll(command, arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(log.toFile()).redirectOutput(out.toFile());
        builder.environment().put("TF_CPP_MIN_LOG_LEVEL", "2");
        int exit = builder.start().waitFor();
        if (exit != 0) {
            System.err.println(name + ": ended with " + exit + ". See " + log + ".");
        }
        return Files.readAllLines(out);
    }
}
