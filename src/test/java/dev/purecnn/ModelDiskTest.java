package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.purecnn.internal.file.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
            boolean renamed = failing >= whole.calls() - 1; // the last calls close the file and force the folder
            assertThatExceptionOfType(IOException.class)
                    .as("call %d", failing)
                    .isThrownBy(() -> cnn.save(file, disk))
                    .withMessageStartingWith(file + ": expected to write the file, got ")
                    .withMessageContaining("no space left on the test's disk")
                    .withMessageContaining(
                            renamed ? "the new file is in its place" : "the old file, if any, is as it was");
            assertThat(List.of("close", "forceFolder").contains(disk.failed())).isEqualTo(renamed);
            assertThat(Files.readAllBytes(file)).as("call %d", failing).isEqualTo(renamed ? saved : old);
            assertThat(names()).containsExactly("model");
        }
    }

    @Test
    void save_uncheckedFailure_leavesOldFile() throws IOException {
        CNN cnn = TestNetworks.small(2).build();
        for (int failing = 1; failing <= 6; failing++) { // up to the renaming
            FailingDisk disk = new FailingDisk(failing, new UnsupportedOperationException("thrown by the test"));
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> cnn.save(file, disk));
            assertThat(Files.readAllBytes(file)).isEqualTo(old);
            assertThat(names()).containsExactly("model");
        }
    }

    // ---- leftovers of those who were killed

    /** What another JVM does: it begins to write a file, and never ends. */
    public static void main(String[] arguments) throws IOException {
        try (Disk.Output output = Disk.real().create(Path.of(arguments[0]))) {
            output.write(ByteBuffer.wrap(new byte[100]));
            System.out.println("writing");
            System.in.read();
        }
    }

    @Test
    void save_leftoverOfAnother_isDeletedWhenThatIsDead() throws Exception {
        Path unfinished = folder.resolve("model.0a1b2c.unfinished");
        Process other = OtherJvm.of(ModelDiskTest.class, List.of(), unfinished.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        CNN cnn = TestNetworks.small(2).build();
        try {
            assertThat(new String(other.getInputStream().readNBytes(7), StandardCharsets.UTF_8))
                    .isEqualTo("writing");
            cnn.save(file);
            assertThat(names()).containsExactlyInAnyOrder("model", "model.0a1b2c.unfinished"); // it still writes
        } finally {
            other.destroyForcibly().waitFor();
        }
        assertThat(unfinished).hasSize(100);
        cnn.save(file);
        assertThat(names()).containsExactly("model");
    }

    @Test
    void save_leftoversOfOtherFiles_stay() throws IOException {
        List<String> others = List.of(
                "another.0a1b.unfinished",
                "model.0a1b.unfinished.bak",
                "model.notes.unfinished",
                "model.safetensors.0a1b.unfinished",
                "my model.0a1b.unfinished",
                "modelx0a1b.unfinished");
        for (String name : others) {
            Files.writeString(folder.resolve(name), "as it was");
        }
        Files.writeString(folder.resolve("model.0a1b.unfinished"), "left");
        TestNetworks.small(2).build().save(file);
        assertThat(names()).containsAll(others).contains("model").hasSize(others.size() + 1);
    }

    /** Saves to the same place while another save is under way there. */
    @Test
    void save_whileAnotherSaves_bothSucceed() throws IOException {
        CNN first = TestNetworks.small(2).build();
        CNN second = TestNetworks.small(3).build();
        first.save(file, new FailingDisk(0, null) {
            @Override
            public void move(Path from, Path to) throws IOException {
                second.save(file);
                assertThat(CNN.load(file).fingerprint()).isEqualTo(second.fingerprint());
                super.move(from, to);
            }
        });
        assertThat(CNN.load(file).fingerprint()).isEqualTo(first.fingerprint());
        assertThat(names()).containsExactly("model");
    }
}
