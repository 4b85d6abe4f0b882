package dev.purecnn.training;

import dev.purecnn.layer.Parameter;

/**
 * Adam. With {@code gradient} the mean of the batch, clipped if it is to be, and {@code t} the number of the step, from 1:
 *
 * <pre>{@code
 * gradient = gradient + weightDecay * value
 * mean     = beta1 * mean   + (1 - beta1) * gradient
 * square   = beta2 * square + (1 - beta2) * gradient^2
 * value    = value - learningRate * (mean / (1 - beta1^t)) / (sqrt(square / (1 - beta2^t)) + epsilon)
 * }</pre>
 *
 * <p>Mean and square start from 0. The weight decay is that of an L2 penalty, which Adam divides by the gradient's size;
 * {@link AdamW} does not. As in PyTorch and Keras it decays all that is trained; with {@link #weightsOnly} it spares biases, and the
 * scales and shifts of a {@link dev.purecnn.layer.BatchNormLayer}.
 *
 * <pre>{@code
 * TrainingOptions.builder().optimizer(Optimizer.adam().beta2(0.99)).learningRate(0.001);
 * }</pre>
 *
 * @param beta1 how much of the gradient's running mean is kept, in [0, 1)
 * @param beta2 how much of the squared gradient's running mean is kept, in [0, 1)
 * @param epsilon what keeps the divisor from 0; positive and finite
 * @param weightDecay what a value adds to its gradient, as a share of itself; 0 for none
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba 2015</a>
 */
public record Adam(double beta1, double beta2, double epsilon, double weightDecay) implements Optimizer {
    static final Adam DEFAULT = new Adam(0.9, 0.999, 1e-8, 0); // Kingma and Ba 2015, algorithm 1

    /**
     * Checks the numbers.
     *
     * @param beta1 how much of the gradient's running mean is kept, in [0, 1)
     * @param beta2 how much of the squared gradient's running mean is kept, in [0, 1)
     * @param epsilon what keeps the divisor from 0; positive and finite
     * @param weightDecay what a value adds to its gradient, as a share of itself; 0 for none
     * @throws IllegalArgumentException if one of them is out of its range
     */
    public Adam {
        OptimizerChecks.share(beta1, "Adam", "beta1", "0.9");
        OptimizerChecks.share(beta2, "Adam", "beta2", "0.999");
        OptimizerChecks.positive(epsilon, "Adam", "epsilon", "1e-8");
        OptimizerChecks.weightDecay(weightDecay, "Adam");
    }

    /**
     * With another memory for the gradient.
     *
     * @param share how much of its running mean is kept, in [0, 1)
     * @return another optimizer
     * @throws IllegalArgumentException if it is not in [0, 1)
     */
    public Adam beta1(double share) {
        return new Adam(share, beta2, epsilon, weightDecay);
    }

    /**
     * With another memory for the squared gradient.
     *
     * @param share how much of its running mean is kept, in [0, 1)
     * @return another optimizer
     * @throws IllegalArgumentException if it is not in [0, 1)
     */
    public Adam beta2(double share) {
        return new Adam(beta1, share, epsilon, weightDecay);
    }

    /**
     * With something else to keep the divisor from 0.
     *
     * @param small positive and finite
     * @return another optimizer
     * @throws IllegalArgumentException if it is not
     */
    public Adam epsilon(double small) {
        return new Adam(beta1, beta2, small, weightDecay);
    }

    /**
     * With weight decay.
     *
     * @param share what a value adds to its gradient, as a share of itself
     * @return another optimizer
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public Adam weightDecay(double share) {
        return new Adam(beta1, beta2, epsilon, share);
    }

    @Override
    public double largestAfter(double largest, double learningRate) {
        return Moments.largestAfter(this, largest, weightDecay, learningRate);
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
        return new Moments(parameter, this, weightDecay, 0);
    }
}
