package dev.purecnn.data;

import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/** Another dataset's images with other labels. */
final class RelabelledDataset extends DatasetView {
    private final int classes;
    private final int[] newLabels; // one for each class of the source

    RelabelledDataset(Dataset source, int classes, IntUnaryOperator function) {
        super(source);
        DatasetChecks.classes("Dataset.mapLabels", classes);
        this.classes = classes;
        Objects.requireNonNull(function, "function");
        newLabels = new int[source.classes()];
        for (int label = 0; label < newLabels.length; label++) {
            newLabels[label] = function.applyAsInt(label);
            if (newLabels[label] < 0 || newLabels[label] >= classes) {
                throw new IllegalArgumentException("Dataset.mapLabels: expected labels from 0 to " + (classes - 1)
                        + ", got " + newLabels[label] + " for label " + label
                        + ". Correct the function or raise the number of classes.");
            }
        }
    }

    private RelabelledDataset(Dataset source, RelabelledDataset other) {
        super(source);
        classes = other.classes;
        newLabels = other.newLabels;
    }

    @Override
    Dataset over(Dataset otherSource) {
        return new RelabelledDataset(otherSource, this);
    }

    @Override
    public int classes() {
        return classes;
    }

    /** None: what the new classes are called, only the caller knows. */
    @Override
    public List<String> classNames() {
        return List.of();
    }

    @Override
    public int label(int index) {
        return newLabels[source.label(index)];
    }
}
