package dev.purecnn.internal.training;

import dev.purecnn.internal.text.Quoted;
import dev.purecnn.layer.Parameter;
import dev.purecnn.training.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The steps of an optimizer on all parameters, range by range, and the way back from a step that fails. */
final class Updates {
    private static final double SAFE = 1e300;
    /** A bound that has grown this large without measuring says little: measure again. */
    private static final double LOOSE = 1e100;

    private final ParameterRanges ranges;
    private final Optimizer.Update[] updates;
    /** By range: the sum of the squares of values and state when last measured. */
    private final double[] squares;
    /** By parameter: its values, then the arrays of its state that are as long. */
    private double[][][] arrays = {};
    /** All arrays that a step changes, and their copies from before the step; null until a step needs them. */
    private List<double[]> live = List.of();

    private double[][] copies;
    private Optimizer optimizer;
    /** What the next optimizer continues from, if it is the right one; else null. */
    private OptimizerState restored;

    private long steps;
    /** No value and no number of the state is larger in size, if {@code known}. */
    private double largest;

    private boolean known;
    private double largestAfter;
    /** Whether the state comes from the optimizer's own steps: a file may hold numbers that no step leaves. */
    private boolean ownState;
    /** Whether all state is as long as its parameter, and so measured range by range. */
    private boolean measurable;

    private boolean begun;
    private boolean copied;
    private double scale;
    private double clip;
    private double learningRate;

    Updates(ParameterRanges ranges) {
        this.ranges = ranges;
        updates = new Optimizer.Update[ranges.parameters().size()];
        squares = new double[ranges.count()];
    }

    /** Starts from scratch, unless the optimizer equals the one before, or that of the checkpoint. */
    void use(Optimizer next) {
        valuesMayHaveChanged();
        if (next.equals(optimizer)) {
            return;
        }
        optimizer = null; // so that a failure below leaves none
        for (int i = 0; i < updates.length; i++) {
            Parameter parameter = ranges.parameters().get(i);
            updates[i] = parameter.isTrained() ? next.forParameter(parameter) : runningMean(parameter);
        }
        steps = 0;
        if (restored != null && restored.isOf(next)) {
            restored.restoreInto(updates);
            steps = restored.steps();
        }
        ownState = restored == null;
        collectArrays();
        restored = null;
        optimizer = next;
    }

    /** {@code value = momentum * value + (1 - momentum) * observed}, with any optimizer and learning rate. */
    private static Optimizer.Update runningMean(Parameter parameter) {
        double[] values = parameter.values();
        double[] observed = parameter.gradient();
        double kept = parameter.momentum();
        return (step, scale, learningRate, from, to) -> {
            for (int i = from; i < to; i++) {
                values[i] = kept * values[i] + (1 - kept) * (observed[i] * scale);
                observed[i] = 0.0;
            }
        };
    }

    private void collectArrays() {
        copies = null;
        measurable = true;
        live = new ArrayList<>();
        arrays = new double[updates.length][][];
        for (int i = 0; i < updates.length; i++) {
            double[] values = ranges.parameters().get(i).values();
            List<double[]> alike = new ArrayList<>(List.of(values));
            for (double[] array : updates[i].state().values()) {
                if (array.length == values.length) {
                    alike.add(array);
                } else {
                    live.add(array);
                    measurable = false;
                }
            }
            live.addAll(alike);
            arrays[i] = alike.toArray(new double[0][]);
        }
    }

    /** Lets the next optimizer continue from there, if it is the one whose state this is. */
    void restore(OptimizerState state) {
        restored = state;
        optimizer = null;
    }

    /** Checks that {@link #use} would continue with this optimizer, and not start from scratch. */
    void requireContinued(Optimizer next) {
        if (restored == null ? optimizer != null && !next.equals(optimizer) : !restored.isOf(next)) {
            throw new IllegalArgumentException(
                    "TrainingOptions: expected the optimizer that the training was cut short with, "
                            + Quoted.message(state().optimizer()) + ", got " + next
                            + ". Use an equal one; your own must print its numbers in toString().");
        }
    }

    /** The state of the optimizer in use, or what the next one will continue from. */
    OptimizerState state() {
        if (restored != null) {
            return restored;
        }
        List<Map<String, double[]>> all = optimizer == null
                ? List.of()
                : Stream.of(updates).map(Optimizer.Update::state).toList();
        return new OptimizerState(String.valueOf(optimizer), steps, all);
    }

    /** Starts from scratch with the next {@link #use}, in any case. */
    void forget() {
        optimizer = null;
        restored = null;
        release();
    }

    /** Lets go of the copies. */
    void release() {
        copies = null;
    }

    /** Something else than a step may have written to the parameters. */
    void valuesMayHaveChanged() {
        known = false;
    }

    /** Measures a range before a step, unless it is known how large numbers are. */
    void measureIfUnknown(int number) {
        if (!known) {
            measure(number);
        }
    }

    private void measure(int number) {
        squares[number] = 0.0;
        for (double[] array : arrays[ranges.get(number).parameter()]) {
            ranges.addSquares(array, number, squares);
        }
    }

    /**
     * Begins a step, which is to update each range; all are measured by now. Unless the step is safe, everything is copied first.
     *
     * @param meanScale turns the summed gradient into a mean
     * @param clipping what a gradient is shortened by; what is observed is not
     * @param norm the length of the mean gradient after clipping
     */
    void begin(double meanScale, double clipping, double norm, double rate) {
        scale = meanScale;
        clip = clipping;
        learningRate = rate;
        if (!known) {
            largest = norm();
        }
        largestAfter = optimizer.largestAfter(Math.max(norm, largest), rate);
        copied = !ownState || !measurable || !(largestAfter < SAFE);
        if (copied) {
            copy();
        }
        begun = true;
    }

    private double norm() {
        double sum = 0;
        for (double square : squares) {
            sum += square;
        }
        return Math.sqrt(sum);
    }

    private void copy() {
        if (copies == null) {
            copies = live.stream().map(double[]::clone).toArray(double[][]::new); // all or, out of memory, none
            return;
        }
        for (int i = 0; i < copies.length; i++) {
            System.arraycopy(live.get(i), 0, copies[i], 0, copies[i].length);
        }
    }

    void update(int number) {
        ParameterRanges.Range range = ranges.get(number);
        boolean trained = ranges.parameters().get(range.parameter()).isTrained();
        updates[range.parameter()].step(
                steps + 1, trained ? scale * clip : scale, learningRate, range.from(), range.to());
        if (copied) {
            measure(number);
        }
    }

    /** Ends the step if it left finite values; false if not, and then it is to be undone. */
    boolean end() {
        for (int number = 0; copied && number < squares.length; number++) {
            ParameterRanges.Range range = ranges.get(number);
            double[] values = ranges.parameters().get(range.parameter()).values();
            if (!ParameterRanges.isFinite(squares[number], values, range)) {
                return false;
            }
        }
        steps++;
        largest = copied ? norm() : largestAfter;
        known = largest < LOOSE;
        ownState = true;
        begun = false;
        return true;
    }

    /** Undoes the step as far as it was done. Between steps it does nothing. */
    void undo() {
        if (!begun) {
            return;
        }
        begun = false;
        known = false;
        if (!copied) {
            forget(); // in the middle of a safe step, which only an error of the virtual machine can end
            return;
        }
        for (int i = 0; i < copies.length; i++) {
            System.arraycopy(copies[i], 0, live.get(i), 0, copies[i].length);
        }
    }
}
