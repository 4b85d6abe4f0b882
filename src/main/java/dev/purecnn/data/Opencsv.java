package dev.purecnn.data;

import java.io.IOException;

/** Names the dependency to add where opencsv, which only the CSV reader needs, is missing. Uses none of its classes. */
final class Opencsv {
    static final String VERSION = "5.12.0"; // the one in the pom

    private Opencsv() {}

    /** Something that opencsv is needed for. */
    interface Reading<T> {
        T read() throws IOException;
    }

    static <T> T needed(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (NoClassDefFoundError e) {
            String missing = String.valueOf(e.getMessage());
            if (missing.contains("com/opencsv/")) {
                throw missing("opencsv", "com.opencsv:opencsv:" + VERSION, e);
            }
            if (missing.contains("org/apache/commons/lang3/")) {
                throw missing("commons-lang3, which opencsv uses,", "org.apache.commons:commons-lang3:3.18.0", e);
            }
            throw e;
        }
    }

    private static IllegalStateException missing(String what, String artifact, NoClassDefFoundError cause) {
        return new IllegalStateException(
                "MnistCsv: expected " + what + " on the class path or module path, got none. Add the dependency "
                        + artifact + "; a module also says \"requires com.opencsv;\".",
                cause);
    }
}
