package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the README shows is what the compiler has seen. */
class ReadmeTest {
    private static final Path EXAMPLES = Path.of("src/examples/java/dev/purecnn/examples");

    @Test
    void readme_javaSnippets_standInExamples() throws IOException {
        List<String> examples = new ArrayList<>();
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            for (Path file : files.toList()) {
                examples.add(withoutIndent(Files.readString(file)));
            }
        }
        List<String> snippets = snippets("java");
        assertThat(snippets).hasSizeGreaterThanOrEqualTo(2);
        for (String snippet : snippets) {
            assertThat(examples).as(snippet).anyMatch(example -> example.contains(withoutIndent(snippet)));
        }
    }

    @Test
    void readme_commands_areThoseOfThePom() throws IOException {
        assertThat(snippets("")).anyMatch(block -> block.contains("mvn -q test-compile exec:java"));
        assertThat(snippets("")).anyMatch(block -> block.contains("mvn test"));
        assertThat(Files.readString(Path.of("pom.xml"))).contains("dev.purecnn.examples.Notebook");
    }

    @Test
    void readme_dependency_isThisVersion() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        for (String element : List.of("groupId", "artifactId", "version")) {
            Matcher first =
                    Pattern.compile("<" + element + ">.*</" + element + ">").matcher(pom);
            assertThat(first.find()).isTrue();
            assertThat(snippets("xml")).anyMatch(block -> block.contains(first.group()));
        }
    }

    private static String withoutIndent(String code) {
        return code.lines().map(String::strip).reduce("", (all, line) -> all + line + "\n");
    }

    private static List<String> snippets(String language) throws IOException {
        Matcher blocks = Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$").matcher(Files.readString(Path.of("README.md")));
        List<String> found = new ArrayList<>();
        while (blocks.find()) {
            if (blocks.group(1).equals(language)) {
                found.add(blocks.group(2));
            }
        }
        return found;
    }
}
