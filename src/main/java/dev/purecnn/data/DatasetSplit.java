package dev.purecnn.data;

import java.util.Arrays;
import java.util.Objects;

/**
 * The two parts of a dataset, such as the images to train on and those to validate with. Both are views, which copy no
 * images; together they hold every image once.
 *
 * <pre>{@code
 * DatasetSplit parts = all.stratifiedSplit(0.9, 42);
 * cnn.train(parts.first(), parts.rest(), options);
 * }</pre>
 *
 * @param first the share that was asked for
 * @param rest all other images
 */
public record DatasetSplit(Dataset first, Dataset rest) {

    /**
     * Checks that both parts are there.
     *
     * @param first the share that was asked for
     * @param rest all other images
     */
    public DatasetSplit {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(rest, "rest");
    }

    static DatasetSplit random(Dataset source, double fraction, long seed) {
        checkFraction("Dataset.split", fraction);
        int count = share(fraction, source.size());
        Dataset shuffled = source.shuffled(seed);
        return new DatasetSplit(shuffled.take(count), shuffled.skip(count));
    }

    static DatasetSplit stratified(Dataset source, double fraction, long seed) {
        checkFraction("Dataset.stratifiedSplit", fraction);
        DatasetChecks.labelled("Dataset.stratifiedSplit", source);
        int[] wanted = new int[source.classes()];
        for (int i = 0; i < source.size(); i++) {
            wanted[source.label(i)]++;
        }
        int[] first = new int[source.size()];
        int[] rest = new int[source.size()];
        int firstSize = 0;
        int restSize = 0;
        for (int label = 0; label < wanted.length; label++) {
            wanted[label] = share(fraction, wanted[label]);
        }
        for (int index : Selection.permutation(source.size(), seed)) {
            if (wanted[source.label(index)]-- > 0) {
                first[firstSize++] = index;
            } else {
                rest[restSize++] = index;
            }
        }
        return new DatasetSplit(
                Selection.of(source, Arrays.copyOf(first, firstSize)),
                Selection.of(source, Arrays.copyOf(rest, restSize)));
    }

    private static int share(double fraction, int size) {
        return (int) Math.round(fraction * size);
    }

    private static void checkFraction(String where, double fraction) {
        if (!(fraction >= 0 && fraction <= 1)) { // so written that it refuses NaN
            throw new IllegalArgumentException(where + ": expected a fraction from 0 to 1, got " + fraction
                    + ". Write 0.9 for nine images in ten.");
        }
    }
}
