package dev.purecnn;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What GraalVM is told that the library loads by name: all of it, and nothing that is not there. */
class NativeImageTest {
    private static final String METADATA = "META-INF/native-image/dev.purecnn/purecnn/reachability-metadata.json";
    private static final Pattern TYPE = Pattern.compile("\"type\": \"([^\"]+)\"|\"name\": \"([^\"]+)\"");
    private static final Set<String> BY_NAME = Set.of(
            "java.lang.Class.forName",
            "java.lang.Class.getConstructor",
            "java.lang.Class.getDeclaredConstructor",
            "java.lang.Class.getDeclaredField",
            "java.lang.Class.getDeclaredMethod",
            "java.lang.Class.getField",
            "java.lang.Class.getMethod",
            "java.lang.Class.getResource",
            "java.lang.Class.getResourceAsStream",
            "java.lang.ClassLoader.getResource",
            "java.lang.ClassLoader.getResourceAsStream",
            "java.lang.ClassLoader.loadClass",
            "java.lang.Module.getResourceAsStream",
            "java.lang.invoke.MethodHandles$Lookup.findClass",
            "java.lang.invoke.MethodHandles$Lookup.findConstructor",
            "java.lang.invoke.MethodHandles$Lookup.findStatic",
            "java.lang.invoke.MethodHandles$Lookup.findVirtual",
            "java.lang.reflect.Proxy.newProxyInstance",
            "java.util.ResourceBundle.getBundle",
            "java.util.ServiceLoader.load");

    private static String metadata() throws IOException {
        try (InputStream in = CNN.class.getClassLoader().getResourceAsStream(METADATA)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** {@code Console.isTerminal} came with JDK 22; GraalVM passes over what its JDK does not have. */
    @Test
    void metadata_typesAndMethods_exist() throws Exception {
        Class<?> type = null;
        for (Matcher matcher = TYPE.matcher(metadata()); matcher.find(); ) {
            if (matcher.group(1) != null) {
                type = Class.forName(matcher.group(1), false, CNN.class.getClassLoader());
            } else if (matcher.group(2).equals("<init>")) {
                assertThat(type.getDeclaredConstructor()).isNotNull();
            } else if (type != Console.class || Runtime.version().feature() >= 22) {
                assertThat(type.getMethod(matcher.group(2))).isNotNull();
            }
        }
        assertThat(type).isEqualTo(Console.class);
        assertThat(ResourceBundle.getBundle("opencsv").getKeys().hasMoreElements())
                .isTrue();
    }

    @Test
    void metadata_coversAllThatIsLoadedByName() throws IOException {
        JavaClasses library = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackagesOf(CNN.class);
        Set<String> calls = new TreeSet<>();
        library.stream()
                .flatMap(type -> type.getMethodCallsFromSelf().stream())
                .filter(call -> BY_NAME.contains(name(call.getTarget())))
                .map(JavaMethodCall::getOrigin)
                .forEach(origin -> calls.add(origin.getOwner().getSimpleName() + "." + origin.getName()));
        assertThat(calls)
                .as("places that load by name: tell GraalVM what they load in " + METADATA)
                .containsExactly("KernelChooser.load", "Terminal.isTerminal");
        assertThat(metadata())
                .contains("\"dev.purecnn.internal.kernel.VectorKernels\"", "\"<init>\"")
                .contains("\"java.io.Console\"", "\"isTerminal\"");
    }

    private static String name(MethodCallTarget target) {
        return target.getOwner().getName() + "." + target.getName();
    }
}
