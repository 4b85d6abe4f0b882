package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.util.Objects;

/** The images of one dataset, then those of another. */
final class ConcatDataset implements Dataset {
    private final Dataset first;
    private final Dataset second;
    private final int firstSize;
    private final int size;

    ConcatDataset(Dataset first, Dataset second) {
        this.first = first;
        this.second = Objects.requireNonNull(second, "other");
        if (!first.shape().equals(second.shape())) {
            throw new IllegalArgumentException("Dataset.concat: expected images of " + first.shape() + ", got "
                    + second.shape() + ". Bring both to one shape with map.");
        }
        if (first.classes() != second.classes()) {
            throw new IllegalArgumentException("Dataset.concat: expected " + first.classes() + " classes, got "
                    + second.classes() + ". Bring both to the same classes with mapLabels.");
        }
        long sum = (long) first.size() + second.size();
        if (sum > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Dataset.concat: expected at most " + Integer.MAX_VALUE + " images, got "
                    + sum + ". Take fewer of them.");
        }
        this.firstSize = first.size();
        this.size = (int) sum;
    }

    @Override
    public Dataset epoch(int epoch) {
        Dataset firstInEpoch = first.epoch(epoch);
        Dataset secondInEpoch = second.epoch(epoch);
        boolean same = firstInEpoch == first && secondInEpoch == second;
        return same ? this : new ConcatDataset(firstInEpoch, secondInEpoch);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Shape shape() {
        return first.shape();
    }

    @Override
    public int classes() {
        return first.classes();
    }

    @Override
    public int label(int index) {
        DatasetChecks.index("Dataset.label", index, size);
        return index < firstSize ? first.label(index) : second.label(index - firstSize);
    }

    @Override
    public void copyImage(int index, double[] target, int offset) {
        DatasetChecks.index("Dataset.copyImage", index, size);
        if (index < firstSize) {
            first.copyImage(index, target, offset);
        } else {
            second.copyImage(index - firstSize, target, offset);
        }
    }
}
