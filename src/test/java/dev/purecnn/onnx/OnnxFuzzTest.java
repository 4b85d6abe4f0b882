package dev.purecnn.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.purecnn.CnnBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Dpurecnn.seed} draws other faults, {@code -Dpurecnn.fuzz.runs} more of them. */
class OnnxFuzzTest {
    private static final Path RESOURCES = Path.of("src/test/resources/dev/purecnn/onnx");

    @TempDir
    Path folder;

    private HostileFiles files;

    @BeforeEach
    void warmUp() throws IOException {
        files = new HostileFiles(
                folder.resolve("mutant"),
                file -> OnnxImport.read(file).endWithSoftmax().build(CnnBuilder::quiet));
        for (String name : new String[] {"lenet", "residual", "flat"}) {
            files.read(bytes(name));
        }
    }

    private static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(RESOURCES.resolve(name + ".onnx"));
    }

    @Test
    void read_everyPrefix_isRefused() throws IOException {
        byte[] original = bytes("lenet");
        int graphEnd = original.length - 8; // the opset, which may be missing, comes after the graph
        for (int length = 0; length < graphEnd; length += 3) {
            assertThat(files.read(Arrays.copyOf(original, length)))
                    .as("length %d", length)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lenet", "residual", "flat"})
    void read_mutants_areRefusedAsDocumented(String name) throws IOException {
        byte[] original = bytes(name);
        int refused = files.refuse("OnnxFuzzTest, " + name, random -> mutant(original, random));
        assertThat(refused).isGreaterThan(HostileFiles.RUNS / 3);
    }

    private static byte[] mutant(byte[] original, Random random) {
        if (random.nextInt(5) == 0) {
            return HostileFiles.spoiled(original, random);
        }
        ProtoTree tree = ProtoTree.read(original);
        for (int faults = 1 + random.nextInt(3); faults > 0; faults--) {
            tree.spoil(random);
        }
        return tree.content();
    }
}
