package dev.purecnn.layer;

import java.util.Arrays;
import java.util.Objects;

/**
 * How the loss of an image is counted in training: plain cross-entropy, {@code -log(probability[label])}, or that with
 * smoothed labels, class weights, or both. Immutable.
 *
 * <p>{@code loss = weight[label] * -(sum over c of target[c] * log(probability[c]))} with {@code target[c] = (1 -
 * labelSmoothing) * oneHot(label)[c] + labelSmoothing / numClasses}. Its gradient by the logits is {@code weight[label] *
 * (probability[c] - target[c])}.
 *
 * <p>The loss of a batch stays the sum over its images by their number, as in Keras, and is not divided by the sum of their
 * weights, as PyTorch does: weights that are all 2 double the loss and its gradient. PyTorch differs with both options at once,
 * too: it weighs each term of the sum by its own class.
 *
 * <pre>{@code
 * CrossEntropy.plain().withLabelSmoothing(0.1).withClassWeights(1, 5, 1);  // the second class is rare
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1512.00567">Szegedy et al. 2016, on label smoothing, section 7</a>
 * @see <a href="https://keras.io/api/models/model_training_apis/">Keras, on class weights, the argument class_weight</a>
 */
public final class CrossEntropy {
    private static final CrossEntropy PLAIN = new CrossEntropy(0.0, new double[0]);

    private final double labelSmoothing;
    private final double[] classWeights;

    private CrossEntropy(double labelSmoothing, double[] classWeights) {
        this.labelSmoothing = labelSmoothing;
        this.classWeights = classWeights;
    }

    /**
     * Cross-entropy without options.
     *
     * @return always the same object
     */
    public static CrossEntropy plain() {
        return PLAIN;
    }

    /**
     * The same with smoothed labels: a part of each target goes to all classes alike, so that a network is not drawn towards
     * ever larger logits.
     *
     * @param epsilon that part, in [0, 1); 0 for none
     * @return the new loss
     * @throws IllegalArgumentException if it is not in [0, 1)
     */
    public CrossEntropy withLabelSmoothing(double epsilon) {
        if (!(epsilon >= 0 && epsilon < 1)) {
            throw new IllegalArgumentException(
                    "CrossEntropy: expected a label smoothing of at least 0 and below 1, got " + epsilon
                            + ". Use the part of each target that all classes share, such as 0.1.");
        }
        return new CrossEntropy(epsilon, classWeights);
    }

    /**
     * The same with class weights: loss and gradient of an image are multiplied by the weight of its label.
     *
     * @param weights one for each class, at least 0 and finite, and not all 0; none at all if classes are to count alike
     * @return the new loss
     * @throws IllegalArgumentException if one is negative, infinite or NaN, or all are 0
     */
    public CrossEntropy withClassWeights(double... weights) {
        double[] copy = Objects.requireNonNull(weights, "weights").clone();
        boolean anyCounts = copy.length == 0;
        for (int label = 0; label < copy.length; label++) {
            if (!(copy[label] >= 0 && copy[label] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("CrossEntropy: expected class weights of at least 0 and finite, got "
                        + copy[label] + " for class " + label + ". Use 1 for a class that counts as usual.");
            }
            anyCounts |= copy[label] > 0;
        }
        if (!anyCounts) {
            throw new IllegalArgumentException("CrossEntropy: expected a class weight above 0, got " + copy.length
                    + " weights of 0. Use 1 for a class that counts as usual.");
        }
        return new CrossEntropy(labelSmoothing, copy);
    }

    /**
     * The part of each target that all classes share.
     *
     * @return in [0, 1); 0 unless chosen
     */
    public double labelSmoothing() {
        return labelSmoothing;
    }

    /**
     * What the loss of each class is multiplied by.
     *
     * @return a copy, one for each class; empty if classes count alike
     */
    public double[] classWeights() {
        return classWeights.clone();
    }

    /**
     * What the loss of an image is multiplied by.
     *
     * @param label the image's class, one of those that there are weights for
     * @return at least 0 and finite; 1 unless chosen
     */
    public double weight(int label) {
        return classWeights.length == 0 ? 1.0 : classWeights[label];
    }

    /**
     * Whether this is cross-entropy without options, or with such as change nothing.
     *
     * @return true if labels are not smoothed and each class weighs 1
     */
    public boolean isPlain() {
        for (double weight : classWeights) {
            if (weight != 1) {
                return false;
            }
        }
        return labelSmoothing == 0;
    }

    /** Refuses weights for another number of classes. */
    void checkClasses(int classes, String layer) {
        if (classWeights.length != 0 && classWeights.length != classes) {
            throw new IllegalArgumentException(layer + ": expected " + classes + " class weights, one per class, got "
                    + classWeights.length + ". Name a weight for each class, 1 for those that count as usual.");
        }
    }

    /** Equal if options and weights are, number by number. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CrossEntropy loss
                && Double.compare(labelSmoothing, loss.labelSmoothing) == 0
                && Arrays.equals(classWeights, loss.classWeights);
    }

    @Override
    public int hashCode() {
        return 31 * Double.hashCode(labelSmoothing) + Arrays.hashCode(classWeights);
    }

    /** The form of the layers: {@code <CrossEntropy: labelSmoothing=0.1, classWeights=[1.0, 5.0]>}. */
    @Override
    public String toString() {
        return "<CrossEntropy: labelSmoothing=" + labelSmoothing + ", classWeights=" + Arrays.toString(classWeights)
                + ">";
    }
}
