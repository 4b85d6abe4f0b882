package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.Shape;

/** A batch that the caller holds in arrays, seen as a dataset. One object serves all batches. */
public final class ArrayBatch implements Dataset {
    private final Shape shape;
    private final int classes;
    private double[] images;
    private int[] labels;

    public ArrayBatch(Shape shape, int classes) {
        this.shape = shape;
        this.classes = classes;
    }

    /** The batch, from now on, is this one; the arrays are not copied. */
    public ArrayBatch of(double[] newImages, int[] newLabels) {
        images = newImages;
        labels = newLabels;
        return this;
    }

    /** The arrays are the caller's alone again. */
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
