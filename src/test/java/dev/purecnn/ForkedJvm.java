package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A virtual machine of its own, with options of its own, for what is chosen once in a program's life. */
public final class ForkedJvm {
    public static final String ADD_VECTOR = "--add-modules=jdk.incubator.vector";
    private static final int PATIENCE_MINUTES = 5;

    private ForkedJvm() {}

    /**
     * Runs a program on the tests' class path.
     *
     * @param options of the virtual machine
     * @param main its main class
     * @param arguments of the program
     * @return all that it printed
     */
    public static String run(List<String> options, Class<?> main, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(options); // last, so that they may name another class path
        command.add(main.getName());
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("forked", ".txt"); // a pipe would have us wait for one that never ends
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
                    .as("%s ends", command)
                    .isTrue();
            return Files.readString(output, StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
