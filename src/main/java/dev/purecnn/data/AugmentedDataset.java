package dev.purecnn.data;

import dev.purecnn.internal.random.CounterRandom;
import dev.purecnn.layer.Shape;
import java.util.Objects;

/** Another dataset's images, changed at random in a way that seed, epoch and image number say. */
final class AugmentedDataset extends DatasetView {
    private final long seed;
    private final int epoch;
    private final ThreadLocal<Augmenter> augmenters; // each thread works in an array of its own, made once

    AugmentedDataset(Dataset source, Augmentation augmentation, long seed) {
        this(source, seed, 0, augmenters(Objects.requireNonNull(augmentation, "augmentation"), source.shape()));
    }

    private AugmentedDataset(Dataset source, long seed, int epoch, ThreadLocal<Augmenter> augmenters) {
        super(source);
        this.seed = seed;
        this.epoch = epoch;
        this.augmenters = augmenters;
    }

    private static ThreadLocal<Augmenter> augmenters(Augmentation augmentation, Shape shape) {
        int edge = Math.min(shape.height(), shape.width());
        checkBelow("shifts", augmentation.shift, edge, shape);
        checkBelow("cut-outs", augmentation.cutout, edge, shape);
        return ThreadLocal.withInitial(() -> new Augmenter(augmentation, shape));
    }

    private static void checkBelow(String what, int cells, int edge, Shape shape) {
        if (cells > 0 && cells >= edge) {
            throw new IllegalArgumentException("Dataset.augmented: expected " + what + " of less than " + edge
                    + " cells, for images of " + shape + ", got " + cells + ". Leave something of the image.");
        }
    }

    @Override
    Dataset over(Dataset otherSource) {
        return new AugmentedDataset(otherSource, seed, epoch, augmenters);
    }

    @Override
    public Dataset epoch(int epoch) {
        if (epoch < 0) {
            throw new IllegalArgumentException(
                    "Dataset.epoch: expected an epoch of at least 0, got " + epoch + ". Epochs are counted from 0.");
        }
        return new AugmentedDataset(source.epoch(epoch), seed, epoch, augmenters);
    }

    @Override
    public void copyImage(int index, double[] target, int offset) {
        DatasetChecks.index("Dataset.copyImage", index, source.size());
        DatasetChecks.room("Dataset.copyImage", target, offset, source.shape().size());
        Augmenter augmenter = augmenters.get();
        source.copyImage(index, augmenter.image(), 0);
        long key = CounterRandom.at(CounterRandom.at(CounterRandom.at(seed, 0), epoch), index);
        augmenter.apply(key, target, offset);
    }
}
