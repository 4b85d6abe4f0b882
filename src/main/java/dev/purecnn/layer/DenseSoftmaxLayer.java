package dev.purecnn.layer;

import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * The last layer of a classifier: a fully connected layer, and softmax over its outputs, the logits.
 *
 * <p>{@code probability[c] = exp(logit[c] - max) / sum over j of exp(logit[j] - max)}; taking the largest logit off first
 * changes nothing but that nothing overflows. The loss of an image is cross-entropy, {@code -log(probability[label])},
 * computed from the logits, and so finite for finite logits. Its gradient by the logits is {@code probability -
 * oneHot(label)} (Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4). In training it may be counted with
 * smoothed labels and class weights: {@link CrossEntropy}.
 *
 * <pre>{@code
 * var output = new DenseSoftmaxLayer(14 * 14 * 3, 10);
 * }</pre>
 */
public final class DenseSoftmaxLayer extends AbstractLayer<DenseSoftmaxLayer.Memory> implements OutputLayer {
    private final int inputs;
    private final int classes;
    private final DenseLayer dense;
    private CrossEntropy trainingLoss = CrossEntropy.plain();
    private boolean training;

    /**
     * A layer of that size.
     *
     * @param inputs values of one image
     * @param classes number of classes, and so of probabilities
     * @throws IllegalArgumentException if one of them is below 1, or there would be more weights than an array holds
     */
    public DenseSoftmaxLayer(int inputs, int classes) {
        this(inputs, classes, new DenseLayer("DenseSoftmaxLayer", inputs, classes));
    }

    private DenseSoftmaxLayer(int inputs, int classes, DenseLayer dense) {
        this.inputs = inputs;
        this.classes = classes;
        this.dense = dense;
    }

    /** {@code exponentials} are those of the logits without their maximum; {@code sums} are theirs, one an image. */
    static final class Memory {
        private final double[] exponentials;
        private final double[] sums;
        private final double[] probabilities;
        private final double[] logitGradient;
        private final double[] losses;
        private double[] logits;

        private Memory(int n, int classes) {
            exponentials = new double[n * classes];
            sums = new double[n];
            probabilities = new double[n * classes];
            logitGradient = new double[n * classes];
            losses = new double[n];
        }
    }

    @Override
    Memory remember(int images) {
        return new Memory(images, classes);
    }

    @Override
    void borrowMemory(AbstractLayer<?> lender) {
        super.borrowMemory(lender);
        dense.borrowMemory(((DenseSoftmaxLayer) lender).dense);
    }

    @Override
    Shape fit(Shape images) {
        dense.fit(images);
        return Shape.vector(classes);
    }

    @Override
    void initialize(Shape images, RandomGenerator random) {
        dense.connect(images, random);
    }

    @Override
    public double[] forward(double[] images) {
        Memory memory = begin(images);
        memory.logits = dense.forward(images);
        for (int image = 0; image < images(); image++) {
            softmax(memory, image);
        }
        return memory.probabilities;
    }

    private void softmax(Memory memory, int image) {
        int from = image * classes;
        double max = memory.logits[largest(memory.logits, from)];
        double sum = 0;
        for (int i = from; i < from + classes; i++) {
            memory.exponentials[i] = exponential(memory.logits[i], max);
            sum += memory.exponentials[i];
        }
        memory.sums[image] = sum;
        for (int i = from; i < from + classes; i++) {
            memory.probabilities[i] = memory.exponentials[i] / sum;
        }
    }

    /** {@code exp(logit - max)}, with what the difference lost in rounding: at -100 that would be 30 last digits. */
    private static double exponential(double logit, double max) {
        double difference = logit - max;
        double exponential = StrictMath.exp(difference);
        return exponential == 0 ? 0 : Math.fma(exponential, lost(logit, max, difference), exponential);
    }

    /** What {@code difference = x - y} lost in rounding, exactly (Knuth, TAOCP 2, 4.2.2); 0 if it overflowed. */
    private static double lost(double x, double y, double difference) {
        double taken = x - difference;
        double left = difference + taken;
        double lost = (x - left) + (taken - y);
        return Double.isInfinite(difference) ? 0 : lost;
    }

    /** The index of an image's largest logit. */
    private int largest(double[] logits, int from) {
        int largest = from;
        for (int i = from + 1; i < from + classes; i++) {
            if (logits[i] > logits[largest]) {
                largest = i;
            }
        }
        return largest;
    }

    @Override
    public void training(boolean now) {
        training = now;
    }

    @Override
    public void use(CrossEntropy loss) {
        loss.checkClasses(classes, name());
        trainingLoss = loss;
    }

    /** How the loss is counted now. */
    private CrossEntropy counted() {
        return training ? trainingLoss : CrossEntropy.plain();
    }

