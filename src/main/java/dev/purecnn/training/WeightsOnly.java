package dev.purecnn.training;

import dev.purecnn.layer.Parameter;

/** Two optimizers in one: for parameters that weight decay is meant for, and for the rest. */
record WeightsOnly(Optimizer weights, Optimizer rest) implements Optimizer {
    @Override
    public boolean isSafe(double largest, double learningRate) {
        return weights.isSafe(largest, learningRate) && rest.isSafe(largest, learningRate);
    }

    @Override
    public Update forParameter(Parameter parameter) {
        return (parameter.isDecayed() ? weights : rest).forParameter(parameter);
    }
}
