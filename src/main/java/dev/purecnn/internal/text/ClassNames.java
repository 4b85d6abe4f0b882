package dev.purecnn.internal.text;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The names of classes, as datasets and models carry them; an empty list where none were given. */
public final class ClassNames {
    private static final int MOST_SHOWN = 10;

    private ClassNames() {}

    /**
     * Checks names from outside: one for each class, none blank, all different.
     *
     * @param where for messages
     * @param names in the order of the labels
     * @param classes the number of classes
     * @return a copy
     */
    public static List<String> checked(String where, List<String> names, int classes) {
        List<String> copy = List.copyOf(names);
        if (copy.size() != classes) {
            throw new IllegalArgumentException(where + ": expected " + classes + " class names, got " + copy.size()
                    + ". Name every class, in the order of the labels.");
        }
        Set<String> seen = new HashSet<>();
        for (String name : copy) {
            if (name.isBlank()) {
                throw new IllegalArgumentException(where + ": expected a name for class " + copy.indexOf(name)
                        + ", got a blank one. Name every class.");
            }
            if (!seen.add(name)) {
                throw new IllegalArgumentException(where + ": expected different class names, got \"" + Quoted.of(name)
                        + "\" for classes " + copy.indexOf(name) + " and " + copy.lastIndexOf(name)
                        + ". Give every class a name of its own.");
            }
        }
        return copy;
    }

    /**
     * Refuses names that differ, if both are given.
     *
     * @param where for messages
     * @param expected the names of one, or none
     * @param got the names of the other, or none
     */
    public static void checkSame(String where, List<String> expected, List<String> got) {
        if (expected.isEmpty() || got.isEmpty() || expected.equals(got)) {
            return;
        }
        int difference = 0;
        while (difference < Math.min(expected.size(), got.size())
                && expected.get(difference).equals(got.get(difference))) {
            difference++;
        }
        throw new IllegalArgumentException(where + ": expected the classes " + shown(expected, difference) + ", got "
                + shown(got, difference) + ". Load both with the same class names, in the same order.");
    }

    /**
     * Names for a message.
     *
     * @param names of classes
     * @return the first ten, and how many there are
     */
    public static String shown(List<String> names) {
        return shown(names, 0);
    }

    /** All names, or of many those around the first difference. */
    private static String shown(List<String> names, int difference) {
        int from = difference < MOST_SHOWN ? 0 : Math.min(difference - 1, names.size());
        int to = Math.min(names.size(), from + MOST_SHOWN);
        return "[" + (from > 0 ? "..., " : "")
                + names.subList(from, to).stream().map(Quoted::of).collect(Collectors.joining(", "))
                + (to < names.size() ? ", ..." : "") + "] (" + names.size() + ")";
    }
}
