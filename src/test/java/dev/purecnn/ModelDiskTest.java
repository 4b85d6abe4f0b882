package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.purecnn.internal.file.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
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

    /** Fails at the call of that number, and leaves half of what a failing write was to write. */
    private static final class FailingDisk implements Disk {
        private final Disk real = Disk.real();
        private final int failing;
        private final RuntimeException unchecked;
        private int calls;
        private String failed;

        FailingDisk(int failing, RuntimeException unchecked) {
            this.failing = failing;
            this.unchecked = unchecked;
        }

        private void call(String name) throws IOException {
            if (++calls == failing) {
                failed = name;
                if (unchecked != null) {
                    throw unchecked;
                }
                throw new IOException("no space left on the test's disk");
            }
        }

        @Override
        public Output create(Path path) throws IOException {
            call("create");
            Output output = real.create(path);
            return new Output() {
                @Override
                public void write(ByteBuffer bytes) throws IOException {
                    if (calls + 1 == failing) {
                        output.write(bytes.slice(0, bytes.remaining() / 2));
                    }
                    call("write");
                    output.write(bytes);
                }

                @Override
                public void force() throws IOException {
                    call("force");
                    output.force();
                }

                @Override
                public void close() throws IOException {
                    output.close();
                    call("close");
                }
            };
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            call("move");
            real.move(from, to);
        }

        @Override
        public void forceFolder(Path path) throws IOException {
            call("forceFolder");
            real.forceFolder(path);
        }

        @Override
        public void delete(Path path) throws IOException {
            real.delete(path);
        }
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
        assertThat(whole.calls).isGreaterThanOrEqualTo(8);
        for (int failing = 1; failing <= whole.calls; failing++) {
            Files.write(file, old);
            FailingDisk disk = new FailingDisk(failing, null);
            boolean renamed = failing == whole.calls; // the last call forces the folder
            assertThatExceptionOfType(IOException.class)
                    .as("call %d", failing)
                    .isThrownBy(() -> cnn.save(file, disk))
                    .withMessageStartingWith(file + ": expected to write the file, got ")
                    .withMessageContaining("no space left on the test's disk")
                    .withMessageContaining(
                            renamed ? "the new file is in its place" : "the old file, if any, is as it was");
            assertThat(disk.failed).isEqualTo(renamed ? "forceFolder" : disk.failed);
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