    @Override
    public double[] losses(int[] labels) {
        Memory memory = resume(labels);
        CrossEntropy counted = counted();
        double smoothing = counted.labelSmoothing();
        for (int image = 0; image < labels.length; image++) {
            int from = image * classes;
            int largest = largest(memory.logits, from);
            // log(sum) by log1p of what the sum has beside the largest's own 1: exact also where the loss is near 0
            double rest = StrictMath.log1p(sumWithout(memory.exponentials, from, largest));
            double max = memory.logits[largest];
            double logit = memory.logits[from + labels[image]];
            double loss = max - logit + (lost(max, logit, max - logit) + rest);
            if (smoothing > 0) {
                loss = (1 - smoothing) * loss + smoothing * (meanDistance(memory.logits, from, max) + rest);
            }
            double limit = hasInfinity(memory.logits, from) ? Double.POSITIVE_INFINITY : Double.MAX_VALUE;
            memory.losses[image] = Math.min(counted.weight(labels[image]) * Math.min(loss, limit), limit);
        }
        return memory.losses;
    }

    /** If not, an infinite loss is only a large one: two finite logits may lie further apart than the largest double. */
    private boolean hasInfinity(double[] logits, int from) {
        for (int i = from; i < from + classes; i++) {
            if (Double.isInfinite(logits[i])) {
                return true;
            }
        }
        return false;
    }

    /** How far an image's logits lie below their maximum, in the mean: the part of the loss that differs from label to label. */
    private double meanDistance(double[] logits, int from, double max) {
        double mean = 0;
        for (int i = from; i < from + classes; i++) {
            mean += (max - logits[i]) / classes;
        }
        return mean;
    }

    @Override
    public double[] backpropLabels(int[] labels) {
        return dense.backprop(logitGradient(labels));
    }

    /** {@code probability - target}; without smoothing the label's own is minus the sum of the others', where nothing cancels. */
    private double[] logitGradient(int[] labels) {
        Memory memory = resume(labels);
        CrossEntropy counted = counted();
        double smoothing = counted.labelSmoothing();
        System.arraycopy(memory.probabilities, 0, memory.logitGradient, 0, memory.probabilities.length);
        for (int image = 0; image < labels.length; image++) {
            int from = image * classes;
            int right = from + labels[image];
            memory.logitGradient[right] = -sumWithout(memory.exponentials, from, right) / memory.sums[image];
            if (smoothing > 0) {
                memory.logitGradient[right] += smoothing;
            }
            double weight = counted.weight(labels[image]);
            for (int i = from; i < from + classes; i++) {
                memory.logitGradient[i] = weight * (memory.logitGradient[i] - smoothing / classes);
            }
        }
        return memory.logitGradient;
    }

    private double sumWithout(double[] values, int from, int left) {
        double sum = 0;
        for (int i = from; i < from + classes; i++) {
            if (i != left) {
                sum += values[i];
            }
        }
        return sum;
    }

    private Memory resume(int[] labels) {
        Memory memory = resume();
        Objects.requireNonNull(labels, "labels");
        if (labels.length != images()) {
            throw new IllegalArgumentException(name() + ": expected " + images() + " labels, one an image, got "
                    + labels.length + ". Pass the labels of the last forward's images.");
        }
        for (int image = 0; image < labels.length; image++) {
            if (labels[image] < 0 || labels[image] >= classes) {
                throw new IllegalArgumentException(name() + ": expected labels from 0 to " + (classes - 1) + ", got "
                        + labels[image] + " for image " + image + ". Correct the label, or build the layer with more"
                        + " classes.");
            }
        }
        return memory;
    }

    /**
     * Carries the gradient of any loss of the probabilities back: {@code dLoss/dLogit[c] = probability[c] * (gradient[c] -
     * sum over j of probability[j] * gradient[j])}.
     */
    @Override
    public double[] backprop(double[] lossGradient) {
        Memory memory = resume(lossGradient);
        double[] probabilities = memory.probabilities;
        for (int from = 0; from < probabilities.length; from += classes) {
            double mean = 0;
            for (int i = from; i < from + classes; i++) {
                mean += probabilities[i] * lossGradient[i];
            }
            for (int i = from; i < from + classes; i++) {
                memory.logitGradient[i] = probabilities[i] * (lossGradient[i] - mean);
            }
        }
        return dense.backprop(memory.logitGradient);
    }

    @Override
    public List<Parameter> parameters() {
        return dense.parameters();
    }

    @Override
    public long multiplyAdds() {
        return dense.multiplyAdds();
    }

    @Override
    public LayerDescription description() {
        return LayerDescription.of("DenseSoftmaxLayer").with("inputs", inputs).with("classes", classes);
    }

    @Override
    DenseSoftmaxLayer unfittedReplica() {
        DenseSoftmaxLayer copy = new DenseSoftmaxLayer(inputs, classes, (DenseLayer) dense.replica());
        copy.trainingLoss = trainingLoss;
        return copy;
    }

    /** The notebook's form: {@code <DenseSoftmaxLayer: (196, 10)>}. */
    @Override
    public String toString() {
        return "<DenseSoftmaxLayer: (" + inputs + ", " + classes + ")>";
    }
}
