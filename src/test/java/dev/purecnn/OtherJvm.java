package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts a test's main method in a new JVM. */
public final class OtherJvm {
    public static final String ADD_VECTOR = "--add-modules=jdk.incubator.vector";
    private static final int PATIENCE_MINUTES = 5;

    private OtherJvm() {}

    /** What is to be started; plain kernels, compiled quickly. */
    public static ProcessBuilder of(Class<?> main, List<String> options, String... arguments) {
        List<String> quick = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-Dpurecnn.kernels=plain"));
        quick.addAll(options);
        return command(quick, main, arguments);
    }

    /**
     * Runs a program to its end, for what is chosen once in a program's life.
     *
     * @param options of the virtual machine; they may name another class path
     * @param main its main class
     * @param arguments of the program
     * @return all that it printed
     */
    public static String run(List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder program = command(options, main, arguments);
        Path output = Files.createTempFile("other-jvm", ".txt"); // a pipe would have us wait for one that never ends
        Process process = program.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
                    .as("%s ends", program.command())
                    .isTrue();
            return Files.readString(output, StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }

    private static ProcessBuilder command(List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-classpath", classPath(main)));
        command.addAll(options); // last, for the last class path counts
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private static String classPath(Class<?> main) {
        return String.join(
                File.pathSeparator, placeOf(CNN.class), placeOf(main), System.getProperty("java.class.path"));
    }

    private static String placeOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
