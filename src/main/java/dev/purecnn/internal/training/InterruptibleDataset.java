package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.Shape;
import java.util.concurrent.CancellationException;

/** Another dataset's images, which end with an exception when the thread that made this object is interrupted. */
final class InterruptibleDataset implements Dataset {
    private final Dataset images;
    private final Thread thread = Thread.currentThread();

    InterruptibleDataset(Dataset images) {
        this.images = images;
    }

    @Override
    public int size() {
        return images.size();
    }

    @Override
    public Shape shape() {
        return images.shape();
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
        if (thread.isInterrupted()) {
            throw new CancellationException("CNN: a test was interrupted.");
        }
        images.copyImage(index, target, offset);
    }
}
