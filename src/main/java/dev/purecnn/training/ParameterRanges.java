package dev.purecnn.training;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.layer.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All parameters of a chain and its replicas, cut into ranges that may be added up and updated independently. */
final class ParameterRanges {
    private static final int LENGTH = 4096; // 32 KB of doubles, the size of a first-level cache

    private final List<Range> ranges = new ArrayList<>();
    private final Optimizer[] optimizers;
    private final Parameter[] parameters;
    private final long numValues;
    /** {@code gradients[shard][parameter]}; the first shard's are the chain's own. */
    private double[][][] gradients = {};

    private record Range(int parameter, int from, int to) {}

    ParameterRanges(List<Parameter> all) {
        parameters = all.toArray(new Parameter[0]);
        optimizers = new Optimizer[parameters.length];
        long count = 0;
        for (int i = 0; i < parameters.length; i++) {
            optimizers[i] = Optimizer.of(parameters[i]);
            int length = parameters[i].values().length;
            for (int from = 0; from < length; from += LENGTH) {
                ranges.add(new Range(i, from, Math.min(length, from + LENGTH)));
            }
            count += length;
        }
        numValues = count;
        addReplica(all);
    }

    void addReplica(List<Parameter> replica) {
        double[][][] more = Arrays.copyOf(gradients, gradients.length + 1);
        more[gradients.length] = replica.stream().map(Parameter::gradient).toArray(double[][]::new);
        gradients = more;
    }

    long numValues() {
        return numValues;
    }

    int count() {
        return ranges.size();
    }

    /** Adds the shards' gradients pairwise into the first one's: 0+1, 2+3, ...; then 0+2, 4+6, ...; and so on. */
    void addGradients(int number, int numShards) {
        Range range = ranges.get(number);
        Kernels kernels = Kernels.active();
        for (int step = 1; step < numShards; step *= 2) {
            for (int shard = 0; shard + step < numShards; shard += 2 * step) {
                kernels.moveInto(
                        gradients[shard][range.parameter],
                        gradients[shard + step][range.parameter],
                        range.from,
                        range.to);
            }
        }
    }

    void update(int number, double scale, double learningRate) {
        Range range = ranges.get(number);
        optimizers[range.parameter].step(scale, learningRate, range.from, range.to);
    }

    void updateAll(double scale, double learningRate) {
        for (int i = 0; i < parameters.length; i++) {
            optimizers[i].step(scale, learningRate, 0, parameters[i].values().length);
        }
    }
}
