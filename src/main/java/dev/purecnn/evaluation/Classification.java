package dev.purecnn.evaluation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The classes of an image with their probabilities, the most probable first.
 *
 * <pre>{@code
 * Classification result = cnn.classify(Pictures.read(Path.of("holiday.jpg")));
 * System.out.println(result.best().name() + ", " + result.best().probability());
 * for (Classification.Candidate candidate : result.top(3)) {
 *     System.out.println(candidate);              // cat 93.1 %
 * }
 * double dog = result.probability("dog");
 * }</pre>
 *
 * <p>Immutable. Of equally probable classes the lower number comes first.
 */
public final class Classification {
    private final List<Candidate> ranked;

    /**
     * One class and its probability.
     *
     * @param label the number of the class, from 0
     * @param name its name; the number as text where the network was given no names
     * @param probability in [0, 1]
     */
    public record Candidate(int label, String name, double probability) {

        /** Name and probability, such as {@code cat 93.1 %}. */
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%s %.1f %%", name, 100 * probability);
        }
    }

    private Classification(List<Candidate> ranked) {
        this.ranked = ranked;
    }

    /**
     * Ranks the classes of one image.
     *
     * @param probabilities one per class, as {@code CNN.predict} returns them; copied
     * @param classNames one per class in the order of their numbers; empty for "0", "1", ...
     * @return the classification
     * @throws IllegalArgumentException if there is no class, a probability is not in [0, 1], or there are names, but not one
     *     per class
     */
    public static Classification of(double[] probabilities, List<String> classNames) {
        Objects.requireNonNull(classNames, "classNames");
        if (probabilities.length == 0) {
            throw new IllegalArgumentException(
                    "Classification: expected at least 1 probability, got none. Pass one per class.");
        }
        if (!classNames.isEmpty() && classNames.size() != probabilities.length) {
            throw new IllegalArgumentException("Classification: expected " + probabilities.length
                    + " class names, one per probability, got " + classNames.size() + ". Name every class, or none.");
        }
        List<Candidate> ranked = new ArrayList<>(probabilities.length);
        for (int label = 0; label < probabilities.length; label++) {
            double probability = probabilities[label];
            if (!(probability >= 0 && probability <= 1)) {
                throw new IllegalArgumentException("Classification: expected probabilities in [0, 1], got "
                        + probability + " for class " + label + ". Pass what CNN.predict returns.");
            }
            ranked.add(new Candidate(
                    label, classNames.isEmpty() ? String.valueOf(label) : classNames.get(label), probability));
        }
        ranked.sort(Comparator.comparingDouble(Candidate::probability).reversed()); // stable: ties by label
        return new Classification(List.copyOf(ranked));
    }

    /** {@return the most probable class} */
    public Candidate best() {
        return ranked.get(0);
    }

    /**
     * {@return the most probable classes, the most probable first; unmodifiable}
     *
     * @param most how many at most, at least 1
     * @throws IllegalArgumentException if {@code most} is below 1
     */
    public List<Candidate> top(int most) {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "Classification: expected at least 1 class, got " + most + ". Use a positive number.");
        }
        return ranked.subList(0, Math.min(most, ranked.size()));
    }

    /**
     * {@return the probability of a class, in [0, 1]}
     *
     * @param label the number of the class, from 0
     * @throws IllegalArgumentException if there is no such class
     */
    public double probability(int label) {
        return find(
                candidate -> candidate.label == label,
                () -> "a class from 0 to " + (ranked.size() - 1) + ", got " + label);
    }

    /**
     * {@return the probability of a class, in [0, 1]}
     *
     * @param name as in the network's class names; "0", "1", ... where it has none
     * @throws IllegalArgumentException if there is no such class
     */
    public double probability(String name) {
        return find(
                candidate -> candidate.name.equals(name),
                () -> "one of the classes " + namesByLabel() + ", got " + name);
    }

    private double find(Predicate<Candidate> wanted, Supplier<String> expectedAndGot) {
        return ranked.stream()
                .filter(wanted)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Classification: expected " + expectedAndGot.get() + ". Ask for one of the network's classes."))
                .probability;
    }

    private List<String> namesByLabel() {
        return ranked.stream()
                .sorted(Comparator.comparingInt(Candidate::label))
                .map(Candidate::name)
                .toList();
    }

    /** Whether both have the same classes with the same probabilities, bit for bit. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Classification that && ranked.equals(that.ranked);
    }

    @Override
    public int hashCode() {
        return ranked.hashCode();
    }

    /** The three most probable classes, such as {@code cat 93.1 %, dog 6.2 %, horse 0.7 %}. */
    @Override
    public String toString() {
        return String.join(", ", top(3).stream().map(Candidate::toString).toList());
    }
}
