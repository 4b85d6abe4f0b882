package dev.purecnn.training;

import dev.purecnn.layer.Parameter;
import java.util.Map;

/**
 * RMSprop, in the form of PyTorch. With {@code gradient} the mean over the batch, after any clipping:
 *
 * <pre>{@code
 * gradient = gradient + weightDecay * value
 * square   = alpha * square + (1 - alpha) * gradient^2
 * velocity = momentum * velocity + gradient / (sqrt(square) + epsilon)
 * value    = value - learningRate * velocity
 * }</pre>
 *
 * <p>Square and velocity start at 0. A learning rate of 0.001 is usual.
 *
 * <pre>{@code
 * TrainingOptions.builder().optimizer(Optimizer.rmsProp().momentum(0.9)).learningRate(0.001);
 * }</pre>
 *
 * @param alpha decay rate of the squared gradient's running mean, in [0, 1)
 * @param epsilon keeps the divisor from 0; positive and finite
 * @param momentum decay rate of the velocity, in [0, 1); 0 for none
 * @param weightDecay share of a value that is added to its gradient; at least 0 and finite
 * @see <a href="https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf">Hinton 2012, lecture 6e</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html">torch.optim.RMSprop</a>
 */
public record RmsProp(double alpha, double epsilon, double momentum, double weightDecay) implements Optimizer {
    static final RmsProp DEFAULT = new RmsProp(0.99, 1e-8, 0, 0); // as PyTorch

    /**
     * Checks the numbers.
     *
     * @param alpha in [0, 1)
     * @param epsilon positive and finite
     * @param momentum in [0, 1)
     * @param weightDecay at least 0 and finite
     * @throws IllegalArgumentException if one of them is out of its range; the methods below throw it too
     */
    public RmsProp {
        OptimizerChecks.share(alpha, "RmsProp", "alpha", "0.99");
        OptimizerChecks.positive(epsilon, "RmsProp", "epsilon", "1e-8");
        OptimizerChecks.share(momentum, "RmsProp", "momentum", "0.9");
        OptimizerChecks.weightDecay(weightDecay, "RmsProp");
    }

    /**
     * {@return a copy with another decay rate for the mean of the squared gradient}
     *
     * @param newAlpha in [0, 1)
     */
    public RmsProp alpha(double newAlpha) {
        return new RmsProp(newAlpha, epsilon, momentum, weightDecay);
    }

    /**
     * {@return a copy with another number to keep the divisor from 0}
     *
     * @param newEpsilon positive and finite
     */
    public RmsProp epsilon(double newEpsilon) {
        return new RmsProp(alpha, newEpsilon, momentum, weightDecay);
    }

    /**
     * {@return a copy with this momentum}
     *
     * @param share of the velocity that is kept, in [0, 1)
     */
    public RmsProp momentum(double share) {
        return new RmsProp(alpha, epsilon, share, weightDecay);
    }

    /**
     * {@return a copy with this weight decay}
     *
     * @param share of a value that is added to its gradient; at least 0 and finite
     */
    public RmsProp weightDecay(double share) {
        return new RmsProp(alpha, epsilon, momentum, share);
    }

    /** {@return an optimizer that decays weights, but no biases and no scales and shifts of batch norm; call it last} */
    public Optimizer weightsOnly() {
        return new WeightsOnly(this, weightDecay(0));
    }

    @Override
    public double largestAfter(double largest, double learningRate) {
        double slope = largest * (1 + weightDecay);
        return Math.max(slope * slope, (1 + learningRate) * (largest + slope / epsilon));
    }

    @Override
    public Update forParameter(Parameter parameter) {
        int length = parameter.values().length;
        return new Steps(this, parameter.values(), parameter.gradient(), new double[length], new double[length]);
    }

    private record Steps(RmsProp rule, double[] values, double[] gradient, double[] square, double[] velocity)
            implements Update {
        @Override
        public void step(long step, double scale, double learningRate, int from, int to) {
            for (int i = from; i < to; i++) {
                double slope = gradient[i] * scale + rule.weightDecay * values[i];
                square[i] = rule.alpha * square[i] + (1.0 - rule.alpha) * (slope * slope);
                velocity[i] = rule.momentum * velocity[i] + slope / (Math.sqrt(square[i]) + rule.epsilon);
                values[i] -= learningRate * velocity[i];
                gradient[i] = 0.0;
            }
        }

        @Override
        public Map<String, double[]> state() {
            return Map.of("square", square, "velocity", velocity);
        }
    }
}
