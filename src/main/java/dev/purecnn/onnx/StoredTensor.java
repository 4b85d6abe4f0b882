package dev.purecnn.onnx;

import dev.purecnn.internal.text.Quoted;
import java.util.Arrays;

/**
 * A tensor of a file, its numbers as narrow as the file has them.
 *
 * @param name what the file calls it
 * @param sizes of its dimensions, the last one's values side by side
 * @param numbers a {@code float[]} or a {@code double[]}, a {@code long[]} for a few whole numbers; null for any other type
 * @param position where the file describes it
 */
record StoredTensor(String name, int[] sizes, Object numbers, long position) {

    /** The number of values of those dimensions, or -1 if an array cannot hold them. */
    static int count(long[] sizes) {
        long count = 1;
        for (long size : sizes) {
            if (size < 0 || size > Integer.MAX_VALUE || count * size > Integer.MAX_VALUE) {
                return -1;
            }
            count *= size;
        }
        return (int) count;
    }

    /** Whether its numbers are floating-point ones. */
    boolean isReal() {
        return numbers instanceof float[] || numbers instanceof double[];
    }

    int count() {
        return numbers instanceof double[] doubles ? doubles.length : ((float[]) numbers).length;
    }

    double value(int index) {
        return numbers instanceof double[] doubles ? doubles[index] : ((float[]) numbers)[index];
    }

    double[] values() {
        double[] values = new double[count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(i);
        }
        return values;
    }

    /** The name and sizes, such as {@code conv1.weight (8 x 3 x 5 x 5)}. */
    @Override
    public String toString() {
        return Quoted.of(name) + " (" + sizes(sizes) + ")";
    }

    static String sizes(int[] sizes) {
        String text = Arrays.toString(sizes).replace(", ", " x ");
        return sizes.length == 0 ? "one value" : text.substring(1, text.length() - 1);
    }
}
