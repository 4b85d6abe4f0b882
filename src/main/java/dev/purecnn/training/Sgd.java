package dev.purecnn.training;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.layer.Parameter;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Stochastic gradient descent. With {@code gradient} the mean over the batch, after any clipping:
 *
 * <pre>{@code
 * gradient = gradient + weightDecay * value
 * velocity = momentum * velocity + gradient
 * value    = value - learningRate * velocity                           plain
 * value    = value - learningRate * (gradient + momentum * velocity)   Nesterov
 * }</pre>
 *
 * <p>The velocity starts at 0. The paper multiplies the velocity by {@code learningRate} as it is built up, this class as it is
 * applied, so a falling rate also shortens what is left of earlier steps; at a constant rate both are the same. Weight decay is
 * the gradient of {@code weightDecay / 2 * value^2}, an L2 penalty. As in PyTorch and Keras it applies to all trained parameters;
 * with {@link #weightsOnly} it spares biases, and the scales and shifts of a {@link dev.purecnn.layer.BatchNormLayer}.
 *
 * <pre>{@code
 * TrainingOptions.builder().optimizer(Optimizer.sgd().momentum(0.9).nesterov().weightDecay(0.0005)).learningRate(0.05);
 * }</pre>
 *
 * @param momentum share of the velocity that is kept, in [0, 1); empty for each parameter's own
 * @param isNesterov whether to look ahead along the velocity
 * @param weightDecay share of a value that is added to its gradient; at least 0 and finite
 * @see <a href="https://proceedings.mlr.press/v28/sutskever13.html">Sutskever et al. 2013</a>
 */
public record Sgd(OptionalDouble momentum, boolean isNesterov, double weightDecay) implements Optimizer {
    static final Sgd DEFAULT = new Sgd(OptionalDouble.empty(), false, 0);

    /**
     * Checks the numbers.
     *
     * @param momentum in [0, 1), or empty
     * @param isNesterov whether to look ahead
     * @param weightDecay at least 0 and finite
     * @throws IllegalArgumentException if one of them is out of its range; the methods below throw it too
     */
    public Sgd {
        Objects.requireNonNull(momentum, "momentum");
        if (momentum.isPresent()) {
            OptimizerChecks.share(momentum.getAsDouble(), "Sgd", "momentum", "0.9");
        }
        OptimizerChecks.weightDecay(weightDecay, "Sgd");
    }

    /**
     * {@return a copy with this momentum for all parameters, instead of their own}
     *
     * @param share of the velocity that is kept, in [0, 1)
     */
    public Sgd momentum(double share) {
        return new Sgd(OptionalDouble.of(share), isNesterov, weightDecay);
    }

    /** {@return a copy that looks ahead along the velocity, by Nesterov's rule; without momentum it changes nothing} */
    public Sgd nesterov() {
        return new Sgd(momentum, true, weightDecay);
    }

    /**
     * {@return a copy with this weight decay}
     *
     * @param share of a value that is added to its gradient, such as 0.0005; at least 0 and finite
     */
    public Sgd weightDecay(double share) {
        return new Sgd(momentum, isNesterov, share);
    }

    /** {@return an optimizer that decays weights, but no biases and no scales and shifts of batch norm; call it last} */
    public Optimizer weightsOnly() {
        return new WeightsOnly(this, weightDecay(0));
    }

    /** Neither slope nor velocity exceeds {@code largest * (2 + weightDecay)}, and a step takes at most both. */
    @Override
    public double largestAfter(double largest, double learningRate) {
        return largest * (2 + weightDecay) * (1 + 2 * learningRate);
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
        double direct = isNesterov ? 1 : 0; // how much of the gradient is taken as well
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
