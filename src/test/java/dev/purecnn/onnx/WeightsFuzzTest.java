package dev.purecnn.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code -Dpurecnn.seed} draws other faults, {@code -Dpurecnn.fuzz.runs} more of them. */
class WeightsFuzzTest {
    private static final Path ORIGINAL = Path.of("src/test/resources/dev/purecnn/onnx/pytorch.safetensors");
    private static final Pattern TOKEN = Pattern.compile("\"(\\\\.|[^\"\\\\])*\"|-?[0-9][0-9.eE+-]*|[{}\\[\\],:]");
    private static final List<String> TOKENS = List.of(
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "0",
            "1",
            "-1",
            "8",
            "01",
            "1.5",
            "1e400",
            "2147483647",
            "2147483648",
            "9223372036854775807",
            "9223372036854775808",
            "null",
            "\"\"",
            "\"F64\"",
            "\"F16\"",
            "\"I8\"",
            "\"F4\"",
            "\"__metadata__\"",
            "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[");

    @TempDir
    Path folder;

    private byte[] original;
    private HostileFiles files;

    @BeforeEach
    void read() throws IOException {
        original = Files.readAllBytes(ORIGINAL);
        files = new HostileFiles(folder.resolve("mutant"), Weights::read);
        files.read(original);
    }

    @Test
    void read_everyPrefix_isRefused() throws IOException {
        for (int length = 0; length < original.length; length++) {
            assertThat(files.read(Arrays.copyOf(original, length)))
                    .as("length %d", length)
                    .isTrue();
        }
    }

    @Test
    void read_mutants_areRefusedAsDocumented() throws IOException {
        assertThat(files.refuse("WeightsFuzzTest", this::mutant)).isGreaterThan(HostileFiles.RUNS / 2);
    }

    private byte[] mutant(Random random) {
        if (random.nextInt(4) == 0) {
            return HostileFiles.spoiled(original, random);
        }
        int length =
                (int) ByteBuffer.wrap(original).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(original, Long.BYTES, length, StandardCharsets.ISO_8859_1);
        for (int faults = 1 + random.nextInt(2); faults > 0; faults--) {
            List<MatchResult> tokens = TOKEN.matcher(header).results().toList();
            MatchResult token = tokens.get(random.nextInt(tokens.size()));
            MatchResult other = tokens.get(random.nextInt(tokens.size()));
            String replacement = random.nextBoolean() ? TOKENS.get(random.nextInt(TOKENS.size())) : other.group();
            String kept = random.nextInt(4) == 0 ? token.group() : "";
            header = header.substring(0, token.start()) + kept + replacement + header.substring(token.end());
        }
        return SafetensorsFile.bytes(header, Arrays.copyOfRange(original, Long.BYTES + length, original.length));
    }

    /** As many tensors of nothing as a file of that size may have. */
    @Test
    void read_manyTensors_inLittleMemory() throws IOException {
        for (int count : new int[] {1_000, 100_000}) {
            List<String> entries = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                entries.add("\"" + i + "\":{\"dtype\":\"F64\",\"shape\":[0],\"data_offsets\":[0,0]}");
            }
            boolean refused = files.read(SafetensorsFile.bytes("{" + String.join(",", entries) + "}", new byte[0]));
            assertThat(refused).isEqualTo(count > 1_024);
        }
    }
}
