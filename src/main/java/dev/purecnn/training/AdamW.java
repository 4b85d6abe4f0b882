package dev.purecnn.training;

import dev.purecnn.layer.Parameter;
import java.util.Objects;

/**
 * Adam with decoupled weight decay: values shrink by a share of themselves, independently of the gradient.
 *
 * <pre>{@code
 * value = value - learningRate * (direction of Adam + weightDecay * value)
 * }</pre>
 *
 * <p>As in PyTorch and Keras the decay applies to all trained parameters; with {@link #weightsOnly} it spares biases, and the
 * scales and shifts of a {@link dev.purecnn.layer.BatchNormLayer}. It is multiplied by the learning rate, so a training shrinks a
 * value by a factor of about {@code exp(-weightDecay * (sum of the rates of all steps))}.
 *
 * <pre>{@code
 * TrainingOptions.builder().optimizer(Optimizer.adamW().weightDecay(0.05)).schedule(Schedule.oneCycle(0.005, 15));
 * }</pre>
 *
 * @param adam gives the direction; has no weight decay itself
 * @param weightDecay share by which a step of learning rate 1 shrinks a value; at least 0 and finite
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2019</a>
 */
public record AdamW(Adam adam, double weightDecay) implements Optimizer {
    static final AdamW DEFAULT = new AdamW(Adam.DEFAULT, 0.01); // the default of PyTorch

    /**
     * Checks the numbers.
     *
     * @param adam without weight decay
     * @param weightDecay at least 0 and finite
     * @throws IllegalArgumentException if a number is out of its range; the methods below throw it too
     */
    public AdamW {
        Objects.requireNonNull(adam, "adam");
        OptimizerChecks.weightDecay(weightDecay, "AdamW");
        if (adam.weightDecay() != 0) {
            throw new IllegalArgumentException("AdamW: expected an Adam without weight decay, got " + adam
                    + ". Name the decay here alone, or use Adam itself.");
        }
    }

    /**
     * {@return a copy with another decay rate for the mean of the gradient}
     *
     * @param newBeta1 in [0, 1)
     */
    public AdamW beta1(double newBeta1) {
        return new AdamW(adam.beta1(newBeta1), weightDecay);
    }

    /**
     * {@return a copy with another decay rate for the mean of the squared gradient}
     *
     * @param newBeta2 in [0, 1)
     */
    public AdamW beta2(double newBeta2) {
        return new AdamW(adam.beta2(newBeta2), weightDecay);
    }

    /**
     * {@return a copy with another number to keep the divisor from 0}
     *
     * @param newEpsilon positive and finite
     */
    public AdamW epsilon(double newEpsilon) {
        return new AdamW(adam.epsilon(newEpsilon), weightDecay);
    }

    /**
     * {@return a copy with another weight decay}
     *
     * @param share by which a step of learning rate 1 shrinks a value; at least 0 and finite
     */
    public AdamW weightDecay(double share) {
        return new AdamW(adam, share);
    }

    /** {@return an optimizer that decays weights, but no biases and no scales and shifts of batch norm; call it last} */
    public Optimizer weightsOnly() {
        return new WeightsOnly(this, weightDecay(0));
    }

    @Override
    public double largestAfter(double largest, double learningRate) {
        return Moments.largestAfter(adam, largest, weightDecay, learningRate);
    }

    @Override
    public Update forParameter(Parameter parameter) {
        return new Moments(parameter, adam, 0, weightDecay);
    }
}
