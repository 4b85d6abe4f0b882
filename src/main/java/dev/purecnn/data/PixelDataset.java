package dev.purecnn.data;

import dev.purecnn.layer.Shape;

/** Images kept as 8-bit pixels, an eighth of what doubles take, and scaled on the way out. */
final class PixelDataset implements Dataset {
    private final byte[][] images;
    private final int[] labels;
    private final Shape shape;
    private final int classes;
    private final PixelScaling scaling;

    /** Trusts its caller, a reader of this package: the arrays are checked, and become the dataset's own. */
    PixelDataset(byte[][] images, int[] labels, Shape shape, int classes, PixelScaling scaling) {
        this.images = images;
        this.labels = labels;
        this.shape = shape;
        this.classes = classes;
        this.scaling = scaling;
    }

    @Override
    public int size() {
        return images.length;
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
        DatasetChecks.index("Dataset.copyImage", index, images.length);
        DatasetChecks.room("Dataset.copyImage", target, offset, shape.size());
        scaling.scale(images[index], target, offset);
    }
}
