package dev.purecnn.training;

import dev.purecnn.layer.Parameter;
import java.util.Map;

/**
 * A rule by which gradients improve parameters. It holds numbers only, such as a momentum; what a rule remembers from step to
 * step is the network's, one {@link Update} for each parameter.
 *
 * <pre>{@code
 * TrainingOptions.builder().optimizer(Optimizer.sgd().momentum(0.9).nesterov()).build();
 * TrainingOptions.builder().optimizer(Optimizer.adamW().weightDecay(0.05)).learningRate(0.001).build();
 * }</pre>
 *
 * <p>A network goes on with what it remembers for as long as it is trained by an equal optimizer, through any number of calls
 * of {@code train} and {@code trainOnBatch}. With a different one it begins anew, and what the one before remembered is gone.
 * The optimizers here are equal if their numbers are; a rule of the user's own is equal to itself, unless it says otherwise.
 *
 * <p>A checkpoint holds what the network remembers, and the optimizer's {@code toString()}. To go on from it takes an optimizer
 * with the same one, so a rule of the user's own has its numbers in there, as a record does, and its updates answer their
 * {@link Update#memory}.
 */
@FunctionalInterface
public interface Optimizer {

    /**
     * Begins anew with a parameter.
     *
     * @param parameter what to improve, one that {@link Parameter#isTrained is trained}; its arrays stay the same ones
     * @return what does the steps, and remembers what it needs for them
     */
    Update forParameter(Parameter parameter);

    /**
     * Improves one parameter by its gradient, step by step.
     *
     * <p>A large parameter is done in ranges, by several threads at once: a range's result must not depend on others.
     */
    @FunctionalInterface
    interface Update {

        /**
         * Does one step on a range of the values, and clears that range of the gradient.
         *
         * @param step its number, from 1, since the optimizer began
         * @param scale what makes the mean gradient of a batch, clipped if it is to be, of the summed one
         * @param learningRate the step's length
         * @param from the first value
         * @param to one past the last value
         */
        void step(long step, double scale, double learningRate, int from, int to);

        /**
         * What the rule remembers of the parameter from step to step, for checkpoints, and to take back a step that fails.
         *
         * @return arrays by name, always the same ones, none of them empty; a checkpoint is written from them, and read back
         *     into those of a new update. One as long as the parameter's values goes with them, value by value: a step on a
         *     range changes that range of it and no other. No name has a dot. None by default, as for a rule that remembers nothing
         */
        default Map<String, double[]> memory() {
            return Map.of();
        }
    }

    /**
     * Stochastic gradient descent with each parameter's own momentum, which is none unless its layer was built with one. It
     * is what a network is trained by unless said otherwise.
     *
     * @return the optimizer, to be refined
     */
    static Sgd sgd() {
        return Sgd.DEFAULT;
    }

    /**
     * Adam with the values of its paper: {@code beta1} 0.9, {@code beta2} 0.999, {@code epsilon} 1e-8, no weight decay. A
     * learning rate of 0.001 is usual.
     *
     * @return the optimizer, to be refined
     */
    static Adam adam() {
        return Adam.DEFAULT;
    }

    /**
     * Adam with decoupled weight decay of 0.01, otherwise as {@link #adam}.
     *
     * @return the optimizer, to be refined
     */
    static AdamW adamW() {
        return AdamW.DEFAULT;
    }
}
