package dev.purecnn.evaluation;

import java.util.Objects;

/**
 * Gathers what a network said of each image of a set, one by one in any order; several threads may note different images.
 *
 * <pre>{@code
 * Tally tally = Evaluation.tally(1, 3);
 * tally.note(0, 2, new double[] {0.1, 0.3, 0.6}, 0, 0.51); // image 0 is a 2, and was taken for one
 * tally.evaluation().accuracy(); // 1.0
 * }</pre>
 */
public final class Tally {
    final int numClasses;
    final int[] labels;
    final int[] predicted;
    /** How many classes were thought more probable than the right one. */
    final int[] ranks;

    final double[] losses;
    /** Of the class that was predicted. */
    final double[] probabilities;

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
        probabilities = new double[numSamples];
    }

    /**
     * Notes one image.
     *
     * @param index its number in the set
     * @param label its right class
     * @param answer where the probabilities of the classes stand; not kept
     * @param from index of the first
     * @param loss its cross-entropy, in nats
     * @throws IndexOutOfBoundsException if there is no such image, class or probability
     */
    public void note(int index, int label, double[] answer, int from, double loss) {
        Objects.checkIndex(label, numClasses);
        Objects.checkFromIndexSize(from, numClasses, answer.length);
        int best = Evaluation.mostProbable(answer, from, numClasses);
        labels[index] = label;
        predicted[index] = best;
        losses[index] = loss;
        probabilities[index] = answer[from + best];
        ranks[index] = best == label ? 0 : Math.max(1, moreProbable(answer, from, label));
    }

    /** How many classes go before that one; of equal ones the first does, and all go before one that is not a number. */
    private int moreProbable(double[] answer, int from, int label) {
        double own = answer[from + label];
        int count = 0;
        for (int c = 0; c < numClasses; c++) {
            boolean after = answer[from + c] < own || answer[from + c] == own && c >= label;
            count += c == label || after ? 0 : 1;
        }
        return count;
    }

    /**
     * Sums up, in the order of the images, when all have been noted. The evaluation keeps the tally: note nothing after it.
     *
     * @return how the network did
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
