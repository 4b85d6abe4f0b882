package dev.purecnn.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KernelChooserTest {
    private static final String ADD_VECTOR = "--add-modules=jdk.incubator.vector";

    /** A virtual machine of its own that prints the kernels it starts with, and with "wait" those it changes over to. */
    public static final class Main {
        private Main() {}

        /**
         * Prints the name of the active kernels.
         *
         * @param args "wait" to wait until they are no longer those that it started with
         * @throws InterruptedException if interrupted
         */
        public static void main(String[] args) throws InterruptedException {
            String first = Kernels.active().name();
            System.out.println("starts " + first);
            while (args.length > 0 && Kernels.active().name().equals(first)) {
                Thread.sleep(5);
            }
            System.out.println("ends " + Kernels.active().name());
        }
    }

    @Test
    void active_thisRun_isWhatTheBuildAskedFor() {
        String expected =
                System.getProperty("purecnn.expectedKernels", Kernels.active().name());
        assertThat(Kernels.active().name()).isEqualTo(expected);
    }

    @Test
    void active_moduleThere_startsPlainAndChangesOver() throws Exception {
        assertThat(run(List.of(ADD_VECTOR), "wait")).contains("starts plain").contains("ends vector");
    }

    @Test
    void active_moduleMissing_isPlainAndSaysOnceWhatWouldHelp() throws Exception {
        String output = run(List.of());
        assertThat(output)
                .contains("ends plain")
                .containsOnlyOnce("The vector module is missing")
                .contains("--add-modules jdk.incubator.vector");
    }

    @Test
    void active_plainForced_isPlainAndSilent() throws Exception {
        assertThat(run(List.of("-Dpurecnn.kernels=plain")).lines()).containsExactly("starts plain", "ends plain");
    }

    @Test
    void active_vectorForced_isVectorFromTheStart() throws Exception {
        assertThat(run(List.of(ADD_VECTOR, "-Dpurecnn.kernels=vector"))).contains("starts vector");
    }

    @Test
    void active_vectorForcedWithoutModule_isAnError() throws Exception {
        assertThat(run(List.of("-Dpurecnn.kernels=vector")))
                .contains("IllegalStateException: System property purecnn.kernels: expected the module"
                        + " jdk.incubator.vector for vector kernels, got a virtual machine without it."
                        + " Start java with --add-modules jdk.incubator.vector.")
                .doesNotContain("ends");
    }

    @Test
    void active_unknownForced_isAnError() throws Exception {
        assertThat(run(List.of("-Dpurecnn.kernels=fast")))
                .contains("System property purecnn.kernels: expected plain or vector, got fast."
                        + " Correct it, or leave it out.");
    }

    private static String run(List<String> options, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
