package dev.purecnn.evaluation;

import java.util.Objects;

/**
 * Collects predictions for a set of images, one by one in any order; several threads may add different images at once.
 *
 * <pre>{@code
 * Tally tally = Evaluation.tally(1, 3);
 * tally.note(0, 2, new double[] {0.1, 0.3, 0.6}, 0, 0.51); // image 0 is a 2, and was classified as one
 * tally.evaluation().accuracy(); // 1.0
 * }</pre>
 */
public final class Tally {
    final int numClasses;
    final int[] labels;
    final int[] predicted;
    /** How many classes were more probable than the correct one. */
    final int[] ranks;

    final double[] losses;
    /** Of the class that was predicted. */
    final double[] bestProbabilities;

    Tally(int numSamples, int numClasses) {
        if (numSamples < 1 || numClasses < 1) {
            throw new IllegalArgumentException("Tally: expected at least 1 image and 1 class, got " + numSamples
                    + " images and " + numClasses + " classes. Evaluate a set that is not empty.");
        }
        this.numClasses = numClasses;
        labels = new int[numSamples];
        predicted = new int[numSamples];
        ranks = new int[numSamples];
        losses = new double[numSamples];
        bestProbabilities = new double[numSamples];
    }

    /**
     * Adds one image.
     *
     * @param index its number in the set
     * @param label its correct class
     * @param probabilities one per class; not kept
     * @param from index of the first
     * @param loss its cross-entropy, in nats
     * @throws IndexOutOfBoundsException if there is no such image, class or probability
     */
    public void note(int index, int label, double[] probabilities, int from, double loss) {
        Objects.checkIndex(label, numClasses);
        Objects.checkFromIndexSize(from, numClasses, probabilities.length);
        int best = Evaluation.mostProbable(probabilities, from, numClasses);
        labels[index] = label;
        predicted[index] = best;
        losses[index] = loss;
        bestProbabilities[index] = probabilities[from + best];
        ranks[index] = best == label ? 0 : Math.max(1, moreProbable(probabilities, from, label));
    }

    /** How many classes go before that one; of equal ones the first does, and all go before one that is not a number. */
    private int moreProbable(double[] probabilities, int from, int label) {
        double own = probabilities[from + label];
        int count = 0;
        for (int c = 0; c < numClasses; c++) {
            boolean after = probabilities[from + c] < own || probabilities[from + c] == own && c >= label;
            count += c == label || after ? 0 : 1;
        }
        return count;
    }

    /**
     * {@return the evaluation of all images, summed in their order} Call it when all images were added, and add none afterwards.
     */
    public Evaluation evaluation() {
        int hits = 0;
        for (int i = 0; i < labels.length; i++) {
            hits += predicted[i] == labels[i] ? 1 : 0;
        }
        return new Evaluation(
                Evaluation.meanLoss(losses, labels.length), (double) hits / labels.length, labels.length, this);
    }
}
