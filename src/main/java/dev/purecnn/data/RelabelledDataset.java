package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/** Another dataset's images with other labels. */
final class RelabelledDataset implements Dataset {
    private final Dataset source;
    private final int classes;
    private final int[] newLabels; // one for each class of the source

    RelabelledDataset(Dataset source, int classes, IntUnaryOperator function) {
        DatasetChecks.classes("Dataset.mapLabels", classes);
        this.source = source;
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
        this.source = source;
        classes = other.classes;
        newLabels = other.newLabels;
    }

    @Override
    public Dataset epoch(int epoch) {
        Dataset inEpoch = source.epoch(epoch);
        return inEpoch == source ? this : new RelabelledDataset(inEpoch, this);
    }

    @Override
    public int size() {
        return source.size();
    }

    @Override
    public Shape shape() {
        return source.shape();
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public int label(int index) {
        return newLabels[source.label(index)];
    }

    @Override
    public void copyImage(int index, double[] target, int offset) {
        source.copyImage(index, target, offset);
    }
}
