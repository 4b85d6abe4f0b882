package dev.purecnn;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts a test's main method in a JVM of its own. */
public final class OtherJvm {
    private OtherJvm() {}

    /** What is to be started; plain kernels, compiled quickly. */
    public static ProcessBuilder of(Class<?> main, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Dpurecnn.kernels=plain", "-classpath", classPath(main)));
        command.addAll(options);
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    private static String classPath(Class<?> main) {
        return String.join(
                File.pathSeparator, placeOf(CNN.class), placeOf(main), System.getProperty("java.class.path"));
    }

    private static String placeOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
