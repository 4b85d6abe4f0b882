package dev.purecnn.internal.file;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * An array under the name that it has in a file.
 *
 * @param name unlike those of the others
 * @param sizes from the slowest index to the fastest
 * @param values the array itself
 */
public record Tensor(String name, int[] sizes, double[] values) {

    /** The first value that is NaN or infinite; -1 if all are numbers. */
    public int firstNotFinite() {
        double zero = 0;
        for (double value : values) {
            zero += value * 0.0; // NaN if one value is not finite: one check for all instead of one each
        }
        int index = zero == 0 ? values.length : 0;
        while (index < values.length && Double.isFinite(values[index])) {
            index++;
        }
        return index < values.length ? index : -1;
    }

    /** As a header has them. */
    long[] longSizes() {
        return Arrays.stream(sizes).asLongStream().toArray();
    }

    @Override
    public String toString() {
        return Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining(" x ", name + " (", ")"));
    }
}
