package dev.purecnn.evaluation;

/**
 * An image that was taken for something else.
 *
 * @param index its number in the dataset
 * @param label its right class
 * @param predicted the class that it was taken for
 * @param probability how sure the network was of that, in [0, 1]
 * @param loss its cross-entropy, in nats
 */
public record Mistake(int index, int label, int predicted, double probability, double loss) {}
