package dev.purecnn.internal.training;

import dev.purecnn.training.Optimizer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What an optimizer remembers of the steps that it has done on a network's parameters, as a checkpoint holds it.
 *
 * <pre>{@code
 * OptimizerMemory memory = trainer.memory(); // of a network, for another one with the same layers and values
 * other.remember(memory);
 * }</pre>
 *
 * @param optimizer its {@code toString()}
 * @param steps how many steps it has done since it began, at least 0
 * @param arrays the {@link Optimizer.Update#memory} of each of the network's parameters, in order; not copies
 */
public record OptimizerMemory(String optimizer, long steps, List<Map<String, double[]>> arrays) {
    /**
     * Keeps a copy of the list.
     *
     * @param optimizer its {@code toString()}
     * @param steps how many steps it has done since it began, at least 0
     * @param arrays the {@link Optimizer.Update#memory} of each of the network's parameters, in order; not copies
     * @throws IllegalArgumentException if the steps are below 0
     */
    public OptimizerMemory {
        Objects.requireNonNull(optimizer, "optimizer");
        if (steps < 0) {
            throw new IllegalArgumentException(
                    "OptimizerMemory: expected at least 0 steps, got " + steps + ". Use the numbers of a training.");
        }
        arrays = List.copyOf(arrays);
    }

    /** Whether an optimizer goes on from here: it has the same numbers. */
    boolean isOf(Optimizer other) {
        return TrainingSettings.alike(other.toString(), optimizer);
    }

    /** Puts it in place of what new updates remember. */
    void putInto(Optimizer.Update[] updates) {
        for (int i = 0; i < updates.length; i++) {
            Map<String, double[]> memory = updates[i].memory();
            Map<String, double[]> saved = i < arrays.size() ? arrays.get(i) : Map.of();
            if (!lengths(memory).equals(lengths(saved))) {
                throw new IllegalStateException("Optimizer: expected memory of " + lengths(memory)
                        + " numbers for parameter " + i + " of the network, got " + lengths(saved)
                        + " from the checkpoint. Use the optimizer as it was when the checkpoint was written.");
            }
            saved.forEach((name, array) -> System.arraycopy(array, 0, memory.get(name), 0, array.length));
        }
    }

    /** The size of the largest number; infinite, or NaN, if there are numbers that no training comes to. */
    double largest() {
        double largest = 0;
        for (Map<String, double[]> memory : arrays) {
            for (Map.Entry<String, double[]> array : memory.entrySet()) {
                boolean squares = array.getKey().equals("square");
                for (double number : array.getValue()) {
                    largest = Math.max(largest, squares && number < 0 ? Double.POSITIVE_INFINITY : Math.abs(number));
                }
            }
        }
        return largest;
    }

    private static Map<String, Integer> lengths(Map<String, double[]> memory) {
        Map<String, Integer> lengths = new TreeMap<>();
        memory.forEach((name, array) -> lengths.put(name, array.length));
        return lengths;
    }
}
