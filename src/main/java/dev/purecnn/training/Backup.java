package dev.purecnn.training;

import dev.purecnn.layer.Parameter;
import java.util.List;

/** The values of all parameters before a step, range by range, to take the step back by. */
final class Backup {
    private final List<ParameterRanges.Range> ranges;
    private final double[][] values;
    /** As long as the values, from the first step on: a network that only predicts has no use for it. */
    private final double[][] kept;
    /** By range, the number of the step that it was last kept for. */
    private final long[] keptFor;

    private long step;

    Backup(List<Parameter> parameters, List<ParameterRanges.Range> ranges) {
        this.ranges = ranges;
        values = parameters.stream().map(Parameter::values).toArray(double[][]::new);
        kept = new double[values.length][];
        keptFor = new long[ranges.size()];
    }

    /** A step begins, and nothing is kept for it yet. */
    void begin() {
        step++;
        for (int i = 0; step == 1 && i < kept.length; i++) {
            kept[i] = new double[values[i].length];
        }
    }

    /** Keeps a range; several threads may keep different ones. */
    void keep(int number) {
        copy(ranges.get(number), values, kept);
        keptFor[number] = step;
    }

    /** Puts back what was kept for this step. */
    void restore() {
        for (int number = 0; number < keptFor.length; number++) {
            if (keptFor[number] == step) {
                copy(ranges.get(number), kept, values);
            }
        }
    }

    private static void copy(ParameterRanges.Range range, double[][] from, double[][] to) {
        System.arraycopy(
                from[range.parameter()], range.from(), to[range.parameter()], range.from(), range.to() - range.from());
    }
}
