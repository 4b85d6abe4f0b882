package dev.purecnn.training;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.layer.Parameter;

/**
 * Gradient descent as in the notebook: {@code velocity = momentum * velocity + gradient}, {@code value -= learningRate *
 * velocity}, with the momentum that the parameter brings (Polyak 1964; Sutskever et al. 2013).
 */
final class GradientDescent implements Optimizer {
    private final Parameter parameter;
    private final double[] velocity;

    GradientDescent(Parameter parameter) {
        this.parameter = parameter;
        this.velocity = parameter.momentum() == 0 ? null : new double[parameter.values().length];
    }

    @Override
    public void step(double scale, double learningRate, int from, int to) {
        double[] values = parameter.values();
        double[] gradient = parameter.gradient();
        Kernels kernels = Kernels.active();
        if (velocity == null) {
            kernels.descend(values, gradient, scale, learningRate, from, to);
        } else {
            kernels.descend(values, gradient, velocity, parameter.momentum(), scale, learningRate, from, to);
        }
    }
}
