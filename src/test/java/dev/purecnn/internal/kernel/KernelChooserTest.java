package dev.purecnn.internal.kernel;

import static dev.purecnn.OtherJvm.ADD_VECTOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.OtherJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelChooserTest {
    @TempDir
    Path folder;

    /** Prints the kernels that a program starts with. */
    public static final class Main {
        private Main() {}

        /**
         * Prints the name of the active kernels.
         *
         * @param args none
         */
        public static void main(String[] args) {
            System.out.println("starts " + Kernels.active().name());
        }
    }

    @Test
    void active_thisRun_isWhatTheBuildAskedFor() {
        assertThat(Kernels.active().name())
                .as("the kernels, which pom.xml names in purecnn.expectedKernels for each run of the tests")
                .isEqualTo(System.getProperty("purecnn.expectedKernels"));
    }

    @Test
    void active_moduleThere_startsPlainAndSilent() throws Exception {
        assertThat(run(ADD_VECTOR)).contains("starts plain").doesNotContain("purecnn");
    }

    @Test
    void active_moduleMissing_isPlainAndSaysOnceWhatWouldHelp() throws Exception {
        String output = run();
        assertThat(output)
                .contains("starts plain")
                .containsOnlyOnce("The vector module is missing")
                .contains("--add-modules jdk.incubator.vector");
    }

    @Test
    void active_plainForced_isPlainAndSilent() throws Exception {
        assertThat(run("-Dpurecnn.kernels=plain").lines()).containsExactly("starts plain");
    }

    @Test
    void active_vectorForced_isVectorFromTheStart() throws Exception {
        assertThat(run(ADD_VECTOR, "-Dpurecnn.kernels=vector")).contains("starts vector");
    }

    @Test
    void active_vectorForcedWithoutModule_isAnError() throws Exception {
        assertThat(run("-Dpurecnn.kernels=vector"))
                .contains("IllegalStateException: System property purecnn.kernels: expected the module"
                        + " jdk.incubator.vector for vector kernels, got a virtual machine without it."
                        + " Start java with --add-modules jdk.incubator.vector.")
                .doesNotContain("starts");
    }

    @Test
    void active_vectorForcedButBroken_namesTheCause() throws Exception {
        assertThat(run(ADD_VECTOR, "-Dpurecnn.kernels=vector", "-cp", brokenVectorKernels()))
                .contains(
                        "IllegalStateException: System property purecnn.kernels: expected vector kernels that load, got"
                                + " java.lang.ClassFormatError: ")
                .contains("Caused by: java.lang.ClassFormatError")
                .doesNotContain("starts");
    }

    @Test
    void active_vectorBroken_isPlainAndNamesTheCause() throws Exception {
        assertThat(run(ADD_VECTOR, "-cp", brokenVectorKernels()))
                .contains("starts plain")
                .contains("The vector kernels do not load here")
                .contains("java.lang.ClassFormatError");
    }

    /** A class path on which the vector kernels are found but cannot be loaded. */
    private String brokenVectorKernels() throws IOException {
        String name = "dev/purecnn/internal/kernel/VectorKernels.class";
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[] {1, 2, 3, 4});
        return folder + File.pathSeparator + System.getProperty("java.class.path");
    }

    @Test
    void active_unknownForced_isAnError() throws Exception {
        assertThat(run("-Dpurecnn.kernels=fast"))
                .contains("System property purecnn.kernels: expected plain or vector, got fast."
                        + " Correct it, or leave it out.");
    }

    private static String run(String... options) throws IOException, InterruptedException {
        return OtherJvm.run(List.of(options), Main.class);
    }
}
