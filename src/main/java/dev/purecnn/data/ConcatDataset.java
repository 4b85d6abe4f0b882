package dev.purecnn.data;

import dev.purecnn.internal.text.ClassNames;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The images of one dataset, then those of another. */
final class ConcatDataset extends DatasetView {
    private final Dataset second;
    private final int firstSize;
    private final int size;
    // asked of the parts once: a dataset that is concatenated to itself 30 times would be asked 2^30 times
    private final List<String> classNames;
    private final Optional<Preprocessing> preprocessing;
    private final boolean labelled;

    ConcatDataset(Dataset first, Dataset second) {
        super(first);
        this.second = Objects.requireNonNull(second, "other");
        if (!first.shape().equals(second.shape())) {
            throw new IllegalArgumentException("Dataset.concat: expected images of " + first.shape() + ", got "
                    + second.shape() + ". Bring both to one shape with map.");
        }
        ClassNames.checkSame("Dataset.concat", first.classNames(), second.classNames());
        if (first.classes() != second.classes()) {
            throw new IllegalArgumentException("Dataset.concat: expected " + first.classes() + " classes, got "
                    + second.classes() + ". Bring both to the same classes with mapLabels.");
        }
        preprocessing = commonPreprocessing();
        long sum = (long) first.size() + second.size();
        if (sum > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Dataset.concat: expected at most " + Integer.MAX_VALUE + " images, got "
                    + sum + ". Take fewer of them.");
        }
        this.firstSize = first.size();
        this.size = (int) sum;
        List<String> names = first.classNames();
        classNames = names.isEmpty() ? second.classNames() : names;
        labelled = first.isLabelled() && second.isLabelled();
    }

    private Optional<Preprocessing> commonPreprocessing() {
        Optional<Preprocessing> expected = source.preprocessing();
        Optional<Preprocessing> got = second.preprocessing();
        if (expected.isPresent() && got.isPresent() && !expected.equals(got)) {
            throw new IllegalArgumentException("Dataset.concat: expected pictures prepared as " + expected.get()
                    + ", got " + got.get() + ". Read both with the same preprocessing.");
        }
        return expected.or(() -> got);
    }

    @Override
    Dataset over(Dataset otherSource) {
        return new ConcatDataset(otherSource, second);
    }

    @Override
    public Dataset epoch(int epoch) {
        Dataset firstInEpoch = source.epoch(epoch);
        Dataset secondInEpoch = second.epoch(epoch);
        boolean same = firstInEpoch == source && secondInEpoch == second;
        return same ? this : new ConcatDataset(firstInEpoch, secondInEpoch);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public boolean isLabelled() {
        return labelled;
    }

    @Override
    public Optional<Preprocessing> preprocessing() {
        return preprocessing;
    }

    @Override
    public int label(int index) {
        DatasetChecks.index("Dataset.label", index, size);
        return index < firstSize ? source.label(index) : second.label(index - firstSize);
    }

    @Override
    public void copyImage(int index, double[] target, int offset) {
        DatasetChecks.index("Dataset.copyImage", index, size);
        if (index < firstSize) {
            source.copyImage(index, target, offset);
        } else {
            second.copyImage(index - firstSize, target, offset);
        }
    }
}
