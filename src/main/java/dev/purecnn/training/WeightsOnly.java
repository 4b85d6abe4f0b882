package dev.purecnn.training;

import dev.purecnn.layer.Parameter;

/** Two optimizers in one: for parameters that weight decay is meant for, and for the rest. */
record WeightsOnly(Optimizer weights, Optimizer rest) implements Optimizer {
    @Override
    public double largestAfter(double largest, double learningRate) {
        return Math.max(weights.largestAfter(largest, learningRate), rest.largestAfter(largest, learningRate));
    }

    @Override
    public Update forParameter(Parameter parameter) {
        return (parameter.isDecayed() ? weights : rest).forParameter(parameter);
    }
}
