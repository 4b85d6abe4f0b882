package dev.purecnn.training;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.layer.Parameter;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Stochastic gradient descent. With {@code gradient} the mean of the batch, clipped if it is to be:
 *
 * <pre>{@code
 * gradient = gradient + weightDecay * value
 * velocity = momentum * velocity + gradient
 * value    = value - learningRate * velocity                           plain
 * value    = value - learningRate * (gradient + momentum * velocity)   Nesterov
 * }</pre>
 *
 * <p>The velocity starts from 0. Where the paper has {@code learningRate} in the velocity, it stands here outside, so that a
 * falling rate also shortens what is left of the steps before; at a constant rate both are the same. Weight decay is the
 * gradient of {@code weightDecay / 2 * value^2}, an L2 penalty. As in PyTorch and Keras it decays all that is trained; with
 * {@link #weightsOnly} it spares biases, and the scales and shifts of a {@link dev.purecnn.layer.BatchNormLayer}.
 *
 * <pre>{@code
 * TrainingOptions.builder().optimizer(Optimizer.sgd().momentum(0.9).nesterov().weightDecay(0.0005)).learningRate(0.05);
 * }</pre>
 *
 * @param momentum the share of the velocity that is kept, in [0, 1); empty for each parameter's own
 * @param isNesterov whether to look ahead along the velocity
 * @param weightDecay what a value adds to its gradient, as a share of itself; 0 for none
 * @see <a href="https://proceedings.mlr.press/v28/sutskever13.html">Sutskever et al. 2013</a>
 */
public record Sgd(OptionalDouble momentum, boolean isNesterov, double weightDecay) implements Optimizer {
    static final Sgd DEFAULT = new Sgd(OptionalDouble.empty(), false, 0);

    /**
     * Checks the numbers.
     *
     * @param momentum the share of the velocity that is kept, in [0, 1); empty for each parameter's own
     * @param isNesterov whether to look ahead along the velocity
     * @param weightDecay what a value adds to its gradient, as a share of itself; 0 for none
     * @throws IllegalArgumentException if the momentum is not in [0, 1), or the weight decay negative or not finite
     */
    public Sgd {
        Objects.requireNonNull(momentum, "momentum");
        if (momentum.isPresent()) {
            OptimizerChecks.share(momentum.getAsDouble(), "Sgd", "momentum", "0.9");
        }
        OptimizerChecks.weightDecay(weightDecay, "Sgd");
    }

    /**
     * With this momentum for all parameters, instead of their own.
     *
     * @param share what is kept of the velocity, in [0, 1)
     * @return another optimizer
     * @throws IllegalArgumentException if it is not in [0, 1)
     */
    public Sgd momentum(double share) {
        return new Sgd(OptionalDouble.of(share), isNesterov, weightDecay);
    }

    /**
     * Looking ahead along the velocity, by Nesterov's rule. Without momentum it changes nothing.
     *
     * @return another optimizer
     */
    public Sgd nesterov() {
        return new Sgd(momentum, true, weightDecay);
    }

    /**
     * With weight decay.
     *
     * @param share what a value adds to its gradient, as a share of itself, such as 0.0005
     * @return another optimizer
     * @throws IllegalArgumentException if it is negative or not finite
     */
    public Sgd weightDecay(double share) {
        return new Sgd(momentum, isNesterov, share);
    }

    /** Neither slope nor velocity exceeds {@code largest * (2 + weightDecay)}, and a step takes at most both. */
    @Override
    public double largestAfter(double largest, double learningRate) {
        return largest * (2 + weightDecay) * (1 + 2 * learningRate);
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
        double kept = momentum.orElse(parameter.momentum());
        double[] values = parameter.values();
        double[] gradient = parameter.gradient();
        if (kept == 0 && weightDecay == 0) {
            return (step, scale, rate, from, to) -> Kernels.active().descend(values, gradient, scale, rate, from, to);
        }
        double[] velocity = new double[values.length];
        if (!isNesterov && weightDecay == 0) {
            return new WithVelocity(
                    velocity,
                    (step, scale, rate, from, to) ->
                            Kernels.active().descend(values, gradient, velocity, kept, scale, rate, from, to));
        }
        double ahead = isNesterov ? kept : 1; // how much of the velocity is taken
        double direct = isNesterov ? 1 : 0; // how much of the gradient is taken beside it
        return new WithVelocity(velocity, (step, scale, rate, from, to) -> {
            for (int i = from; i < to; i++) {
                double slope = gradient[i] * scale + weightDecay * values[i];
                velocity[i] = kept * velocity[i] + slope;
                values[i] -= rate * (direct * slope + ahead * velocity[i]);
                gradient[i] = 0.0;
            }
        });
    }

    /** Steps that remember a velocity. */
    private record WithVelocity(double[] velocity, Update steps) implements Update {
        @Override
        public void step(long step, double scale, double learningRate, int from, int to) {
            steps.step(step, scale, learningRate, from, to);
        }

        @Override
        public Map<String, double[]> state() {
            return Map.of("velocity", velocity);
        }
    }
}
