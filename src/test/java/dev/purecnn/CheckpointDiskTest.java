package dev.purecnn;

import static dev.purecnn.CheckpointedTraining.checkpoint;
import static dev.purecnn.CheckpointedTraining.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.purecnn.internal.file.Disk;
import dev.purecnn.internal.training.CheckpointSink;
import dev.purecnn.internal.training.TrainingState;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints on a disk that fails at one call or another. */
class CheckpointDiskTest {
    private static final TrainingState STATE =
            TrainingState.fresh(TrainingOptions.builder().build(), 100);

    @TempDir
    private Path folder;

    private final CNN cnn = TestNetworks.small(2).build();
    private String oldFingerprint;
    private List<String> oldNames;

    @BeforeEach
    void writeTwo() throws IOException {
        for (int step = 0; step < 2; step++) {
            TestNetworks.step(cnn, TestNetworks.images(8, step), 0, 8);
            cnn.checkpoints(folder, Disk.real()).write(STATE);
        }
        oldFingerprint = cnn.fingerprint();
        oldNames = List.of("checkpoint-000000000001.safetensors", "checkpoint-000000000002.safetensors");
        assertThat(names(folder)).isEqualTo(oldNames);
        TestNetworks.step(cnn, TestNetworks.images(8, 3), 0, 8);
    }

    @Test
    void write_eachCallFailing_leavesTheCheckpointBefore() throws IOException {
        Path old = checkpoint(folder, 2);
        Path file = checkpoint(folder, 3);
        byte[] first = Files.readAllBytes(checkpoint(folder, 1));
        byte[] before = Files.readAllBytes(old);
        int calls = calls();
        assertThat(calls).isGreaterThanOrEqualTo(9);
        Set<String> failed = new HashSet<>();
        for (int failing = 1; failing <= calls; failing++) {
            Files.write(checkpoint(folder, 1), first);
            Files.deleteIfExists(file);
            FailingDisk disk = new FailingDisk(failing, null);
            if (failing == 1) { // before the training begins
                assertThatExceptionOfType(UncheckedIOException.class)
                        .isThrownBy(() -> cnn.checkpoints(folder, disk))
                        .withMessageStartingWith(folder + ": expected a folder for checkpoints, got ")
                        .withMessageContaining("no space left on the test's disk");
            } else {
                CheckpointSink sink = cnn.checkpoints(folder, disk);
                assertThatExceptionOfType(IOException.class)
                        .as("call %d", failing)
                        .isThrownBy(() -> sink.write(STATE))
                        .withMessageStartingWith(file + ": expected to write a checkpoint, got ")
                        .withMessageContaining(
                                "no space left on the test's disk; the one before it, if any, is as it was");
            }
            failed.add(disk.failed());
            assertThat(Files.readAllBytes(old)).as("call %d", failing).isEqualTo(before);
            boolean renamed = List.of("close", "forceFolder", "delete").contains(disk.failed());
            assertThat(CNN.load(folder).fingerprint())
                    .as("call %d, %s", failing, disk.failed())
                    .isEqualTo(renamed ? cnn.fingerprint() : oldFingerprint);
            assertThat(names(folder)).containsAll(oldNames).hasSize(renamed ? 3 : 2);
        }
        assertThat(failed)
                .containsExactlyInAnyOrder(
                        "createFolder", "create", "write", "force", "close", "move", "forceFolder", "delete");
        cnn.checkpoints(folder, Disk.real()).write(STATE);
        assertThat(names(folder))
                .containsExactly("checkpoint-000000000002.safetensors", "checkpoint-000000000003.safetensors");
    }

    /** How many calls it takes, tried out in a folder like this one. */
    private int calls() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        for (String name : oldNames) {
            Files.copy(folder.resolve(name), other.resolve(name));
        }
        FailingDisk disk = new FailingDisk(0, null);
        cnn.checkpoints(other, disk).write(STATE);
        for (String name : names(other)) {
            Files.delete(other.resolve(name));
        }
        Files.delete(other);
        return disk.calls();
    }

    @Test
    void write_uncheckedFailure_leavesTheCheckpointBefore() throws IOException {
        byte[] before = Files.readAllBytes(checkpoint(folder, 2));
        for (int failing = 1; failing <= 7; failing++) {
            FailingDisk disk = new FailingDisk(failing, new UnsupportedOperationException("thrown by the test"));
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> cnn.checkpoints(folder, disk).write(STATE));
            assertThat(Arrays.equals(Files.readAllBytes(checkpoint(folder, 2)), before))
                    .isTrue();
            assertThat(names(folder)).isEqualTo(oldNames);
        }
    }

    @Test
    void write_interruptedThread_isWrittenIntoNewFolder() throws IOException {
        Path other = folder.resolve("new").resolve("other");
        Thread.currentThread().interrupt();
        cnn.checkpoints(other, Disk.real()).write(STATE);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(CNN.load(other).fingerprint()).isEqualTo(cnn.fingerprint());
    }

    /** A thread that is interrupted again and again while it writes. */
    @Test
    void write_interruptsAllTheTime_isWritten() throws Exception {
        Thread writer = Thread.currentThread();
        for (int round = 0; round < 20; round++) {
            Thread interrupter = new Thread(new Interrupter(writer));
            interrupter.start();
            cnn.checkpoints(folder, Disk.real()).write(STATE);
            while (interrupter.isAlive()) { // which join, being interrupted, would not wait for
                Thread.yield();
            }
            Thread.interrupted();
            assertThat(CNN.load(folder).fingerprint()).isEqualTo(cnn.fingerprint());
            assertThat(names(folder)).hasSize(2);
        }
    }

    private record Interrupter(Thread writer) implements Runnable {
        @Override
        public void run() {
            for (int i = 0; i < 50; i++) {
                writer.interrupt();
                Thread.onSpinWait();
            }
        }
    }
}
