package dev.purecnn.training;

import dev.purecnn.layer.Parameter;
import java.util.Map;

/**
 * A rule that improves parameters by their gradients. It holds numbers only, such as a momentum. What it keeps from step to step
 * belongs to the network, one {@link Update} per parameter.
 *
 * <pre>{@code
 * TrainingOptions.builder().optimizer(Optimizer.sgd().momentum(0.9).nesterov()).build();
 * TrainingOptions.builder().optimizer(Optimizer.adamW().weightDecay(0.05)).learningRate(0.001).build();
 * }</pre>
 *
 * <p>A network keeps the optimizer's state for as long as it is trained by an equal optimizer, through any number of calls of
 * {@code train} and {@code trainOnBatch}. A different optimizer starts from scratch, and the old state is dropped. The optimizers
 * of this library are equal if their numbers are; your own is equal to itself unless it overrides {@code equals}.
 *
 * <p>A checkpoint stores the state and the optimizer's {@code toString()}. Only an optimizer with the same {@code toString()} can
 * continue from it, so your own should print its numbers, as a record does, and its updates should return their {@link
 * Update#state}.
 */
@FunctionalInterface
public interface Optimizer {

    /**
     * Starts to train a parameter.
     *
     * @param parameter what to improve, one that {@link Parameter#isTrained is trained}; its arrays stay the same
     * @return what does the steps, and keeps the state that they need
     */
    Update forParameter(Parameter parameter);

    /**
     * How large numbers can be after a step. As long as this is far from the largest double, the step cannot end in NaN or
     * infinity. Otherwise the network copies its parameters and the optimizer's state first, so that it can undo such a step.
     *
     * @param largest a bound: no parameter value, no mean gradient and no number of the {@link Update#state} is larger in size
     * @param learningRate of the step
     * @return a bound for all these numbers, and all that the step computes on its way; infinite by default, which is always
     *     right and costs one copy per step
     */
    default double largestAfter(double largest, double learningRate) {
        return Double.POSITIVE_INFINITY;
    }

    /**
     * Improves one parameter by its gradient, step by step.
     *
     * <p>A large parameter is updated in ranges, by several threads at once: the result for a range must not depend on others.
     */
    @FunctionalInterface
    interface Update {

        /**
         * Does one step on a range of the values, and clears that range of the gradient.
         *
         * @param step its number, from 1, since the optimizer started
         * @param scale turns the summed gradient into the mean of the batch, clipped where clipping is on
         * @param learningRate the length of the step
         * @param from the first value
         * @param to one past the last value
         */
        void step(long step, double scale, double learningRate, int from, int to);

        /**
         * What the rule keeps for the parameter from step to step, for checkpoints and to undo a failed step.
         *
         * @return arrays by name, always the same ones, none of them empty. A checkpoint is written from them and restored into
         *     those of a new update. In an array as long as the parameter's values, a step on a range changes only that range.
         *     Names contain no dot. Empty by default, for a rule without state
         */
        default Map<String, double[]> state() {
            return Map.of();
        }
    }

    /**
     * {@return stochastic gradient descent with each parameter's own momentum, which is none unless its layer was built with one}
     * The default of a network.
     */
    static Sgd sgd() {
        return Sgd.DEFAULT;
    }

    /**
     * {@return Adam with the values of its paper: {@code beta1} 0.9, {@code beta2} 0.999, {@code epsilon} 1e-8, no weight decay}
     * A learning rate of 0.001 is usual.
     */
    static Adam adam() {
        return Adam.DEFAULT;
    }

    /** {@return Adam with decoupled weight decay of 0.01, otherwise as {@link #adam}} */
    static AdamW adamW() {
        return AdamW.DEFAULT;
    }

    /** {@return RMSprop as in PyTorch: {@code alpha} 0.99, {@code epsilon} 1e-8, no momentum, no weight decay} */
    static RmsProp rmsProp() {
        return RmsProp.DEFAULT;
    }
}
