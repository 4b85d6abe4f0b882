package dev.purecnn.evaluation;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * How a network did on a set of images.
 *
 * <pre>{@code
 * Evaluation evaluation = cnn.test(testImages);
 * System.out.printf("%.2f %% right%n", 100 * evaluation.accuracy());
 * System.out.print(evaluation.table());
 * evaluation.worstMistakes(10).forEach(mistake -> show(testImages.image(mistake.index())));
 * }</pre>
 *
 * <p>What a test answers also knows about single images and classes. The figures of a training epoch do not: there each image
 * was seen by another network, between two updates. Two evaluations are equal if their three figures are.
 */
public final class Evaluation {
    private static final double SMALL = 0x1p-64; // more losses than this has zeros do not fit into an array

    private final double loss;
    private final double accuracy;
    private final int numSamples;
    /** Null for the figures alone. */
    private final Tally tally;

    /**
     * The figures alone, without classes and single images.
     *
     * @param loss the mean cross-entropy of an image, in nats
     * @param accuracy the share of images whose most probable class is the right one, in [0, 1]
     * @param numSamples how many images were looked at, at least 1
     * @throws IllegalArgumentException if the accuracy is not in [0, 1], or there were no images
     */
    public Evaluation(double loss, double accuracy, int numSamples) {
        this(loss, accuracy, numSamples, null);
    }

    Evaluation(double loss, double accuracy, int numSamples, Tally tally) {
        if (!(accuracy >= 0 && accuracy <= 1)) {
            throw new IllegalArgumentException(
                    "Evaluation: expected an accuracy in [0, 1], got " + accuracy + ". Pass a share, not percent.");
        }
        requireSamples(numSamples, Integer.MAX_VALUE);
        this.loss = loss;
        this.accuracy = accuracy;
        this.numSamples = numSamples;
        this.tally = tally;
    }

    /**
     * The mean loss.
     *
     * @return the mean cross-entropy of an image, in nats
     */
    public double loss() {
        return loss;
    }

    /**
     * How many were right.
     *
     * @return the share of images whose most probable class is the right one, in [0, 1]
     */
    public double accuracy() {
        return accuracy;
    }

    /**
     * How many images were looked at.
     *
     * @return at least 1
     */
    public int numSamples() {
        return numSamples;
    }

    /**
     * How many had the right class among their most probable ones; of equally probable classes the first goes before.
     *
     * @param most how many classes are looked at; with 1, it is the accuracy
     * @return the share of images, in [0, 1]
     * @throws IllegalArgumentException if it is below 1
     * @throws IllegalStateException if these are the figures of a training epoch
     */
    public double topAccuracy(int most) {
        requireAtLeastOne(most, "class");
        int hits = 0;
        for (int rank : tally().ranks) {
            hits += rank < most ? 1 : 0;
        }
        return (double) hits / numSamples;
    }

    /**
     * Which classes were taken for which, with precision, recall and F1.
     *
     * @return a new matrix
     * @throws IllegalStateException if these are the figures of a training epoch
     */
    public ConfusionMatrix confusionMatrix() {
        return new ConfusionMatrix(tally().labels, tally.predicted, tally.numClasses);
    }

    /**
     * The images that were taken for something else, those with the highest loss first; of equal ones the first.
     *
     * @param most how many to answer at most, at least 1
     * @return as many as there are, up to that number; a new list
     * @throws IllegalArgumentException if it is below 1
     * @throws IllegalStateException if these are the figures of a training epoch
     */
    public List<Mistake> worstMistakes(int most) {
        requireAtLeastOne(most, "mistake");
        Tally all = tally();
        return IntStream.range(0, numSamples)
                .filter(i -> all.predicted[i] != all.labels[i])
                .mapToObj(i -> new Mistake(i, all.labels[i], all.predicted[i], all.probabilities[i], all.losses[i]))
                .sorted(Comparator.comparingDouble(Mistake::loss).reversed())
                .limit(most)
                .toList();
    }

    /**
     * The figures of the whole and of each class, as text: {@link #toString} and the {@link ConfusionMatrix}.
     *
     * @return several lines, each with its end
     * @throws IllegalStateException if these are the figures of a training epoch
     */
    public String table() {
        return this + System.lineSeparator() + confusionMatrix();
    }

    private Tally tally() {
        if (tally == null) {
            throw new IllegalStateException("Evaluation: expected the result of a test, got the figures of a training"
                    + " epoch, which know no single images. Call CNN.test.");
        }
        return tally;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Evaluation that
                && Double.compare(loss, that.loss) == 0
                && Double.compare(accuracy, that.accuracy) == 0
                && numSamples == that.numSamples;
    }

    @Override
    public int hashCode() {
        return Objects.hash(loss, accuracy, numSamples);
    }

    /** One line, such as {@code 0.0312 loss, 99.00% accurate, 10000 images}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.4f loss, %.2f%% accurate, %d images", loss, 100 * accuracy, numSamples);
    }

    private static void requireAtLeastOne(int most, String what) {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "Evaluation: expected at least 1 " + what + ", got " + most + ". Use a positive number.");
        }
    }

    private static void requireSamples(int numSamples, int most) {
        if (numSamples < 1 || numSamples > most) {
            throw new IllegalArgumentException("Evaluation: expected numSamples from 1 to " + most + ", got "
                    + numSamples + ". Evaluate at least 1 image, and no more than there are results.");
        }
    }

    /**
     * Sums up single results, in their order.
     *
     * @param losses the loss of each image
     * @param correct whether each image's most probable class was the right one
     * @param numSamples how many of both to take, from the start; at least 1
     * @return the means
     * @throws IllegalArgumentException if there are fewer results, or none is to be taken
     */
    public static Evaluation of(double[] losses, boolean[] correct, int numSamples) {
        requireSamples(numSamples, Math.min(losses.length, correct.length));
        int hits = 0;
        for (int i = 0; i < numSamples; i++) {
            hits += correct[i] ? 1 : 0;
        }
        return new Evaluation(meanLoss(losses, numSamples), (double) hits / numSamples, numSamples);
    }

    /**
     * The mean of losses, also where their sum is larger than any double.
     *
     * @param losses the loss of each image
     * @param numSamples how many of them to take, from the start; at least 1
     * @return the mean; infinite or NaN only if a loss is
     */
    public static double meanLoss(double[] losses, int numSamples) {
        double sum = 0;
        double small = 0;
        for (int i = 0; i < numSamples; i++) {
            sum += losses[i];
            small += losses[i] * SMALL;
        }
        return Double.isInfinite(sum) ? small / numSamples / SMALL : sum / numSamples;
    }

    /**
     * Starts to evaluate anything that predicts, such as the average of several networks.
     *
     * @param numSamples how many images there will be, at least 1
     * @param numClasses how many classes there are
     * @return a tally of nothing yet
     * @throws IllegalArgumentException if there are no images or no classes
     */
    public static Tally tally(int numSamples, int numClasses) {
        return new Tally(numSamples, numClasses);
    }

    /**
     * The class with the highest probability; of equal ones the first.
     *
     * @param probabilities where they stand
     * @param from index of the first
     * @param numClasses how many there are
     * @return the class, from 0
     */
    public static int mostProbable(double[] probabilities, int from, int numClasses) {
        int best = 0;
        for (int c = 1; c < numClasses; c++) {
            if (probabilities[from + c] > probabilities[from + best]) {
                best = c;
            }
        }
        return best;
    }
}
