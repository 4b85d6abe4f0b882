package dev.purecnn.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which column of one CSV file holds the labels: the one that the options or the header name, or the first, unless the
 * rows contradict it. For one pass over one file.
 */
final class CsvLabels {
    static final int NO_COLUMN = -1;
    private static final Set<String> NAMES = Set.of("label", "class", "target", "y");

    private final MnistCsv.Builder options;
    private int column;
    private boolean guessed;

    private int rows;
    private int first; // what the first column has held so far, and the last
    private int last;
    private boolean firstVaries;
    private boolean lastVaries;
    private boolean lastFits = true;

    CsvLabels(MnistCsv.Builder options, long columns) {
        this.options = options;
        guessed = options.labelColumn == MnistCsv.LabelColumn.DETECT;
        if (options.labelColumn == MnistCsv.LabelColumn.LAST) {
            column = (int) columns - 1;
        } else if (options.labelColumn == MnistCsv.LabelColumn.NONE || options.labelName != null) {
            column = NO_COLUMN;
        } else {
            column = Math.max(0, options.labelIndex);
        }
    }

    /** From 0, or {@link #NO_COLUMN}. */
    int column() {
        return column;
    }

    boolean isGuessed() {
        return guessed;
    }

    /** Takes the names of the columns; returns what is wrong with them, null if nothing is. */
    String header(String[] names) {
        if (options.labelName != null) {
            return choose(names, Set.of(name(options.labelName)), "named " + MnistCsvReader.shown(options.labelName));
        }
        return guessed ? choose(names, NAMES, "of labels") : null;
    }

    private String choose(String[] names, Set<String> wanted, String what) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            if (wanted.contains(name(names[i]))) {
                found.add(i);
            }
        }
        if (found.size() == 1) {
            column = found.get(0);
            guessed = false;
        }
        if (found.size() > 1) {
            return "expected one column " + what + ", got columns " + (found.get(0) + 1) + " and " + (found.get(1) + 1)
                    + ". Tell the builder which one holds the labels: labelColumn(" + found.get(0)
                    + "), counted from 0.";
        }
        return found.isEmpty() && !guessed
                ? "expected a column " + what + ", got " + MnistCsvReader.shown(String.join(",", names))
                        + ". Give a name that the header has."
                : null;
    }

    private static String name(String cell) {
        return cell.replace('"', ' ').strip().toLowerCase(Locale.ROOT);
    }

    /** Takes a row whose label column is guessed; values are negative if they are not whole numbers. */
    void row(int firstValue, int lastValue) {
        firstVaries |= rows > 0 && firstValue != first;
        lastVaries |= rows > 0 && lastValue != last;
        lastFits &= lastValue >= 0 && lastValue < options.classes;
        first = firstValue;
        last = lastValue;
        rows++;
    }

    /** Whether the rows so far allow the last column to be the labels. */
    boolean lastMayBeLabels() {
        return lastFits && (lastVaries || rows == 1);
    }

    /** Why the first column may not hold the labels, after all rows; null if nothing says so. */
    String doubt() {
        return guessed && !firstVaries && lastFits && lastVaries
                ? "expected labels in the first column, got " + first + " in all " + rows
                        + " rows, and labels that fit in the last column. Tell the builder which of them holds the"
                        + " labels: labelColumn(LabelColumn.FIRST) or labelColumn(LabelColumn.LAST)."
                : null;
    }
}
