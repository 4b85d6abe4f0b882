package dev.purecnn.checks;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Commands that start a check in a new virtual machine. */
final class FreshJvm {
    private FreshJvm() {}

    /** The virtual machine that this program runs on. */
    static String home() {
        return System.getProperty("java.home");
    }

    /**
     * A command for {@link ProcessBuilder}.
     *
     * @param home where the virtual machine is installed
     * @param options for it, among them a class path
     * @param main the program
     */
    static List<String> command(String home, List<String> options, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(home, "bin", "java").toString());
        command.addAll(options);
        command.add(main.getName());
        command.addAll(List.of(arguments));
        return command;
    }

    /** The class path entries that hold these classes; works under Maven's own class loader too. */
    static String classPath(Class<?>... types) {
        return Stream.of(types)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())).toString())
                .distinct()
                .collect(Collectors.joining(System.getProperty("path.separator")));
    }
}
