package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.Shape;

/**
 * The output of a network's frozen layers for a dataset, computed once per image unless images change with the epochs or the
 * outputs would take too much memory. The values are the same either way.
 */
final class Features implements Dataset {
    private static final long PART_OF_MEMORY = 4; // a quarter of the heap at most

    private final Dataset images;
    private final Predictor front;
    private final Shape shape;
    /** Null if none are kept; otherwise null for images that have not been asked for. */
    private final double[][] kept;

    Features(Dataset images, Predictor front, Shape shape) {
        this(images, front, shape, areKept(images, shape));
    }

    private Features(Dataset images, Predictor front, Shape shape, boolean keep) {
        this.images = images;
        this.front = front;
        this.shape = shape;
        kept = keep ? new double[images.size()][] : null;
    }

    private static boolean areKept(Dataset images, Shape shape) {
        long bytes = (long) images.size() * shape.size() * Double.BYTES;
        boolean change = images.epoch(0) != images || images.epoch(1) != images;
        return !change && bytes <= Runtime.getRuntime().maxMemory() / PART_OF_MEMORY;
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public int classes() {
        return images.classes();
    }

    @Override
    public int label(int index) {
        return images.label(index);
    }

    @Override
    public void copyImage(int index, double[] target, int offset) {
        double[] features = kept == null ? null : kept[index];
        if (features == null) {
            features = front.forward(images.image(index));
            if (kept != null) {
                kept[index] = features; // two threads may compute the same values
            }
        }
        System.arraycopy(features, 0, target, offset, features.length);
    }

    @Override
    public Dataset epoch(int epoch) {
        Dataset now = images.epoch(epoch);
        return now == images ? this : new Features(now, front, shape, false);
    }
}
