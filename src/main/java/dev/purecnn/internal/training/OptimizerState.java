package dev.purecnn.internal.training;

import dev.purecnn.internal.text.Quoted;
import dev.purecnn.training.Optimizer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * An optimizer's state for a network's parameters, as a checkpoint holds it.
 *
 * @param optimizer its {@code toString()}
 * @param steps how many steps it has done since it started, at least 0
 * @param arrays the {@link Optimizer.Update#state} of each of the network's parameters, in order; not copies
 */
public record OptimizerState(String optimizer, long steps, List<Map<String, double[]>> arrays) {
    public OptimizerState {
        Objects.requireNonNull(optimizer, "optimizer");
        if (steps < 0) {
            throw new IllegalArgumentException(
                    "OptimizerState: expected at least 0 steps, got " + steps + ". Use the numbers of a training.");
        }
        arrays = List.copyOf(arrays);
    }

    /** Without that many parameters at the front. */
    OptimizerState from(int parameter) {
        return new OptimizerState(optimizer, steps, arrays.subList(Math.min(parameter, arrays.size()), arrays.size()));
    }

    /** Whether an optimizer can continue from here: it has the same numbers. */
    boolean isOf(Optimizer other) {
        return TrainingSettings.alike(other.toString(), optimizer);
    }

    /** Copies the numbers into new updates. */
    void restoreInto(Optimizer.Update[] updates) {
        for (int i = 0; i < updates.length; i++) {
            Map<String, double[]> state = updates[i].state();
            Map<String, double[]> saved = i < arrays.size() ? arrays.get(i) : Map.of();
            if (!lengths(state).equals(lengths(saved))) {
                throw new IllegalStateException("Optimizer: expected a state of " + lengths(state)
                        + " numbers for parameter " + i + " of the network, got " + Quoted.message(lengths(saved))
                        + " from the checkpoint. Use the optimizer as it was when the checkpoint was written.");
            }
            saved.forEach((name, array) -> System.arraycopy(array, 0, state.get(name), 0, array.length));
        }
    }

    private static Map<String, Integer> lengths(Map<String, double[]> state) {
        Map<String, Integer> lengths = new TreeMap<>();
        state.forEach((name, array) -> lengths.put(name, array.length));
        return lengths;
    }
}
