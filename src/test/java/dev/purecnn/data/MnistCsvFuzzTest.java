package dev.purecnn.data;

import static dev.purecnn.data.TestFiles.gzip;
import static dev.purecnn.data.TestFiles.storedGzip;
import static dev.purecnn.data.TestFiles.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.purecnn.data.MnistCsv.Header;
import dev.purecnn.data.MnistCsv.LabelColumn;
import dev.purecnn.layer.Shape;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small files with random faults: each is either read right or refused as documented. {@code -Dpurecnn.seed} draws
 * other faults, {@code -Dpurecnn.fuzz.runs} more of them.
 */
class MnistCsvFuzzTest {
    private static final long SEED = Long.getLong("purecnn.seed", 20_250_601L);
    private static final int RUNS = Integer.getInteger("purecnn.fuzz.runs", 5_000);
    private static final Shape SHAPE = Shape.of(1, 2, 3);
    private static final List<String> TOKENS = List.of(
            "\"", "\\", ",", ",,", "\n", "\r\n", "\n\n", " ", "\t", "-", "256", "1e9", "NaN", "a", "\uFEFF", "\0");

    @TempDir
    private Path folder;

    private static List<byte[]> originals() throws IOException {
        byte[] plain = utf8("7,0,51,102,153,204,255\n2,1,2,3,4,5,6\n0,9,8,7,6,5,4\n");
        byte[] named = utf8("\uFEFFlabel,é1,p2,p3,p4,p5,p6\r\n7,0,51,102,153,204,255\r\n2,1,2,3,4,5,6\r\n\r\n");
        return List.of(plain, named, gzip(plain), storedGzip(named));
    }

    @Test
    void load_mutatedFiles_areReadRightOrRefusedAsDocumented() throws IOException {
        System.out.println("MnistCsvFuzzTest: " + RUNS + " runs; again with -Dpurecnn.seed=" + SEED);
        List<byte[]> originals = originals();
        int refused = 0;
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(SEED * 1_000_003 + run);
            byte[] mutant = mutant(originals.get(run % originals.size()), random);
            Path file = Files.write(folder.resolve("mutant.csv"), mutant);
            try {
                refused += isRefused(file, random) ? 1 : 0;
            } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("seed " + SEED + ", run " + run + ": " + Arrays.toString(mutant), e);
            }
        }
        assertThat(refused).as("seed " + SEED + ": refused files").isBetween(RUNS / 4, RUNS - RUNS / 20);
    }

    private static byte[] mutant(byte[] original, Random random) {
        byte[] mutant = original;
        for (int faults = 1 + random.nextInt(3); faults > 0; faults--) {
            int start = random.nextInt(mutant.length + 1);
            int end = Math.min(mutant.length, start + random.nextInt(12));
            byte[] part = Arrays.copyOfRange(mutant, start, end);
            mutant = switch (random.nextInt(7)) {
                case 0 -> spliced(mutant, start, end, new byte[0]);
                case 1 -> spliced(mutant, end, end, part);
                case 2 -> spliced(mutant, start, start, utf8(TOKENS.get(random.nextInt(TOKENS.size()))));
                case 3 -> spliced(mutant, start, end, utf8(TOKENS.get(random.nextInt(TOKENS.size()))));
                case 4 -> Arrays.copyOf(mutant, start);
                case 5 -> spliced(mutant, start, start, new byte[] {(byte) random.nextInt()});
                default ->
                    spliced(mutant, start, Math.min(mutant.length, start + 1), new byte[] {(byte) random.nextInt()});
            };
        }
        return mutant;
    }

    private static byte[] spliced(byte[] original, int start, int end, byte[] replacement) {
        return TestFiles.concat(
                Arrays.copyOf(original, start), replacement, Arrays.copyOfRange(original, end, original.length));
    }

    private static boolean isRefused(Path file, Random random) throws IOException {
        MnistCsv.Builder builder =
                MnistCsv.builder().shape(SHAPE).header(Header.values()[random.nextInt(Header.values().length)]);
        if (random.nextInt(4) == 0) {
            builder.labelColumn(LabelColumn.values()[random.nextInt(LabelColumn.values().length)]);
        }
        if (random.nextBoolean()) {
            builder.maxRows(1 + random.nextInt(3));
        }
        try {
            Dataset loaded = builder.load(file);
            assertValid(loaded);
            if (!isPacked(file)) {
                try (FileDataset opened = builder.open(file)) {
                    TestFiles.assertSame(opened, loaded);
                }
            }
            return false;
        } catch (CsvFormatException e) {
            if (!isPacked(file)) {
                assertThatExceptionOfType(CsvFormatException.class)
                        .isThrownBy(() -> builder.open(file))
                        .withMessage(e.getMessage());
            }
            assertThat(e.file()).isEqualTo(file);
            assertThat(e.row()).isBetween(1, 50);
            assertThat(e.column()).isBetween(1, 500);
            assertThat(e).hasMessageStartingWith(file + ", row " + e.row() + ", column " + e.column() + ": expected ");
            assertThat(e).hasMessageContaining(", got ");
            assertThat(e.getMessage()).endsWith(".").matches("\\p{Print}+");
            return true;
        }
    }

    private static boolean isPacked(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return Gunzip.isNext(in);
        }
    }

    private static void assertValid(Dataset dataset) {
        assertThat(dataset.size()).isPositive();
        for (int i = 0; i < dataset.size(); i++) {
            assertThat(dataset.label(i)).isBetween(0, 9);
            assertThat(dataset.image(i)).hasSize(6);
            for (double value : dataset.image(i)) {
                assertThat(value).isBetween(0.0, 1.0);
            }
        }
    }
}
