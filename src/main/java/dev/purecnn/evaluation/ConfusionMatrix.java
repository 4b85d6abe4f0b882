package dev.purecnn.evaluation;

import java.util.Locale;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;

/**
 * How many images of each class were classified as each class. With {@code right} the images of a class that were classified as
 * it:
 *
 * <pre>{@code
 * precision = right / all images classified as the class
 * recall    = right / all images of the class
 * F1        = 2 right / (images classified as the class + images of the class)
 * }</pre>
 *
 * <p>A figure whose divisor is 0 is 0. A mean over the classes ("macro") gives each the same weight, and leaves out those that
 * neither occur nor were predicted. A class that does not exist is an {@link IndexOutOfBoundsException}.
 *
 * <pre>{@code
 * ConfusionMatrix matrix = cnn.test(images).confusionMatrix();
 * System.out.println(matrix.count(4, 9) + " fours were classified as nines, and " + matrix.count(9, 4) + " nines as fours");
 * System.out.printf("%.2f %% of the predicted nines are nines%n", 100 * matrix.precision(9));
 * }</pre>
 */
public final class ConfusionMatrix {
    private static final int WIDEST = 30; // classes whose counts fit side by side on a screen

    private final long[][] counts;
    private final long[] images;
    private final long[] predictions;

    ConfusionMatrix(int[] labels, int[] predicted, int numClasses) {
        counts = new long[numClasses][numClasses];
        images = new long[numClasses];
        predictions = new long[numClasses];
        for (int i = 0; i < labels.length; i++) {
            counts[labels[i]][predicted[i]]++;
            images[labels[i]]++;
            predictions[predicted[i]]++;
        }
    }

    /** {@return how many classes there are, at least 1} */
    public int numClasses() {
        return counts.length;
    }

    /**
     * {@return how many images of a class were classified as another, or as itself}
     *
     * @param label the correct class
     * @param predicted the predicted class
     */
    public long count(int label, int predicted) {
        Objects.checkIndex(predicted, counts.length);
        return counts[Objects.checkIndex(label, counts.length)][predicted];
    }

    /**
     * {@return the share of correct ones among the images classified as a class, in [0, 1]; 0 if there are none}
     *
     * @param label the class
     */
    public double precision(int label) {
        return share(count(label, label), predictions[label]);
    }

    /**
     * {@return the share of a class's images that were classified correctly, in [0, 1]; 0 if there are none}
     *
     * @param label the class
     */
    public double recall(int label) {
        return share(count(label, label), images[label]);
    }

    /**
     * {@return the harmonic mean of precision and recall, in [0, 1]; 0 if the class neither occurs nor was predicted}
     *
     * @param label the class
     */
    public double f1(int label) {
        return share(2 * count(label, label), predictions[label] + images[label]);
    }

    /** {@return the mean precision of the classes, in [0, 1]} */
    public double macroPrecision() {
        return mean(this::precision);
    }

    /** {@return the mean recall of the classes, in [0, 1]} */
    public double macroRecall() {
        return mean(this::recall);
    }

    /** {@return the mean F1 of the classes, in [0, 1]} */
    public double macroF1() {
        return mean(this::f1);
    }

    private double mean(IntToDoubleFunction figure) {
        double sum = 0;
        int seen = 0;
        for (int c = 0; c < counts.length; c++) {
            if (images[c] + predictions[c] > 0) {
                sum += figure.applyAsDouble(c);
                seen++;
            }
        }
        return sum / seen;
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    /** A line for each class with its figures, one for their means, and the counts if they fit on a screen. */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder();
        table.append(
                String.format(Locale.ROOT, "%5s %9s %9s %9s %9s%n", "class", "images", "precision", "recall", "F1"));
        long all = 0;
        for (int c = 0; c < counts.length; c++) {
            table.append(line(String.valueOf(c), images[c], precision(c), recall(c), f1(c)));
            all += images[c];
        }
        table.append(line("mean", all, macroPrecision(), macroRecall(), macroF1()));
        if (counts.length <= WIDEST) {
            appendCounts(table, Math.max(5, String.valueOf(all).length() + 1));
        }
        return table.toString();
    }

    private static String line(String name, long images, double precision, double recall, double f1) {
        return String.format(
                Locale.ROOT,
                "%5s %9d %8.2f%% %8.2f%% %8.2f%%%n",
                name,
                images,
                100 * precision,
                100 * recall,
                100 * f1);
    }

    private void appendCounts(StringBuilder table, int width) {
        String cell = "%" + width + "s";
        table.append(String.format("%nrows: correct class; columns: predicted class%n%5s", ""));
        for (int c = 0; c < counts.length; c++) {
            table.append(String.format(Locale.ROOT, cell, c));
        }
        table.append(System.lineSeparator());
        for (int label = 0; label < counts.length; label++) {
            table.append(String.format(Locale.ROOT, "%5d", label));
            for (long count : counts[label]) {
                table.append(String.format(Locale.ROOT, cell, count == 0 ? "." : String.valueOf(count)));
            }
            table.append(System.lineSeparator());
        }
    }
}
