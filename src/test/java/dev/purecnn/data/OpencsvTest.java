package dev.purecnn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.purecnn.CNN;
import dev.purecnn.OtherJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a user reads who has no opencsv. */
class OpencsvTest {

    @Test
    void version_isThePoms() throws IOException {
        assertThat(Files.readString(Path.of("pom.xml")))
                .contains("<opencsv.version>" + Opencsv.VERSION + "</opencsv.version>");
    }

    @Test
    void needed_missingClasses_nameTheDependency() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Opencsv.needed(() -> {
                    throw new NoClassDefFoundError("com/opencsv/CSVReader");
                }))
                .withMessage("MnistCsv: expected opencsv on the class path or module path, got none. Add the dependency"
                        + " com.opencsv:opencsv:5.12.0; a module also says \"requires com.opencsv;\".")
                .withCauseInstanceOf(NoClassDefFoundError.class);
        assertThatIllegalStateException()
                .isThrownBy(() -> Opencsv.needed(() -> {
                    throw new NoClassDefFoundError("org/apache/commons/lang3/StringUtils");
                }))
                .withMessageContaining("Add the dependency org.apache.commons:commons-lang3:");
        assertThatExceptionOfType(NoClassDefFoundError.class)
                .isThrownBy(() -> Opencsv.needed(() -> {
                    throw new NoClassDefFoundError("some/other/Type");
                }));
    }

    /** The library and this test alone on the class path. */
    @Test
    void load_withoutOpencsv_namesTheDependency() throws IOException, InterruptedException {
        String classPath = place(CNN.class) + File.pathSeparator + place(OpencsvTest.class);
        for (String call : List.of("load", "open")) {
            String output = OtherJvm.run(List.of("-classpath", classPath), Loading.class, call);

            assertThat(output)
                    .contains("java.lang.IllegalStateException: MnistCsv: expected opencsv on the class path")
                    .contains("Add the dependency com.opencsv:opencsv:" + Opencsv.VERSION);
        }
    }

    private static String place(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .toString();
    }

    /** Loads a file that is there. */
    static final class Loading {
        private Loading() {}

        public static void main(String[] arguments) throws IOException {
            Path file = Files.createTempFile("digits", ".csv");
            try {
                Dataset dataset = arguments[0].equals("load") ? MnistCsv.load(file) : MnistCsv.open(file);
                System.out.println(dataset.size());
            } finally {
                Files.delete(file);
            }
        }
    }
}
