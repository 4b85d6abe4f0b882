package dev.purecnn.training;

import dev.purecnn.layer.Parameter;
import java.util.Map;

/**
 * RMSprop, in the form of PyTorch. With {@code gradient} the mean of the batch, clipped where clipping is on:
 *
 * <pre>{@code
 * gradient = gradient + weightDecay * value
 * square   = alpha * square + (1 - alpha) * gradient^2
 * velocity = momentum * velocity + gradient / (sqrt(square) + epsilon)
 * value    = value - learningRate * velocity
 * }</pre>
 *
 * <p>Square and velocity start from 0. A learning rate of 0.001 is usual.
 *
 * <pre>{@code
 * TrainingOptions.builder().optimizer(Optimizer.rmsProp().momentum(0.9)).learningRate(0.001);
 * }</pre>
 *
 * @param alpha how much of the squared gradient's running mean is kept, in [0, 1)
 * @param epsilon keeps the divisor from 0; positive and finite
 * @param momentum how much of the velocity is kept, in [0, 1); 0 for none
 * @param weightDecay what a value adds to its gradient, as a share of itself; 0 for none
 * @see <a href="https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf">Hinton 2012, lecture 6e</a>
 * @see <a href="https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html">torch.optim.RMSprop</a>
 */
public record RmsProp(double alpha, double epsilon, double momentum, double weightDecay) implements Optimizer {
    static final RmsProp DEFAULT = new RmsProp(0.99, 1e-8, 0, 0); // as PyTorch

    /**
     * Checks the numbers.
     *
     * @param alpha how much of the squared gradient's running mean is kept, in [0, 1)
     * @param epsilon keeps the divisor from 0; positive and finite
     * @param momentum how much of the velocity is kept, in [0, 1); 0 for none
     * @param weightDecay what a value adds to its gradient, as a share of itself; 0 for none
     * @throws IllegalArgumentException if one of them is out of its range
     */
    public RmsProp {
        OptimizerChecks.share(alpha, "RmsProp", "alpha", "0.99");
        OptimizerChecks.positive(epsilon, "RmsProp", "epsilon", "1e-8");
        OptimizerChecks.share(momentum, "RmsProp", "momentum", "0.9");
        OptimizerChecks.weightDecay(weightDecay, "RmsProp");
    }

    /**
     * Sets how much of the squared gradient's running mean is kept.
     *
     * @param share in [0, 1)
     * @return another optimizer
     * @throws IllegalArgumentException if it is not in [0, 1)
     */
    public RmsProp alpha(double share) {
        return new RmsProp(share, epsilon, momentum, weightDecay);
    }

    /**
     * Sets what keeps the divisor from 0.
     *
     * @param small positive and finite
     * @return another optimizer
     * @throws IllegalArgumentException if it is not
     */
    public RmsProp epsilon(double small) {
        return new RmsProp(alpha, small, momentum, weightDecay);
    }

    /**
     * Sets how much of the velocity is kept.
     *
     * @param share in [0, 1)
     * @return another optimizer
     * @throws IllegalArgumentException if it is not in [0, 1)
     */
    public RmsProp momentum(double share) {
        return new RmsProp(alpha, epsilon, share, weightDecay);
    }

    /**
     * Sets the weight decay.
     *
     * @param share what a value adds to its gradient, as a share of itself
     * @return another optimizer
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public RmsProp weightDecay(double share) {
        return new RmsProp(alpha, epsilon, momentum, share);
    }

    @Override
    public double largestAfter(double largest, double learningRate) {
        double slope = largest * (1 + weightDecay);
        return Math.max(slope * slope, (1 + learningRate) * (largest + slope / epsilon));
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
