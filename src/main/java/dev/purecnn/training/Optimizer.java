package dev.purecnn.training;

import dev.purecnn.layer.Parameter;

/**
 * Improves one parameter by its gradient. What it keeps from step to step belongs to that parameter.
 *
 * <p>The values of a parameter are independent of each other here, so a large one may be done in ranges, by several threads.
 */
interface Optimizer {

    /**
     * Does one step on a range of the values, and clears that range of the gradient.
     *
     * @param scale what makes the mean of the summed gradient
     */
    void step(double scale, double learningRate, int from, int to);

    /** Plain gradient descent, with the parameter's own momentum; what is not trained follows what was observed. */
    static Optimizer of(Parameter parameter) {
        return parameter.isTrained() ? new GradientDescent(parameter) : new RunningMean(parameter);
    }
}
