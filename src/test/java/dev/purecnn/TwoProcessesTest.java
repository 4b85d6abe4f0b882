package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several JVMs save to one file, over and over. {@code -Dpurecnn.saves=3000} saves that often. */
class TwoProcessesTest {
    private static final int SAVES = Integer.getInteger("purecnn.saves", 200);
    private static final int PROCESSES = 2;

    @TempDir
    private Path folder;

    /** What each of them does; it ends at the first save that fails. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        CNN cnn = TestNetworks.small(Long.parseLong(arguments[1])).build();
        for (int save = 0; save < SAVES / PROCESSES; save++) {
            cnn.save(file);
        }
        System.out.println("saved");
    }

    @Test
    void save_fromTwoProcesses_noneFails() throws Exception {
        Path file = folder.resolve("model");
        Process[] processes = new Process[PROCESSES];
        for (int i = 0; i < PROCESSES; i++) {
            String saves = "-Dpurecnn.saves=" + SAVES;
            processes[i] = OtherJvm.of(TwoProcessesTest.class, List.of(saves), file.toString(), "" + (i + 1))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output" + i).toFile())
                    .start();
        }
        int loads = 0;
        try {
            while (Stream.of(processes).anyMatch(Process::isAlive)) {
                loads += loadsIfThere(file) ? 1 : 0;
            }
        } finally {
            Stream.of(processes).forEach(Process::destroyForcibly);
        }
        for (int i = 0; i < PROCESSES; i++) {
            assertThat(processes[i].waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(folder.resolve("output" + i)).content().endsWith("saved\n");
        }
        System.out.println("TwoProcessesTest: " + SAVES + " saves, " + loads + " loads meanwhile");
        assertThat(loadsIfThere(file)).isTrue();
        assertThat(CheckpointedTraining.names(folder)).containsExactly("model", "output0", "output1");
    }

    private static boolean loadsIfThere(Path file) throws IOException {
        try {
            CNN.load(file);
            return true;
        } catch (NoSuchFileException e) {
            return Files.exists(file);
        }
    }
}
