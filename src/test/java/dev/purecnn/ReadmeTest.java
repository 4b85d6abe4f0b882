package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README and the pages under src/docs: their code compiles, and what they name exists. */
class ReadmeTest {
    private static final Path README = Path.of("README.md");
    private static final Path POM = Path.of("pom.xml");

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(README));
        pages.addAll(filesIn("src/docs"));
        assertThat(pages).hasSizeGreaterThan(2);
        return pages;
    }

    private static List<Path> filesIn(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void page_javaSnippets_standInExamples(Path page) throws IOException {
        List<String> examples = new ArrayList<>();
        for (Path file : filesIn("src/examples/java/dev/purecnn/examples")) {
            examples.add(withoutIndent(Files.readString(file)));
        }
        for (String snippet : snippets(page, "java")) {
            assertThat(examples.stream().anyMatch(example -> example.contains(withoutIndent(snippet))))
                    .as("found in an example: %s", snippet)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void page_links_leadToFiles(Path page) throws IOException {
        for (String link : found("\\]\\((?!https?:)([^)#]+)[^)]*\\)", Files.readString(page))) {
            assertThat(page.resolveSibling(link)).as("%s: %s", page, link).exists();
        }
    }

    /** Main classes, Maven profiles and their executions. */
    @ParameterizedTest
    @MethodSource("pages")
    void page_commands_nameWhatThereIs(Path page) throws IOException {
        String text = Files.readString(page);
        String pom = Files.readString(POM);
        for (String main : found("-Dexec\\.mainClass=([\\w.]+\\w)", text)) {
            assertThat(ReadmeTest.class.getClassLoader().getResource(main.replace('.', '/') + ".class"))
                    .as("%s: %s", page, main)
                    .isNotNull();
        }
        for (String id : found("-P ?(\\w+)|exec:exec@(\\w+)", text)) {
            assertThat(pom).as("%s: %s", page, id).contains("<id>" + id + "</id>");
        }
    }

    @Test
    void readme_snippets_areThere() throws IOException {
        assertThat(snippets(README, "java")).hasSizeGreaterThanOrEqualTo(3);
        assertThat(snippets(README, "")).anyMatch(block -> block.contains("mvn -q test-compile exec:java"));
        assertThat(snippets(README, "")).anyMatch(block -> block.contains("mvn test"));
        assertThat(Files.readString(POM)).contains("dev.purecnn.examples.Notebook");
    }

    @Test
    void readme_dependency_isThisVersion() throws IOException {
        String pom = Files.readString(POM);
        for (String element : List.of("groupId", "artifactId", "version")) {
            String first = found("(<" + element + ">.*</" + element + ">)", pom).get(0);
            assertThat(snippets(README, "xml")).anyMatch(block -> block.contains(first));
        }
    }

    @Test
    void docs_pages_areAllLinkedFromTheReadme() throws IOException {
        String readme = Files.readString(README);
        for (Path page : filesIn("src/docs")) {
            assertThat(readme).contains("](src/docs/" + page.getFileName() + ")");
        }
    }

    /** What is in the parentheses of a pattern, wherever it matches. */
    private static List<String> found(String regex, String text) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .map(match -> match.groupCount() > 1 && match.group(1) == null ? match.group(2) : match.group(1))
                .toList();
    }

    private static String withoutIndent(String code) {
        return code.lines().map(String::strip).reduce("", (all, line) -> all + line + "\n");
    }

    private static List<String> snippets(Path page, String language) throws IOException {
        return Pattern.compile("(?ms)^```(\\w*)\n(.*?)^```$")
                .matcher(Files.readString(page))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }
}
