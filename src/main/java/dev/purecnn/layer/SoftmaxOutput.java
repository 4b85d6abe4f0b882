package dev.purecnn.layer;

import java.util.Objects;

/** Softmax over the logits of each image, and the cross-entropy of the probabilities; where logits come from is the subclass's. */
abstract class SoftmaxOutput extends AbstractLayer<SoftmaxOutput.SoftmaxBuffers> implements OutputLayer {
    /** Known from the first fit on at the latest. */
    int classes;

    private CrossEntropy trainingLoss = CrossEntropy.plain();
    private boolean training;

    abstract double[] logits(double[] images);

    /** Carries a gradient back to the images; {@code inputGradient} is null where it is not wanted. */
    abstract void backpropLogits(double[] logitGradient, double[] inputGradient);

    /** The output holds the probabilities. */
    static final class SoftmaxBuffers extends Buffers {
        private double[] logits;
        /** Those of the logits less their maximum. */
        private final double[] exponentials;
        /** One per image. */
        private final double[] sums;

        private final double[] losses;
        private double[] logitGradient;

        private SoftmaxBuffers(int n, SoftmaxOutput layer) {
            super(n, layer);
            exponentials = new double[output.length];
            sums = new double[n];
            losses = new double[n];
        }

        private double[] logitGradient() {
            if (logitGradient == null) {
                logitGradient = new double[output.length];
            }
            return logitGradient;
        }
    }

    @Override
    SoftmaxBuffers newBuffers(int n) {
        return new SoftmaxBuffers(n, this);
    }

    @Override
    void forward(double[] images, SoftmaxBuffers buffers) {
        buffers.logits = logits(images);
        for (int image = 0; image < buffers.n; image++) {
            softmax(buffers, image);
        }
    }

    private void softmax(SoftmaxBuffers buffers, int image) {
        int from = image * classes;
        double max = buffers.logits[largest(buffers.logits, from)];
        double sum = 0;
        for (int i = from; i < from + classes; i++) {
            buffers.exponentials[i] = exponential(buffers.logits[i], max);
            sum += buffers.exponentials[i];
        }
        buffers.sums[image] = sum;
        for (int i = from; i < from + classes; i++) {
            buffers.output[i] = buffers.exponentials[i] / sum;
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

    /** Lets a replica count as this layer does. */
    final <T extends SoftmaxOutput> T counting(T replica) {
        ((SoftmaxOutput) replica).trainingLoss = trainingLoss;
        return replica;
    }

    /** How the loss is counted now. */
    private CrossEntropy counted() {
        return training ? trainingLoss : CrossEntropy.plain();
    }

    @Override
    public double[] losses(int[] labels) {
        SoftmaxBuffers buffers = buffers(labels);
        CrossEntropy counted = counted();
        double smoothing = counted.labelSmoothing();
        for (int image = 0; image < labels.length; image++) {
            int from = image * classes;
            int largest = largest(buffers.logits, from);
            // log(sum) by log1p of what the sum has beside the largest's own 1: exact also where the loss is near 0
            double rest = StrictMath.log1p(sumWithout(buffers.exponentials, from, largest));
            double max = buffers.logits[largest];
            double logit = buffers.logits[from + labels[image]];
            double loss = max - logit + (lost(max, logit, max - logit) + rest);
            if (smoothing > 0) {
                loss = (1 - smoothing) * loss + smoothing * (meanDistance(buffers.logits, from, max) + rest);
            }
            double limit = hasInfinity(buffers.logits, from) ? Double.POSITIVE_INFINITY : Double.MAX_VALUE;
            buffers.losses[image] = Math.min(counted.weight(labels[image]) * Math.min(loss, limit), limit);
        }
        return buffers.losses;
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
        double[] inputGradient = buffers().inputGradient();
        backpropLogits(logitGradient(labels), inputGradient);
        return inputGradient;
    }

    /** {@code probability - target}; without smoothing the label's own is minus the sum of the others', where nothing cancels. */
    private double[] logitGradient(int[] labels) {
        SoftmaxBuffers buffers = buffers(labels);
        CrossEntropy counted = counted();
        double smoothing = counted.labelSmoothing();
        double[] logitGradient = buffers.logitGradient();
        System.arraycopy(buffers.output, 0, logitGradient, 0, logitGradient.length);
        for (int image = 0; image < labels.length; image++) {
            int from = image * classes;
            int right = from + labels[image];
            logitGradient[right] = -sumWithout(buffers.exponentials, from, right) / buffers.sums[image];
            if (smoothing > 0) {
                logitGradient[right] += smoothing;
            }
            double weight = counted.weight(labels[image]);
            for (int i = from; i < from + classes; i++) {
                logitGradient[i] = weight * (logitGradient[i] - smoothing / classes);
            }
        }
        return logitGradient;
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

    /** The buffers of the last forward pass, whose images have these labels. */
    private SoftmaxBuffers buffers(int[] labels) {
        SoftmaxBuffers buffers = buffers();
        Objects.requireNonNull(labels, "labels");
        if (labels.length != buffers.n) {
            throw new IllegalArgumentException(name() + ": expected " + buffers.n + " labels, one per image, got "
                    + labels.length + ". Pass the labels of the last forward's images.");
        }
        for (int image = 0; image < labels.length; image++) {
            if (labels[image] < 0 || labels[image] >= classes) {
                throw new IllegalArgumentException(name() + ": expected labels from 0 to " + (classes - 1) + ", got "
                        + labels[image] + " for image " + image + ". Correct the label, or build the layer with more"
                        + " classes.");
            }
        }
        return buffers;
    }

    /**
     * Carries the gradient of any loss of the probabilities back: {@code dLoss/dLogit[c] = probability[c] * (gradient[c] -
     * sum over j of probability[j] * gradient[j])}.
     */
    @Override
    void backprop(double[] lossGradient, SoftmaxBuffers buffers, double[] inputGradient) {
        double[] probabilities = buffers.output;
        double[] logitGradient = buffers.logitGradient();
        for (int from = 0; from < probabilities.length; from += classes) {
            double mean = 0;
            for (int i = from; i < from + classes; i++) {
                mean += probabilities[i] * lossGradient[i];
            }
            for (int i = from; i < from + classes; i++) {
                logitGradient[i] = probabilities[i] * (lossGradient[i] - mean);
            }
        }
        backpropLogits(logitGradient, inputGradient);
    }
}
