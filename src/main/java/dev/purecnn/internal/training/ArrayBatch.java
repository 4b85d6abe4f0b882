package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.Shape;

/** A batch that the caller holds in arrays, seen as a dataset. One object serves all batches. */
public final class ArrayBatch implements Dataset {
    private final Shape shape;
    private final int classes;
    private double[] images;
    private int[] labels;

    ArrayBatch(Shape shape, int classes) {
        this.shape = shape;
        this.classes = classes;
    }

    /** Shows these arrays from now on; they are not copied. */
    void set(double[] newImages, int[] newLabels) {
        images = newImages;
        labels = newLabels;
    }

    /** Lets go of the arrays. */
    void clear() {
        images = null;
        labels = null;
    }

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
        return labels[index];
    }

    @Override
    public void copyImage(int index, double[] target, int offset) {
        System.arraycopy(images, index * shape.size(), target, offset, shape.size());
    }
}
