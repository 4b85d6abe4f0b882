package dev.purecnn.training;

import dev.purecnn.layer.Parameter;
import java.util.Objects;

/**
 * Adam with decoupled weight decay: values shrink by a share of themselves that the gradient has no part in.
 *
 * <pre>{@code
 * value = value - learningRate * (direction of Adam + weightDecay * value)
 * }</pre>
 *
 * <p>As in PyTorch and Keras it decays all that is trained; with {@link #weightsOnly} it spares biases, and the scales and shifts of a
 * {@link dev.purecnn.layer.BatchNormLayer}. As the decay goes with the learning rate, over a
 * training a value loses some {@code weightDecay * (sum of the rates of all steps)} of its logarithm.
 *
 * <pre>{@code
 * TrainingOptions.builder().optimizer(Optimizer.adamW().weightDecay(0.05)).schedule(Schedule.oneCycle(0.005, 15));
 * }</pre>
 *
 * @param adam what gives the direction; without a weight decay of its own
 * @param weightDecay the share by which a value shrinks in a step of length 1
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2019</a>
 */
public record AdamW(Adam adam, double weightDecay) implements Optimizer {
    static final AdamW DEFAULT = new AdamW(Adam.DEFAULT, 0.01); // what others start from too

    /**
     * Checks the numbers.
     *
     * @param adam what gives the direction; without a weight decay of its own
     * @param weightDecay the share by which a value shrinks in a step of length 1
     * @throws IllegalArgumentException if it is negative or not finite, or {@code adam} has one of its own
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
     * With another memory for the gradient.
     *
     * @param share how much of its running mean is kept, in [0, 1)
     * @return another optimizer
     * @throws IllegalArgumentException if it is not in [0, 1)
     */
    public AdamW beta1(double share) {
        return new AdamW(adam.beta1(share), weightDecay);
    }

    /**
     * With another memory for the squared gradient.
     *
     * @param share how much of its running mean is kept, in [0, 1)
     * @return another optimizer
     * @throws IllegalArgumentException if it is not in [0, 1)
     */
    public AdamW beta2(double share) {
        return new AdamW(adam.beta2(share), weightDecay);
    }

    /**
     * With something else to keep the divisor from 0.
     *
     * @param small positive and finite
     * @return another optimizer
     * @throws IllegalArgumentException if it is not
     */
    public AdamW epsilon(double small) {
        return new AdamW(adam.epsilon(small), weightDecay);
    }

    /**
     * With another weight decay.
     *
     * @param share the share by which a value shrinks in a step of length 1
     * @return another optimizer
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public AdamW weightDecay(double share) {
        return new AdamW(adam, share);
    }

    @Override
    public double largestAfter(double largest, double learningRate) {
        return Moments.largestAfter(adam, largest, weightDecay, learningRate);
    }

    /**
     * Decays weights only: spares biases, and the scales and shifts of batch normalization. Call it last.
     *
     * @return another optimizer
     */
    public Optimizer weightsOnly() {
        return new WeightsOnly(this, weightDecay(0));
    }

    @Override
    public Update forParameter(Parameter parameter) {
        return new Moments(parameter, adam, 0, weightDecay);
    }
}
