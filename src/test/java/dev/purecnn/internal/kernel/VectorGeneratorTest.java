package dev.purecnn.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VectorGeneratorTest {

    /** But for the format. */
    @Test
    void files_inTheSources_areWhatIsGenerated() throws IOException {
        for (Map.Entry<Path, String> file : VectorGenerator.files().entrySet()) {
            String source = Files.readString(file.getKey());
            assertThat(source.replaceAll("\\s", "")).isEqualTo(file.getValue().replaceAll("\\s", ""));
        }
    }
}
