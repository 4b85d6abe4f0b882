package dev.purecnn.layer;

import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * What our layers have in common: they connect once, check what comes in, keep the order of calls, and own the arrays that they
 * return. A subclass is its formula.
 *
 * @param <B> what the layer keeps for {@code n} images
 */
abstract class AbstractLayer<B extends AbstractLayer.Buffers> implements Layer {
    /** Leaves room for the header of an array, and for what a layer appends to it. */
    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 16;

    private BufferCache<B> cache = new BufferCache<>(this);
    private Shape input;
    private Shape output;
    private B buffers;

    /** The arrays for {@code n} images. A layer that keeps more than these has a subclass. */
    static class Buffers {
        final int n;
        final double[] output;
        /** The argument of the last forward. */
        double[] images;

        private final int inputSize;
        private double[] inputGradient;

        Buffers(int n, AbstractLayer<?> layer) {
            this.n = n;
            inputSize = layer.input().size();
            output = new double[n * layer.output().size()];
        }

        /** Made when first asked for: a layer that only predicts does without. */
        final double[] inputGradient() {
            if (inputGradient == null) {
                inputGradient = new double[n * inputSize];
            }
            return inputGradient;
        }
    }

    /** Buffers of the two sizes used last: the last batch of an epoch is often smaller. */
    private static final class BufferCache<B extends Buffers> {
        private final AbstractLayer<B> owner; // one that borrows has no part in what the buffers work with
        private B last;
        private B secondToLast;

        BufferCache(AbstractLayer<B> owner) {
            this.owner = owner;
        }

        B of(int n) {
            if (last == null || last.n != n) {
                B found = secondToLast != null && secondToLast.n == n ? secondToLast : null;
                secondToLast = last; // lets go of the older ones before new ones are made
                last = found;
                if (found == null) {
                    last = owner.newBuffers(n);
                }
            }
            return last;
        }
    }

    /** Checks that the layer can take such images, prepares what depends on their shape; returns the output's shape. */
    abstract Shape fit(Shape images);

    /** Draws the first weights. */
    void initialize(Shape images, RandomGenerator random) {}

    /** As {@link #fit(Shape)}, for the first time. A layer that throws is not connected. */
    Shape fit(Shape images, RandomGenerator random) {
        Shape fitted = fit(images);
        initialize(images, random);
        return fitted;
    }

    abstract B newBuffers(int n);

    /** Fills {@code buffers.output}. */
    abstract void forward(double[] images, B buffers);

    /**
     * Adds to the parameters' gradients and overwrites {@code inputGradient}, which may hold anything; null if it is not wanted,
     * which only a layer with parameters must expect.
     */
    abstract void backprop(double[] lossGradient, B buffers, double[] inputGradient);

    /** A new layer with the same options and parameter values, not yet fitted to any input. */
    abstract AbstractLayer<B> unfittedReplica();

    @Override
    public final Shape connect(Shape shape, RandomGenerator random) {
        Objects.requireNonNull(shape, "input");
        Objects.requireNonNull(random, "random");
        if (input != null) {
            throw new IllegalStateException(name() + ": expected to be connected once, got a second connect."
                    + " Make a new layer for each network, or reuse a trained one by cnn.toBuilder().keep(...).");
        }
        Shape fitted = fit(shape, random);
        input = shape;
        output = fitted;
        return output;
    }

    @Override
    public final Layer replica() {
        checkConnected("replica");
        AbstractLayer<B> copy = unfittedReplica();
        copy.output = copy.fit(input);
        copy.input = input;
        return copy;
    }

    /** Works in the arrays of another replica from now on, and no longer in its own. */
    @SuppressWarnings("unchecked") // replicas of one layer have the same buffers
    void borrowBuffers(AbstractLayer<?> lender) {
        cache = ((AbstractLayer<B>) lender).cache;
        buffers = null;
    }

    @Override
    public final double[] forward(double[] images) {
        B now = beginForward(images);
        forward(images, now);
        return now.output;
    }

    /** Checks the images; returns the buffers to work in. */
    final B beginForward(double[] images) {
        checkConnected("forward");
        Objects.requireNonNull(images, "images");
        if (images.length == 0 || images.length % input.size() != 0) {
            throw new IllegalArgumentException(name() + ": expected " + input.size() + " input values (" + input
                    + ") per image, got " + images.length + ". Pass whole images, back to back.");
        }
        int n = images.length / input.size();
        if (buffers == null || buffers.n != n) {
            checkCount(n);
            buffers = null; // so that the cache alone decides what stays
            buffers = cache.of(n);
        }
        buffers.images = images;
        return buffers;
    }

    private void checkCount(int n) {
        int limit = LARGEST_ARRAY / Math.max(output.size(), largestBuffer());
        if (n > limit) {
            throw new IllegalArgumentException(
                    name() + ": expected at most " + limit + " images at once, got " + n + ". Use a smaller batch.");
        }
    }

    /** The length per image of the longest array that the layer needs beside its output. */
    int largestBuffer() {
        return input.size();
    }

    @Override
    public final double[] backprop(double[] lossGradient) {
        B last = beginBackprop(lossGradient);
        double[] inputGradient = last.inputGradient();
        backprop(lossGradient, last, inputGradient);
        return inputGradient;
    }

    /** Whether the layer is now a part of a fusion with those before it; false if it runs by itself, as most do. */
    boolean join(Fusion fusion) {
        return false;
    }

    /** Lets go of the last forward pass: there was another since, of which this layer knows nothing. */
    final void forget() {
        buffers = null;
    }

    /** Does nothing but check; a layer with parameters overrides it. */
    @Override
    public void backpropParameters(double[] lossGradient) {
        beginBackprop(lossGradient);
    }

    /** Checks the gradient; returns the buffers of the forward pass. */
    final B beginBackprop(double[] lossGradient) {
        B last = buffers();
        Objects.requireNonNull(lossGradient, "lossGradient");
        if (lossGradient.length != last.output.length) {
            throw new IllegalArgumentException(name() + ": expected " + last.output.length + " loss gradients ("
                    + last.n + " images of " + output + "), got " + lossGradient.length
                    + ". Pass the gradient of the last forward's output.");
        }
        return last;
    }

    /** The buffers of the last forward pass. */
    final B buffers() {
        if (buffers == null) {
            throw new IllegalStateException(
                    name() + ": expected forward before backprop, got backprop first. Call forward.");
        }
        return buffers;
    }

    final void checkConnected(String call) {
        if (input == null) {
            throw new IllegalStateException(name() + ": expected connect before " + call + ", got " + call
                    + " first. Put the layer into a network, or call connect.");
        }
    }

    final Shape input() {
        return input;
    }

    final Shape output() {
        return output;
    }

    /** What error messages and model files call the layer. */
    String name() {
        return getClass().getSimpleName();
    }

    /** Its type; a layer with options adds them. */
    @Override
    public LayerDescription description() {
        return LayerDescription.of(name());
    }

    /** The notebook's form, such as {@code <ReLULayer>}. */
    @Override
    public String toString() {
        return "<" + name() + ">";
    }
}
