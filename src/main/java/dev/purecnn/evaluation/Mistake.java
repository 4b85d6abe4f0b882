package dev.purecnn.evaluation;

/**
 * An image that was classified wrongly.
 *
 * <pre>{@code
 * for (Mistake mistake : cnn.test(images).worstMistakes(10)) {
 *     System.out.println("image " + mistake.index() + " is a " + mistake.label() + ", taken for a " + mistake.predicted());
 * }
 * }</pre>
 *
 * @param index its number in the dataset
 * @param label its correct class
 * @param predicted the class that it was taken for
 * @param probability of the predicted class, in [0, 1]
 * @param loss its cross-entropy, in nats
 */
public record Mistake(int index, int label, int predicted, double probability, double loss) {}
