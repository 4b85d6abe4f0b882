package dev.purecnn.internal.training;

import dev.purecnn.layer.Parameter;
import dev.purecnn.training.Optimizer;

/**
 * Moves a running mean towards what the batch's images observed: {@code value = momentum * value + (1 - momentum) *
 * observed}. The learning rate has no say in it.
 */
final class RunningMean implements Optimizer.Update {
    private final Parameter parameter;

    RunningMean(Parameter parameter) {
        this.parameter = parameter;
    }

    @Override
    public void step(long step, double scale, double learningRate, int from, int to) {
        double[] values = parameter.values();
        double[] observed = parameter.gradient();
        double kept = parameter.momentum();
        for (int i = from; i < to; i++) {
            values[i] = kept * values[i] + (1 - kept) * (observed[i] * scale);
            observed[i] = 0.0;
        }
    }
}
