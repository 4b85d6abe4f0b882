package dev.purecnn.internal.training;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.layer.Parameter;
import dev.purecnn.training.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All parameters of a chain and its replicas, cut into ranges that may be added up and updated independently. */
final class ParameterRanges {
    private static final int LENGTH = 4096; // 32 KB of doubles, the size of a first-level cache
    private static final int[] FIRST_ROW = {0};

    private final List<Range> ranges = new ArrayList<>();
    private final Parameter[] parameters;
    private final double[][] values;
    private final Optimizer.Update[] updates;
    /** {@code squares[range][0]}: an array each, as the kernel wants it. */
    private final double[][] squares;
    /** As {@code squares}, of the values after an update. */
    private final double[][] valueSquares;

    private final Backup backup;
    private StepBound bound;
    private boolean watched;
    private final long numValues;
    private Optimizer optimizer;
    private long steps;
    private long stepsBefore;
    /** What the next optimizer is to go on from, if it is the right one; else null. */
    private OptimizerMemory checkpoint;
    /** {@code gradients[shard][parameter]}; the first shard's are the chain's own. */
    private double[][][] gradients = {};

    /** Values {@code from} to {@code to - 1} of a parameter. */
    record Range(int parameter, int from, int to) {}

    ParameterRanges(List<Parameter> all) {
        parameters = all.toArray(new Parameter[0]);
        values = all.stream().map(Parameter::values).toArray(double[][]::new);
        updates = new Optimizer.Update[parameters.length];
        long count = 0;
        for (int i = 0; i < parameters.length; i++) {
            int length = parameters[i].values().length;
            for (int from = 0; from < length; from += LENGTH) {
                ranges.add(new Range(i, from, Math.min(length, from + LENGTH)));
            }
            count += length;
        }
        numValues = count;
        squares = new double[ranges.size()][1];
        valueSquares = new double[ranges.size()][1];
        backup = new Backup(all, ranges);
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

    /** Notes the sum of the squares of a range of the summed gradient, or of what was observed. */
    void square(int number) {
        Range range = ranges.get(number);
        square(parameters[range.parameter].gradient(), range, squares[number]);
    }

    /** Notes the sum of the squares of a range of the values, unless it is known how large they are. */
    void measure(int number) {
        if (!bound.knowsValues()) {
            squareValues(number);
        }
    }

    private static void square(double[] array, Range range, double[] sum) {
        int length = range.to - range.from;
        sum[0] = 0.0;
        Kernels.active().dot(1, length, FIRST_ROW, array, range.from, 0, array, range.from, sum, 0);
    }

    /**
     * The length of the summed gradient, from the squares of all ranges, added in the order of the ranges. What is observed has
     * no part in it, but if it is not finite, nor is the answer.
     */
    double norm() {
        double sum = 0;
        for (int number = 0; number < squares.length; number++) {
            Range range = ranges.get(number);
            double square = squares[number][0];
            if (parameters[range.parameter].isTrained()) {
                sum += square;
            } else if (!isFinite(square, parameters[range.parameter].gradient(), range)) {
                return Double.NaN;
            }
        }
        return Math.sqrt(sum);
    }

    /** The values may have been changed by others since the last step. */
    void forgetValues() {
        if (bound != null) {
            bound.forgetValues();
        }
    }

    /** How long the vector of all values is, from the squares of all ranges. */
    private double valueNorm() {
        double sum = 0;
        for (double[] square : valueSquares) {
            sum += square[0];
        }
        return Math.sqrt(sum);
    }

    private void squareValues(int number) {
        Range range = ranges.get(number);
        square(values[range.parameter], range, valueSquares[number]);
    }

    /** Begins anew, unless the optimizer equals the one before, or that of the checkpoint. */
    void use(Optimizer next) {
        forgetValues();
        if (next.equals(optimizer)) {
            return;
        }
        if (gradients.length == 0) { // a network that only predicts needs none
            addReplica(List.of(parameters));
        }
        optimizer = null; // so that it also begins anew after a failure below
        for (int i = 0; i < parameters.length; i++) {
            Parameter parameter = parameters[i];
            updates[i] = parameter.isTrained() ? next.forParameter(parameter) : new RunningMean(parameter);
        }
        steps = 0;
        double memory = 0;
        if (checkpoint != null && checkpoint.isOf(next)) {
            checkpoint.putInto(updates);
            steps = checkpoint.steps();
            memory = checkpoint.largest();
        }
        backup.use(updates);
        bound = new StepBound(next, parameters, memory);
        checkpoint = null;
        optimizer = next;
    }

    /** Lets the next optimizer go on from there, if it is the one that remembers this. */
    void remember(OptimizerMemory memory) {
        checkpoint = memory;
        optimizer = null;
    }

    /** Checks that {@link #use} would go on with this optimizer, and not begin anew. */
    void requireContinued(Optimizer next) {
        if (checkpoint == null ? optimizer != null && !next.equals(optimizer) : !checkpoint.isOf(next)) {
            throw new IllegalArgumentException(
                    "TrainingOptions: expected the optimizer that the training was cut short with, "
                            + memory().optimizer() + ", got " + next
                            + ". Name an equal one; one of your own has its numbers in toString().");
        }
    }

    /** What the optimizer in use remembers, or the next one will. */
    OptimizerMemory memory() {
        if (checkpoint != null) {
            return checkpoint;
        }
        List<Map<String, double[]>> arrays = optimizer == null
                ? List.of()
                : Stream.of(updates).map(Optimizer.Update::memory).toList();
        return new OptimizerMemory(String.valueOf(optimizer), steps, arrays);
    }

    /** Begins anew with the next {@link #use}, in any case. */
    void forget() {
        optimizer = null;
        checkpoint = null;
    }

    /**
     * Goes on to the next step, which has an update for each range; all are measured by now. Unless it can do no harm, it is
     * watched: values are kept before the update, with what the optimizer remembers of them, and looked at after it.
     *
     * @param norm how long the mean gradient is
     */
    void nextStep(double norm, double learningRate) {
        stepsBefore = steps;
        watched = true; // as long as nothing is done, all can be taken back
        backup.begin();
        if (!bound.knowsValues()) {
            bound.measured(valueNorm());
        }
        boolean harmless = bound.allows(norm, learningRate);
        if (!harmless) {
            backup.watch();
        }
        steps++;
        watched = !harmless;
    }

    /** Whether the step is. */
    boolean isWatched() {
        return watched;
    }

    /**
     * Does the step on one range.
     *
     * @param scale what makes a mean of the sum
     * @param clip what a gradient is shortened by; what is observed is not
     */
    void update(int number, double scale, double clip, double learningRate) {
        Range range = ranges.get(number);
        Parameter parameter = parameters[range.parameter];
        double applied = parameter.isTrained() ? scale * clip : scale;
        if (watched) {
            backup.keep(number);
        }
        updates[range.parameter].step(steps, applied, learningRate, range.from, range.to);
        if (watched) {
            squareValues(number);
        }
    }

    /** Takes the step back, as far as it was done; the optimizer remembers what it did before it. */
    void undo() {
        if (watched) {
            backup.restore();
            bound.takeBack();
            steps = stepsBefore;
        } else {
            forget(); // halfway through a harmless step, which nothing but the virtual machine itself can end
        }
    }

    /** Whether all values are finite after the updates. */
    boolean areFinite() {
        if (!watched) {
            return true;
        }
        for (int number = 0; number < valueSquares.length; number++) {
            Range range = ranges.get(number);
            if (!isFinite(valueSquares[number][0], values[range.parameter], range)) {
                return false;
            }
        }
        bound.measured(valueNorm());
        return true;
    }

    /** Looks at single numbers only if their sum of squares is infinite, which it may also be for finite ones. */
    private static boolean isFinite(double square, double[] array, Range range) {
        boolean finite = true;
        for (int i = range.from; !Double.isFinite(square) && i < range.to; i++) {
            finite &= Double.isFinite(array[i]);
        }
        return finite;
    }
}
