package dev.purecnn.internal.file;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * An array under the name that it has in a file.
 *
 * @param name unlike those of the others
 * @param dimensions three sizes, from the slowest index to the fastest
 * @param values the array itself
 */
public record Tensor(String name, int[] dimensions, double[] values) {

    /** Whether it has this name and as many values in this arrangement. */
    public boolean isLike(String otherName, int... otherDimensions) {
        return name.equals(otherName) && Arrays.equals(dimensions, otherDimensions);
    }

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

    static String text(int[] dimensions) {
        return Arrays.stream(dimensions).mapToObj(Integer::toString).collect(Collectors.joining(" x "));
    }

    @Override
    public String toString() {
        return name + " (" + text(dimensions) + ")";
    }
}
