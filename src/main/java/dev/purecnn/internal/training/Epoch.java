package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.internal.random.CounterRandom;
import dev.purecnn.layer.Shape;
import java.util.Random;

/** The images of one epoch in the order drawn for it, seen batch by batch: a window that moves over them. */
final class Epoch implements Dataset {
    private final Dataset images;
    private final int[] order;
    private final int length;
    private int from;
    private int size;

    /**
     * Draws a sample without replacement. It is a function of the seed and the epoch alone.
     *
     * @param length how many images; all, for an epoch that sees each once
     * @param shuffled whether to draw at all, or to take the first ones in order
     */
    Epoch(Dataset images, int length, boolean shuffled, long seed, int epoch) {
        this.images = images;
        this.length = length;
        order = new int[images.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        if (shuffled) {
            draw(new Random(CounterRandom.at(seed, epoch)));
        }
    }

    /** Fisher and Yates, as far as needed (Knuth, The Art of Computer Programming, volume 2, algorithm 3.4.2 P). */
    private void draw(Random random) {
        for (int i = 0; i < length; i++) {
            int j = i + random.nextInt(order.length - i);
            int drawn = order[j];
            order[j] = order[i];
            order[i] = drawn;
        }
    }

    /** Leaves out the first images, whose batches are done; to be called before the first batch. */
    void startAfter(int done) {
        from = done;
    }

    /** The number that an image of the batch has in the dataset. */
    int source(int index) {
        return order[from + index];
    }

    /** Moves the window on to the next batch; false if there is none. The last one may be smaller. */
    boolean next(int batchSize) {
        from += size;
        size = Math.min(batchSize, length - from);
        return size > 0;
    }

    @Override
    public int size() {
        return size;
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
        return images.label(source(index));
    }

    @Override
    public void copyImage(int index, double[] target, int offset) {
        images.copyImage(source(index), target, offset);
    }
}
