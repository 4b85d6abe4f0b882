package dev.purecnn.data;

import java.util.Objects;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Some images of another dataset, in an order of its own. */
final class Selection extends DatasetView {
    private final int[] order;

    private Selection(Dataset source, int[] order) {
        super(source);
        this.order = order;
    }

    /** Images {@code order[0], order[1], ...} of the source; the array becomes the view's own. */
    static Dataset of(Dataset source, int[] order) {
        if (source instanceof Selection view) {
            // a view of a view reads straight from the source, however long the chain of calls was
            for (int i = 0; i < order.length; i++) {
                order[i] = view.order[order[i]];
            }
            return new Selection(view.source, order);
        }
        return new Selection(source, order);
    }

    /** The images whose label a condition accepts, which is asked once for each label. */
    static Dataset filtered(Dataset source, IntPredicate condition) {
        Objects.requireNonNull(condition, "condition");
        boolean[] accepted = DatasetChecks.occurringLabels("Dataset.filter", source);
        for (int label = 0; label < accepted.length; label++) {
            accepted[label] = accepted[label] && condition.test(label);
        }
        return of(
                source,
                IntStream.range(0, source.size())
                        .filter(i -> accepted[source.label(i)])
                        .toArray());
    }

    /** The numbers 0 to {@code size - 1} in the order that {@link Dataset#shuffled} promises. */
    static int[] permutation(int size, long seed) {
        Random random = new Random(seed); // its algorithm is specified, unlike that of other generators
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        for (int i = size - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[other];
            order[other] = swapped;
        }
        return order;
    }

    @Override
    Dataset over(Dataset otherSource) {
        return new Selection(otherSource, order);
    }

    @Override
    public int size() {
        return order.length;
    }

    @Override
    public int label(int index) {
        DatasetChecks.index("Dataset.label", index, order.length);
        return source.label(order[index]);
    }

    @Override
    public void copyImage(int index, double[] target, int offset) {
        DatasetChecks.index("Dataset.copyImage", index, order.length);
        source.copyImage(order[index], target, offset);
    }
}
