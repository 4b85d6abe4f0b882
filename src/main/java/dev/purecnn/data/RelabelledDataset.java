package dev.purecnn.data;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;

/** Another dataset's images with other labels. */
final class RelabelledDataset extends DatasetView {
    private static final int NONE = -1;

    private final int[] newLabels; // one for each class of the source; NONE where no image has it
    private final int classes;
    private final List<String> names;

    private RelabelledDataset(Dataset source, int[] newLabels, int classes, List<String> names) {
        super(source);
        this.newLabels = newLabels;
        this.classes = classes;
        this.names = names;
    }

    /** What the new classes are called, only the caller knows. */
    static Dataset mapped(Dataset source, int classes, IntUnaryOperator function) {
        DatasetChecks.classes("Dataset.mapLabels", classes);
        Objects.requireNonNull(function, "function");
        boolean[] occurs = DatasetChecks.occurringLabels("Dataset.mapLabels", source);
        int[] newLabels = new int[occurs.length];
        for (int label = 0; label < newLabels.length; label++) {
            newLabels[label] = occurs[label] ? function.applyAsInt(label) : NONE;
            if (occurs[label] && (newLabels[label] < 0 || newLabels[label] >= classes)) {
                throw new IllegalArgumentException("Dataset.mapLabels: expected labels from 0 to " + (classes - 1)
                        + ", got " + newLabels[label] + " for label " + label
                        + ". Correct the function or raise the number of classes.");
            }
        }
        return new RelabelledDataset(source, newLabels, classes, List.of());
    }

    static Dataset only(Dataset source, int[] labels) {
        if (labels.length == 0) {
            throw new IllegalArgumentException(
                    "Dataset.onlyClasses: expected at least 1 class, got none. Name the classes to keep.");
        }
        int[] newLabels = new int[source.classes()];
        Arrays.fill(newLabels, NONE);
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0 || labels[i] >= newLabels.length) {
                throw new IllegalArgumentException("Dataset.onlyClasses: expected classes from 0 to "
                        + (newLabels.length - 1) + ", got " + labels[i] + ". Name classes of this dataset.");
            }
            if (newLabels[labels[i]] != NONE) {
                throw new IllegalArgumentException("Dataset.onlyClasses: expected different classes, got " + labels[i]
                        + " twice. Name each class once.");
            }
            newLabels[labels[i]] = i;
        }
        DatasetChecks.labelled("Dataset.onlyClasses", source);
        Dataset kept = Selection.filtered(source, label -> newLabels[label] != NONE);
        List<String> names = source.classNames();
        List<String> newNames = names.isEmpty()
                ? names
                : Arrays.stream(labels).mapToObj(names::get).toList();
        return new RelabelledDataset(kept, newLabels, labels.length, newNames);
    }

    @Override
    Dataset over(Dataset otherSource) {
        return new RelabelledDataset(otherSource, newLabels, classes, names);
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public List<String> classNames() {
        return names;
    }

    @Override
    public int label(int index) {
        return newLabels[source.label(index)];
    }
}
