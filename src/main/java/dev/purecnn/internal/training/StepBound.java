package dev.purecnn.internal.training;

import dev.purecnn.layer.Parameter;
import dev.purecnn.training.Adam;
import dev.purecnn.training.AdamW;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.Sgd;

/**
 * How large values can be at most after a step, told from the optimizer's rule and the gradient's length alone. As long as that
 * is far from the largest double, the step can neither overflow nor make a NaN, and need not be watched.
 *
 * <p>No slope is larger than the gradient's length, and what the weight decay adds. A velocity is at most the momentum's share
 * of itself and a slope. A running mean of slopes is at most the largest of them, and its direction at most that by {@code (1 -
 * beta1) * epsilon}. Rounding adds less than a part in 10^15 a step, where there are 200 orders of magnitude to spare.
 */
final class StepBound {
    private static final double FAR_FROM_OVERFLOW = 1e100; // so are its square and its products with the rule's numbers
    private static final double LOST_IN_SQUARES = 1e-150; // what is smaller may have a square of 0

    private final Optimizer optimizer;
    private final double momentum;
    private double value;
    private boolean known;
    private double memory;
    private double valueBefore;
    private double memoryBefore;

    /**
     * Knows no values yet.
     *
     * @param memory how large what the optimizer remembers is at most
     */
    StepBound(Optimizer optimizer, Parameter[] parameters, double memory) {
        this.optimizer = optimizer;
        this.memory = memory;
        double largest = 0;
        if (optimizer instanceof Sgd sgd) {
            for (Parameter parameter : parameters) {
                largest =
                        Math.max(largest, parameter.isTrained() ? sgd.momentum().orElse(parameter.momentum()) : 0);
            }
        }
        momentum = largest;
    }

    /** Whether values were measured, and changed by nothing but steps since. */
    boolean knowsValues() {
        return known;
    }

    /** No value is larger than this. */
    void measured(double largest) {
        value = largest;
        known = true;
    }

    /** The values may have been changed by others. */
    void forgetValues() {
        known = false;
    }

    /** A step with a gradient of that length is to follow on values that are known; answers whether it can do no harm. */
    boolean allows(double norm, double learningRate) {
        valueBefore = value;
        memoryBefore = memory;
        value += learningRate * direction(norm + LOST_IN_SQUARES);
        return value < FAR_FROM_OVERFLOW && memory < FAR_FROM_OVERFLOW; // NaN is not
    }

    /** That step was not done, or taken back. */
    void takeBack() {
        value = valueBefore;
        memory = memoryBefore;
    }

    private double direction(double slope) {
        if (optimizer instanceof Sgd sgd) {
            double all = slope + sgd.weightDecay() * value;
            memory = momentum * memory + all;
            return all + memory;
        }
        if (optimizer instanceof Adam adam) {
            return direction(adam, slope + adam.weightDecay() * value);
        }
        if (optimizer instanceof AdamW adamW) {
            return direction(adamW.adam(), slope) + adamW.weightDecay() * value;
        }
        return Double.NaN; // a rule of the user's own
    }

    private double direction(Adam adam, double slope) {
        memory = Math.max(memory, slope);
        return memory / ((1 - adam.beta1()) * adam.epsilon());
    }
}
