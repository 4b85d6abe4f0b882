package dev.purecnn.layer;

import java.util.Arrays;
import java.util.Objects;

/**
 * Numbers that a layer learns, and the gradient that its {@code backprop} adds up for them. Some are observed rather than
 * trained: see {@link #runningMean}.
 *
 * <p>Both arrays are live: an optimizer changes {@link #values()}, and clears {@link #gradient()} after applying it. Replicas of
 * a layer share the values, and each has its own gradient.
 *
 * <pre>{@code
 * Parameter weights = new Parameter("weights", Shape.of(1, 10, 784));
 * weights.values()[0] = 0.5;
 * weights.gradient()[0] += 0.1;
 * }</pre>
 */
public final class Parameter {
    private final String name;
    private final Shape shape;
    private final int[] sizes;
    private final double momentum;
    private final boolean trained;
    private final boolean decayed;
    private final double[] values;
    private double[] gradient;

    /**
     * Creates a parameter of zeros, without momentum.
     *
     * @param name within its layer, such as {@code weights}
     * @param shape how its values are laid out
     */
    public Parameter(String name, Shape shape) {
        this(name, shape, 0.0);
    }

    /**
     * Creates a parameter of zeros.
     *
     * @param name within its layer, such as {@code weights}
     * @param shape how its values are laid out
     * @param momentum the share of its last step that plain gradient descent keeps, in [0, 1)
     * @throws IllegalArgumentException if the momentum is not in [0, 1)
     */
    public Parameter(String name, Shape shape, double momentum) {
        this(
                name,
                shape,
                sizes(Objects.requireNonNull(shape, "shape")),
                momentum,
                true,
                true,
                new double[shape.size()]);
    }

    private Parameter(
            String name, Shape shape, int[] sizes, double momentum, boolean trained, boolean decayed, double[] values) {
        this.name = Objects.requireNonNull(name, "name");
        this.shape = shape;
        this.sizes = sizes;
        this.momentum = checkMomentum(momentum, "Parameter " + name);
        this.trained = trained;
        this.decayed = decayed;
        this.values = values;
    }

    private static int[] sizes(Shape shape) {
        int[] all = {shape.channels(), shape.height(), shape.width()};
        boolean vector = shape.height() * shape.width() == 1;
        return vector ? new int[] {all[0]} : all[0] == 1 ? new int[] {all[1], all[2]} : all;
    }

    /**
     * {@return a parameter of zeros that follows what the layer observes, instead of a gradient} The layer's {@code backprop}
     * adds what it observes to {@link #gradient}, once per image; a training step then moves the values towards the mean over the
     * batch: {@code value = momentum * value + (1 - momentum) * observed}. Like gradients, these sums are the same on any number
     * of threads.
     *
     * @param name within its layer
     * @param shape how its values are laid out
     * @param momentum the share of themselves that the values keep in a step, in [0, 1)
     * @throws IllegalArgumentException if the momentum is not in [0, 1)
     */
    public static Parameter runningMean(String name, Shape shape, double momentum) {
        return new Parameter(
                name,
                shape,
                sizes(Objects.requireNonNull(shape, "shape")),
                momentum,
                false,
                false,
                new double[shape.size()]);
    }

    /** {@return a parameter with the same values array and its own gradient, for a layer's replica} */
    public Parameter replica() {
        return new Parameter(name, shape, sizes, momentum, trained, decayed, values);
    }

    /**
     * {@return a parameter with the same values array and its own gradient, which weight decay usually spares, such as biases}
     *
     * @see #isDecayed
     */
    public Parameter withoutDecay() {
        return new Parameter(name, shape, sizes, momentum, trained, false, values);
    }

    /**
     * The same parameter, with the sizes that model files and other tools have for it.
     *
     * @param sizes one per dimension, such as filters, channels, height and width; as many values together as the shape has
     * @return a parameter with the very same values and its own gradient
     * @throws IllegalArgumentException if the sizes are those of another number of values
     * @see #sizes
     */
    public Parameter withSizes(int... sizes) {
        long count = 1;
        for (int size : sizes) {
            count = size < 1 || count > values.length ? -1 : count * size;
        }
        if (count != values.length) {
            throw new IllegalArgumentException("Parameter " + name + ": expected sizes of " + values.length
                    + " values, got " + Arrays.toString(sizes) + ". Use the sizes of " + shape + " in another form.");
        }
        return new Parameter(name, shape, sizes.clone(), momentum, trained, decayed, values);
    }

    /** {@return the name within its layer, such as {@code weights}} */
    public String name() {
        return name;
    }

    /** {@return how the values are laid out; for filters, {@code filters * channels} planes of the filter's size} */
    public Shape shape() {
        return shape;
    }

    /**
     * The sizes of the values in model files and other tools: filters, channels, height and width of a convolution's weights,
     * outputs and inputs of a dense layer's, the length of a vector; otherwise those of the shape.
     *
     * @return a new array, from the slowest index to the fastest
     */
    public int[] sizes() {
        return sizes.clone();
    }

    /** {@return whether optimizers train it by its gradient; false for a {@link #runningMean}} */
    public boolean isTrained() {
        return trained;
    }

    /**
     * {@return whether it is a weight: false for biases, scales, shifts and what is not trained} Optimizers decay all trained
     * parameters, or weights only: {@code Optimizer.adamW().weightsOnly()}.
     */
    public boolean isDecayed() {
        return decayed;
    }

    /**
     * {@return the share of its last step that plain gradient descent keeps, in [0, 1); of a {@link #runningMean}, the share of
     * itself}
     */
    public double momentum() {
        return momentum;
    }

    /** {@return the values themselves, {@code shape().size()} of them, shared with all replicas} */
    public double[] values() {
        return values;
    }

    /**
     * {@return the gradient of the loss by the values, added up since it was last cleared; always the same array, as long as the
     * values}
     */
    public double[] gradient() {
        if (gradient == null) { // one that only predicts never needs it
            gradient = new double[values.length];
        }
        return gradient;
    }

    /** Sets the gradient to zero. */
    public void clearGradient() {
        Arrays.fill(gradient(), 0.0);
    }

    /** Name and shape, such as {@code weights (16 x 3 x 3)}. */
    @Override
    public String toString() {
        return name + " (" + shape + ")";
    }

    static double checkMomentum(double momentum, String where) {
        if (!(momentum >= 0 && momentum < 1)) {
            throw new IllegalArgumentException(where + ": expected a momentum in [0, 1), got " + momentum
                    + ". Use 0 for none, or a value such as 0.9.");
        }
        return momentum;
    }
}
