package dev.purecnn.data;

import dev.purecnn.layer.Shape;

/** Images kept as 8-bit pixels, an eighth of what doubles take, and scaled on the way out. */
final class PixelDataset extends LabelledImages {
    private final byte[][] images;
    private final PixelScaling scaling;

    /** Trusts its caller, a reader of this package: the arrays are checked, and become the dataset's own. */
    PixelDataset(byte[][] images, int[] labels, Shape shape, int classes, PixelScaling scaling) {
        super(labels, shape, classes);
        this.images = images;
        this.scaling = scaling;
    }

    @Override
    void copy(int index, double[] target, int offset) {
        scaling.scale(images[index], target, offset);
    }
}
