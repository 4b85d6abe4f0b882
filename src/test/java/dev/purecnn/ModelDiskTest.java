package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Saving on a disk that fails at one call or another. */
class ModelDiskTest {
    @TempDir
    private Path folder;

    private Path file;
    private byte[] old;

    @BeforeEach
    void saveOld() throws IOException {
        file = folder.resolve("model");
        TestNetworks.small(1).build().save(file);
        old = Files.readAllBytes(file);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    @Test
    void save_eachCallFailing_leavesOldFile() throws IOException {
        CNN cnn = TestNetworks.small(2).build();
        FailingDisk whole = new FailingDisk(0, null);
        cnn.save(file, whole);
        byte[] saved = Files.readAllBytes(file);
        assertThat(whole.calls()).isGreaterThanOrEqualTo(8);
        for (int failing = 1; failing <= whole.calls(); failing++) {
            Files.write(file, old);
            FailingDisk disk = new FailingDisk(failing, null);
            boolean renamed = failing == whole.calls(); // the last call forces the folder
            assertThatExceptionOfType(IOException.class)
                    .as("call %d", failing)
                    .isThrownBy(() -> cnn.save(file, disk))
                    .withMessageStartingWith(file + ": expected to write the file, got ")
                    .withMessageContaining("no space left on the test's disk")
                    .withMessageContaining(
                            renamed ? "the new file is in its place" : "the old file, if any, is as it was");
            assertThat(disk.failed()).isEqualTo(renamed ? "forceFolder" : disk.failed());
            assertThat(Files.readAllBytes(file)).as("call %d", failing).isEqualTo(renamed ? saved : old);
            assertThat(names()).containsExactly("model");
        }
    }

    @Test
    void save_uncheckedFailure_leavesOldFile() throws IOException {
        CNN cnn = TestNetworks.small(2).build();
        for (int failing = 1; failing <= 7; failing++) {
            FailingDisk disk = new FailingDisk(failing, new UnsupportedOperationException("thrown by the test"));
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> cnn.save(file, disk));
            assertThat(Files.readAllBytes(file)).isEqualTo(old);
            assertThat(names()).containsExactly("model");
        }
    }
}
