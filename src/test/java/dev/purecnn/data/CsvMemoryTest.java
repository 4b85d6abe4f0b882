package dev.purecnn.data;

import static dev.purecnn.data.TestFiles.gzip;
import static dev.purecnn.data.TestFiles.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.purecnn.OtherJvm;
import dev.purecnn.layer.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that hold more images than fit in memory. */
class CsvMemoryTest {
    @TempDir
    private Path folder;

    @Test
    void load_moreThanMaxMemory_isRefused() throws IOException {
        Path file = Files.write(folder.resolve("digits.csv.gz"), gzip(utf8("7,0,255\n".repeat(100))));
        MnistCsv.Builder tiny = MnistCsv.builder().shape(Shape.vector(2));

        assertThat(tiny.maxMemory(100 * (2 + 48)).load(file).size()).isEqualTo(100);
        assertThatExceptionOfType(CsvFormatException.class)
                .isThrownBy(() -> tiny.maxMemory(100 * (2 + 48) - 1).load(file))
                .withMessage(file + ", row 100, column 1: expected at most 4999 bytes of images to keep in memory, got"
                        + " more after 100 images. Give Java more memory (-Xmx) or the builder a larger maxMemory, leave"
                        + " the images in the file with open, or ask for fewer with maxRows.");
        assertThat(tiny.maxRows(99).load(file).size()).isEqualTo(99);
    }

    /** 1.6 GB of rows in 2.4 MB of gzip, and a heap of 64 MB. */
    @Test
    void load_endlessZeros_isRefusedBeforeTheMemoryRunsOut() throws IOException, InterruptedException {
        byte[] member = gzip(utf8(("0" + ",0".repeat(784) + "\n").repeat(10_000)));
        Path file = folder.resolve("zeros.csv.gz");
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int i = 0; i < 100; i++) {
                out.write(member);
            }
        }

        String output = OtherJvm.run(List.of("-Xmx64m"), Loading.class, file.toString());

        assertThat(output).contains("refused: ").contains("bytes of images to keep in memory, got more after ");
        output = OtherJvm.run(List.of("-Xmx64m"), Loading.class, file.toString(), "all of it");
        assertThat(output).contains("refused: ").contains("bytes of images to keep in memory, got more after ");
    }

    /** Loads a file, without a limit if there is a second argument. */
    static final class Loading {
        private Loading() {}

        public static void main(String[] arguments) throws IOException {
            MnistCsv.Builder builder = MnistCsv.builder();
            if (arguments.length > 1) {
                builder.maxMemory(Long.MAX_VALUE);
            }
            try {
                System.out.println(
                        "loaded: " + builder.load(Path.of(arguments[0])).size());
            } catch (CsvFormatException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }
    }
}
