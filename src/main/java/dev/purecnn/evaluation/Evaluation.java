package dev.purecnn.evaluation;

/**
 * How a network did on a set of images.
 *
 * <pre>{@code
 * Evaluation evaluation = cnn.test(testImages);
 * System.out.printf("%.2f %% right%n", 100 * evaluation.accuracy());
 * }</pre>
 *
 * @param loss the mean cross-entropy of an image, in nats
 * @param accuracy the share of images whose most probable class is the right one, in [0, 1]
 * @param numSamples how many images were looked at, at least 1
 */
public record Evaluation(double loss, double accuracy, int numSamples) {

    /**
     * Checks the figures.
     *
     * @param loss the mean cross-entropy of an image, in nats
     * @param accuracy the share of images whose most probable class is the right one, in [0, 1]
     * @param numSamples how many images were looked at, at least 1
     * @throws IllegalArgumentException if the accuracy is not in [0, 1], or there were no images
     */
    public Evaluation {
        if (!(accuracy >= 0 && accuracy <= 1)) {
            throw new IllegalArgumentException(
                    "Evaluation: expected an accuracy in [0, 1], got " + accuracy + ". Pass a share, not percent.");
        }
        requireSamples(numSamples, Integer.MAX_VALUE);
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
        double loss = 0;
        int hits = 0;
        for (int i = 0; i < numSamples; i++) {
            loss += losses[i];
            hits += correct[i] ? 1 : 0;
        }
        return new Evaluation(loss / numSamples, (double) hits / numSamples, numSamples);
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
