package dev.purecnn.data;

import dev.purecnn.layer.Shape;

/** A dataset that holds its labels; where its images are, a subclass knows. */
abstract class LabelledImages implements Dataset {
    final int[] labels;
    final Shape shape;
    final int classes;

    LabelledImages(int[] labels, Shape shape, int classes) {
        this.labels = labels;
        this.shape = shape;
        this.classes = classes;
    }

    /** Copies an image that exists to a place that has room for it. */
    abstract void copy(int index, double[] target, int offset);

    @Override
    public int size() {
        return labels.length;
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
    public int label(int index) {
        DatasetChecks.index("Dataset.label", index, labels.length);
        return labels[index];
    }

    @Override
    public void copyImage(int index, double[] target, int offset) {
        DatasetChecks.index("Dataset.copyImage", index, labels.length);
        DatasetChecks.room("Dataset.copyImage", target, offset, shape.size());
        copy(index, target, offset);
    }
}
