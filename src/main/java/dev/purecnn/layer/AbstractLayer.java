package dev.purecnn.layer;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * What all our layers do alike: connect once, check what comes in, and keep the order of calls.
 *
 * @param <M> what the layer remembers of {@code n} images
 */
abstract class AbstractLayer<M> implements Layer {
    /** Leaves room for what a virtual machine keeps of an array, and a layer appends to it. */
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 16;

    private Memories<M> memories = new Memories<>(this::remember);
    private Shape input;
    private Shape output;
    private int n;
    private M memory;

    /** Checks that the layer can take such images, prepares what depends on their shape; answers the output's shape. */
    abstract Shape fit(Shape images);

    /** Draws the first weights. A layer that refuses the images even now is not connected. */
    void initialize(Shape images, RandomGenerator random) {}

    /** Makes the memory for {@code images} images. */
    abstract M remember(int images);

    /** A new layer with the same options and parameter values, not yet fitted to any input. */
    abstract AbstractLayer<M> unfittedReplica();

    @Override
    public final Shape connect(Shape shape, RandomGenerator random) {
        Objects.requireNonNull(shape, "input");
        Objects.requireNonNull(random, "random");
        if (input != null) {
            throw new IllegalStateException(name() + ": expected to be connected once, got a second connect."
                    + " Make a new layer for each network.");
        }
        Shape answered = fit(shape);
        initialize(shape, random);
        input = shape;
        output = answered;
        return output;
    }

    @Override
    public final Layer replica() {
        checkConnected("replica");
        AbstractLayer<M> copy = unfittedReplica();
        copy.output = copy.fit(input);
        copy.input = input;
        return copy;
    }

    /** Works in the arrays of another replica from now on, and no longer in its own. */
    @SuppressWarnings("unchecked") // replicas of one layer remember alike
    void borrowMemory(AbstractLayer<?> lender) {
        memories = ((AbstractLayer<M>) lender).memories;
        memory = null;
    }

    /** Starts a forward pass: checks the images, and answers the memory to work in. */
    final M begin(double[] images) {
        checkConnected("forward");
        Objects.requireNonNull(images, "images");
        if (images.length == 0 || images.length % input.size() != 0) {
            throw new IllegalArgumentException(name() + ": expected " + input.size() + " input values (" + input
                    + ") an image, got " + images.length + ". Pass whole images, back to back.");
        }
        int count = images.length / input.size();
        if (memory == null || n != count) {
            checkCount(count);
            memory = memories.of(count);
            n = count;
        }
        return memory;
    }

    private void checkCount(int count) {
        int limit = LARGEST_ARRAY / Math.max(output.size(), memorySize());
        if (count > limit) {
            throw new IllegalArgumentException(name() + ": expected at most " + limit + " images at once, got " + count
                    + ". Use a smaller batch.");
        }
    }

    /** The length of the longest array that the layer needs for each image, beside its output. */
    int memorySize() {
        return input.size();
    }

    /** Starts a backward pass: checks the gradient, and answers the memory of the forward pass. */
    final M resume(double[] lossGradient) {
        M last = resume();
        Objects.requireNonNull(lossGradient, "lossGradient");
        if (lossGradient.length != n * output.size()) {
            throw new IllegalArgumentException(name() + ": expected " + n * output.size() + " loss gradients (" + n
                    + " images of " + output + "), got " + lossGradient.length
                    + ". Pass the gradient of the last forward's output.");
        }
        return last;
    }

    /** The memory of the last forward pass. */
    final M resume() {
        if (memory == null) {
            throw new IllegalStateException(
                    name() + ": expected forward before backprop, got backprop first. Call forward.");
        }
        return memory;
    }

    private void checkConnected(String call) {
        if (input == null) {
            throw new IllegalStateException(name() + ": expected connect before " + call + ", got " + call
                    + " first. Put the layer into a network, or call connect.");
        }
    }

    /** The number of images of the last forward pass. */
    final int images() {
        return n;
    }

    final Shape input() {
        return input;
    }

    final Shape output() {
        return output;
    }

    /** What error messages call the layer. */
    final String name() {
        return getClass().getSimpleName();
    }
}
