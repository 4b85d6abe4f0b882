package dev.purecnn;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads numbers that a script made once with another library: lines {@code case name}, each followed by rows of numbers. */
public final class PyTorchCases {
    private PyTorchCases() {}

    /** The rows of each case. */
    public static Map<String, double[][]> read(String resource) {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(PyTorchCases.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            Map<String, double[][]> cases = new LinkedHashMap<>();
            String name = null;
            for (String line : (Iterable<String>) reader.lines()::iterator) {
                if (line.startsWith("case ")) {
                    name = line.substring("case ".length());
                    cases.put(name, new double[0][]);
                } else if (!line.startsWith("#")) {
                    double[] row = Arrays.stream(line.split(" "))
                            .mapToDouble(Double::parseDouble)
                            .toArray();
                    double[][] rows = Arrays.copyOf(cases.get(name), cases.get(name).length + 1);
                    rows[rows.length - 1] = row;
                    cases.put(name, rows);
                }
            }
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
