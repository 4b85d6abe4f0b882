package dev.purecnn.internal.training;

import dev.purecnn.data.Augmentation;
import dev.purecnn.internal.text.Quoted;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingOptions;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What the steps of a training depend on, besides its batches and its optimizer. A checkpoint holds these settings, and training
 * only continues with the same ones.
 *
 * @param texts by the option's name, such as {@code schedule} to {@code Cosine[learningRate=0.1, length=20.0]}. A missing one
 *     matches any value: all are missing in a training that has not begun, some in checkpoints of older versions
 */
public record TrainingSettings(Map<String, String> texts) {
    static final TrainingSettings ANY = new TrainingSettings(Map.of());

    private static final String NONE = "none";
    /** Before JDK 19 some numbers have more digits than they need. */
    private static final Pattern NUMBER = Pattern.compile("(?<!\\d)\\d++\\.\\d++(E-?\\d++)?");
    /** What Object.toString() returns, as for a lambda: different in each JVM. */
    private static final Pattern NAMELESS = Pattern.compile("[^\\s=,()\\[\\]]+@[0-9a-f]{1,8}(?![0-9a-f])");

    public TrainingSettings {
        TreeMap<String, String> sorted = new TreeMap<>(texts);
        sorted.forEach((name, text) -> Objects.requireNonNull(text, name));
        texts = Collections.unmodifiableMap(sorted);
    }

    static TrainingSettings of(TrainingOptions options, Schedule schedule) {
        double[] weights = options.loss().classWeights();
        return new TrainingSettings(Map.of(
                "schedule",
                NAMELESS.matcher("" + schedule).replaceAll("one without toString()"),
                "clipNorm",
                Double.isInfinite(options.clipNorm()) ? NONE : Double.toString(options.clipNorm()),
                "classWeights",
                weights.length == 0 ? NONE : Arrays.toString(weights),
                "labelSmoothing",
                Double.toString(options.loss().labelSmoothing()),
                "augmentation",
                options.augmentation().map(Augmentation::toString).orElse(NONE),
                "earlyStopping",
                options.patience() == 0 ? NONE : Integer.toString(options.patience())));
    }

    /** Refuses to continue with other settings. */
    void requireContinuedBy(TrainingSettings next) {
        StringBuilder expected = new StringBuilder();
        StringBuilder got = new StringBuilder();
        texts.forEach((name, text) -> {
            String other = next.texts.getOrDefault(name, "nothing of that name");
            if (!alike(text, other)) {
                expected.append(", ").append(Quoted.of(name)).append('=').append(Quoted.message(text));
                got.append(", ").append(Quoted.of(name)).append('=').append(other);
            }
        });
        if (!expected.isEmpty()) {
            throw new IllegalArgumentException("TrainingOptions: expected what the training was cut short with, "
                    + expected.substring(2) + "; got " + got.substring(2)
                    + ". Name the same to resume, or call train, which begins another training from here.");
        }
    }

    /** Whether two descriptions differ at most in how their numbers are written. */
    static boolean alike(String one, String other) {
        return exact(one).equals(exact(other));
    }

    private static String exact(String description) {
        return NUMBER.matcher(description).replaceAll(number -> Double.toHexString(Double.parseDouble(number.group())));
    }
}
