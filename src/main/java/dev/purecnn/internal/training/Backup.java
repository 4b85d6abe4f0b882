package dev.purecnn.internal.training;

import dev.purecnn.layer.Parameter;
import dev.purecnn.training.Optimizer;
import java.util.ArrayList;
import java.util.List;

/**
 * The values of all parameters before a step, and what the optimizer remembers of them, to take the step back by: range by
 * range, but for arrays of other lengths than their parameter's, which are kept whole.
 */
final class Backup {
    private final List<ParameterRanges.Range> ranges;
    private final double[][] values;
    /** By parameter: its values, then arrays of the optimizer's as long as they are. */
    private double[][][] arrays = {};
    /** Of other lengths. */
    private double[][] others = {};
    /** As {@code arrays}; null until it is needed, which in many a training is never. */
    private double[][][] kept;

    private double[][] keptOthers;
    /** By range, the number of the step that it was last kept for. */
    private final long[] keptFor;

    private long othersKeptFor;
    private long step;

    Backup(List<Parameter> parameters, List<ParameterRanges.Range> ranges) {
        this.ranges = ranges;
        values = parameters.stream().map(Parameter::values).toArray(double[][]::new);
        keptFor = new long[ranges.size()];
    }

    /** From the next step on these do the updates, one a parameter. */
    void use(Optimizer.Update[] updates) {
        kept = null;
        arrays = new double[values.length][][];
        List<double[]> odd = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            List<double[]> alike = new ArrayList<>(List.of(values[i]));
            for (double[] array : updates[i].memory().values()) {
                (array.length == values[i].length ? alike : odd).add(array);
            }
            arrays[i] = alike.toArray(new double[0][]);
        }
        others = odd.toArray(new double[0][]);
    }

    /** A step begins, and nothing is kept for it yet. */
    void begin() {
        step++;
    }

    /** Gets ready to {@link #keep} ranges for this step. */
    void watch() {
        if (kept == null) {
            keptOthers = copy(others);
            double[][][] copies = new double[arrays.length][][];
            for (int i = 0; i < arrays.length; i++) {
                copies[i] = copy(arrays[i]);
            }
            kept = copies; // last, for memory may run out before
        }
        copy(others, keptOthers);
        othersKeptFor = step;
    }

    /** Keeps a range; several threads may keep different ones. */
    void keep(int number) {
        copy(ranges.get(number), arrays, kept);
        keptFor[number] = step;
    }

    /** Puts back what was kept for this step. */
    void restore() {
        for (int number = 0; number < keptFor.length; number++) {
            if (keptFor[number] == step) {
                copy(ranges.get(number), kept, arrays);
            }
        }
        if (othersKeptFor == step) {
            copy(keptOthers, others);
        }
    }

    private static void copy(ParameterRanges.Range range, double[][][] from, double[][][] to) {
        int length = range.to() - range.from();
        for (int i = 0; i < from[range.parameter()].length; i++) {
            System.arraycopy(from[range.parameter()][i], range.from(), to[range.parameter()][i], range.from(), length);
        }
    }

    private static void copy(double[][] from, double[][] to) {
        for (int i = 0; i < from.length; i++) {
            System.arraycopy(from[i], 0, to[i], 0, from[i].length);
        }
    }

    private static double[][] copy(double[][] all) {
        double[][] copies = new double[all.length][];
        for (int i = 0; i < all.length; i++) {
            copies[i] = all[i].clone();
        }
        return copies;
    }
}
