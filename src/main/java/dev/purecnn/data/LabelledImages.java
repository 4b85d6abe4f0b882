package dev.purecnn.data;

import dev.purecnn.layer.Shape;
import java.util.List;
import java.util.Optional;

/** A dataset that holds its labels, if there are any; subclasses hold the images. */
abstract class LabelledImages implements Dataset {
    static final int[] NO_LABELS = null;

    final int[] labels;
    final Shape shape;
    final int classes;
    private final int size;
    private final Preprocessing preprocessing; // or null
    private final List<String> classNames;

    /** Keeps the labels: one per image, or {@link #NO_LABELS}. */
    LabelledImages(int size, int[] labels, Shape shape, int classes) {
        this(size, labels, shape, classes, null, List.of());
    }

    /** Images that were made from pictures, in classes of those names; without labels, there are none. */
    LabelledImages(int size, int[] labels, Preprocessing preprocessing, List<String> classNames) {
        this(size, labels, preprocessing.shape(), Math.max(1, classNames.size()), preprocessing, classNames);
    }

    /** The same images in classes of these names. */
    LabelledImages(LabelledImages other, List<String> classNames) {
        this(other.size, other.labels, other.shape, other.classes, other.preprocessing, classNames);
    }

    private LabelledImages(
            int size, int[] labels, Shape shape, int classes, Preprocessing preprocessing, List<String> classNames) {
        this.size = size;
        this.labels = labels;
        this.shape = shape;
        this.classes = classes;
        this.preprocessing = preprocessing;
        this.classNames = classNames;
    }

    /** Copies an image; index and room have been checked. */
    abstract void copy(int index, double[] target, int offset);

    @Override
    public int size() {
        return size;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public int classes() {
        return classes;
    }

    @Override
    public List<String> classNames() {
        return classNames;
    }

    @Override
    public Optional<Preprocessing> preprocessing() {
        return Optional.ofNullable(preprocessing);
    }

    @Override
    public boolean isLabelled() {
        return labels != NO_LABELS;
    }

    @Override
    public int label(int index) {
        DatasetChecks.index("Dataset.label", index, size);
        return isLabelled() ? labels[index] : 0;
    }

    @Override
    public void copyImage(int index, double[] target, int offset) {
        DatasetChecks.index("Dataset.copyImage", index, size);
        DatasetChecks.room("Dataset.copyImage", target, offset, shape.size());
        copy(index, target, offset);
    }
}
