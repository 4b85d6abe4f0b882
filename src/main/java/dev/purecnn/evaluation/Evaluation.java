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
 * <p>The result of a test has figures for single images and classes too. That of a training epoch has only loss and accuracy,
 * since each image was seen before a different update; asked for more, it throws {@link IllegalStateException}. Two evaluations
 * are equal if loss, accuracy and number of images are.
 */
public final class Evaluation {
    private static final double SMALL = 0x1p-64; // more losses than this has zeros do not fit into an array

    private final double loss;
    private final double accuracy;
    private final int numSamples;
    /** Null for the figures alone. */
    private final Tally tally;

    /**
     * Creates an evaluation without figures for classes and single images.
     *
     * @param loss the mean cross-entropy per image, in nats
     * @param accuracy the share of images whose most probable class is the correct one, in [0, 1]
     * @param numSamples how many images there were, at least 1
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

    /** {@return the mean cross-entropy per image, in nats} */
    public double loss() {
        return loss;
    }

    /** {@return the share of images whose most probable class is the correct one, in [0, 1]} */
    public double accuracy() {
        return accuracy;
    }

    /** {@return how many images there were, at least 1} */
    public int numSamples() {
        return numSamples;
    }

    /**
     * {@return the share of images with the correct class among their most probable ones, in [0, 1]} Of equally probable classes
     * the first counts as more probable.
     *
     * @param most how many classes count; with 1, it is the accuracy
     * @throws IllegalArgumentException if it is below 1
     */
    public double topAccuracy(int most) {
        requireAtLeastOne(most, "class");
        int hits = 0;
        for (int rank : tally().ranks) {
            hits += rank < most ? 1 : 0;
        }
        return (double) hits / numSamples;
    }

    /** {@return which classes were classified as which, with precision, recall and F1; a new matrix} */
    public ConfusionMatrix confusionMatrix() {
        return new ConfusionMatrix(tally().labels, tally.predicted, tally.numClasses);
    }

    /**
     * {@return the images that were classified wrongly, those with the highest loss first; a new list}
     *
     * @param most how many at most, at least 1
     * @throws IllegalArgumentException if it is below 1
     */
    public List<Mistake> worstMistakes(int most) {
        requireAtLeastOne(most, "mistake");
        Tally all = tally();
        return IntStream.range(0, numSamples)
                .filter(i -> all.predicted[i] != all.labels[i])
                .mapToObj(i -> new Mistake(i, all.labels[i], all.predicted[i], all.bestProbabilities[i], all.losses[i]))
                .sorted(Comparator.comparingDouble(Mistake::loss).reversed())
                .limit(most)
                .toList();
    }

    /** {@return several lines of text: {@link #toString} and the {@link ConfusionMatrix}} */
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
     * {@return the evaluation of single results, summed in their order}
     *
     * @param losses one per image
     * @param correct whether each image's most probable class was the correct one
     * @param numSamples how many of both to use, from the start; at least 1
     * @throws IllegalArgumentException if there are not that many results
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
     * {@return the mean of losses, even if their sum overflows; infinite or NaN only if a loss is}
     *
     * @param losses one per image
     * @param numSamples how many of them to use, from the start; at least 1
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
     * {@return an empty tally, to evaluate anything that predicts, such as the average of several networks}
     *
     * @param numSamples how many images there will be, at least 1
     * @param numClasses at least 1
     * @throws IllegalArgumentException if a number is below 1
     */
    public static Tally tally(int numSamples, int numClasses) {
        return new Tally(numSamples, numClasses);
    }

    /**
     * {@return the class with the highest probability, from 0; of equal ones the first}
     *
     * @param probabilities one per class
     * @param from index of the first
     * @param numClasses how many classes there are
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
