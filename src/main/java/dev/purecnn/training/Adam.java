package dev.purecnn.training;

import dev.purecnn.layer.Parameter;

/**
 * Adam. With {@code gradient} the mean over the batch, after any clipping, and {@code t} the number of the step, from 1:
 *
 * <pre>{@code
 * gradient = gradient + weightDecay * value
 * mean     = beta1 * mean   + (1 - beta1) * gradient
 * square   = beta2 * square + (1 - beta2) * gradient^2
 * value    = value - learningRate * (mean / (1 - beta1^t)) / (sqrt(square / (1 - beta2^t)) + epsilon)
 * }</pre>
 *
 * <p>Mean and square start at 0. Weight decay is an L2 penalty, which Adam divides by the size of the gradient; {@link AdamW}
 * does not. As in PyTorch and Keras it applies to all trained parameters; with {@link #weightsOnly} it spares biases, and the
 * scales and shifts of a {@link dev.purecnn.layer.BatchNormLayer}.
 *
 * <pre>{@code
 * TrainingOptions.builder().optimizer(Optimizer.adam().beta2(0.99)).learningRate(0.001);
 * }</pre>
 *
 * @param beta1 decay rate of the gradient's running mean, in [0, 1)
 * @param beta2 decay rate of the squared gradient's running mean, in [0, 1)
 * @param epsilon keeps the divisor from 0; positive and finite
 * @param weightDecay share of a value that is added to its gradient; at least 0 and finite
 * @see <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba 2015</a>
 */
public record Adam(double beta1, double beta2, double epsilon, double weightDecay) implements Optimizer {
    static final Adam DEFAULT = new Adam(0.9, 0.999, 1e-8, 0); // Kingma and Ba 2015, algorithm 1

    /**
     * Checks the numbers.
     *
     * @param beta1 in [0, 1)
     * @param beta2 in [0, 1)
     * @param epsilon positive and finite
     * @param weightDecay at least 0 and finite
     * @throws IllegalArgumentException if one of them is out of its range; the methods below throw it too
     */
    public Adam {
        OptimizerChecks.share(beta1, "Adam", "beta1", "0.9");
        OptimizerChecks.share(beta2, "Adam", "beta2", "0.999");
        OptimizerChecks.positive(epsilon, "Adam", "epsilon", "1e-8");
        OptimizerChecks.weightDecay(weightDecay, "Adam");
    }

    /**
     * {@return a copy with another decay rate for the mean of the gradient}
     *
     * @param newBeta1 in [0, 1)
     */
    public Adam beta1(double newBeta1) {
        return new Adam(newBeta1, beta2, epsilon, weightDecay);
    }

    /**
     * {@return a copy with another decay rate for the mean of the squared gradient}
     *
     * @param newBeta2 in [0, 1)
     */
    public Adam beta2(double newBeta2) {
        return new Adam(beta1, newBeta2, epsilon, weightDecay);
    }

    /**
     * {@return a copy with another number to keep the divisor from 0}
     *
     * @param newEpsilon positive and finite
     */
    public Adam epsilon(double newEpsilon) {
        return new Adam(beta1, beta2, newEpsilon, weightDecay);
    }

    /**
     * {@return a copy with this weight decay}
     *
     * @param share of a value that is added to its gradient; at least 0 and finite
     */
    public Adam weightDecay(double share) {
        return new Adam(beta1, beta2, epsilon, share);
    }

    /** {@return an optimizer that decays weights, but no biases and no scales and shifts of batch norm; call it last} */
    public Optimizer weightsOnly() {
        return new WeightsOnly(this, weightDecay(0));
    }

    @Override
    public double largestAfter(double largest, double learningRate) {
        return Moments.largestAfter(this, largest, weightDecay, learningRate);
    }

    @Override
    public Update forParameter(Parameter parameter) {
        return new Moments(parameter, this, weightDecay, 0);
    }
}
