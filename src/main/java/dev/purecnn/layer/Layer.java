package dev.purecnn.layer;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One step of a network: it turns {@code n} images into {@code n} outputs, and carries a loss gradient back.
 *
 * <p>A tensor is a plain {@code double[]} of {@code n} images back to back, each in the order of {@link Shape}; {@code n}
 * is {@code images.length / input.size()}. A layer owns the arrays that it answers and uses them again: they hold until
 * its next call. It keeps a reference to the array it was given in {@link #forward} and reads it in {@link #backprop},
 * so the caller leaves that array as it is in between. After the first call with a given {@code n}, no call allocates.
 *
 * <p>A layer knows no neighbour and no network. It is used by one thread at a time; {@link #replica} makes another for
 * another thread. A layer of one's own takes some 25 lines:
 *
 * <pre>{@code
 * class HalvingLayer implements Layer {
 *     private double[] output = {};
 *     private double[] inputGradient = {};
 *
 *     public Shape connect(Shape input, RandomGenerator random) {
 *         return input; // as many values out as in
 *     }
 *
 *     public double[] forward(double[] images) {
 *         if (output.length != images.length) {
 *             output = new double[images.length];
 *             inputGradient = new double[images.length];
 *         }
 *         for (int i = 0; i < images.length; i++) {
 *             output[i] = images[i] / 2;
 *         }
 *         return output;
 *     }
 *
 *     public double[] backprop(double[] lossGradient) {
 *         for (int i = 0; i < lossGradient.length; i++) {
 *             inputGradient[i] = lossGradient[i] / 2;
 *         }
 *         return inputGradient;
 *     }
 *
 *     public Layer replica() {
 *         return new HalvingLayer();
 *     }
 * }
 * }</pre>
 *
 * <p>{@link GradientCheck} proves such a layer right in one line. A NaN that comes in, forward or back, should come out of a
 * layer or stand in a parameter's gradient: {@code 0 * NaN} is NaN, but a choice of 0 hides it, and training then goes on with
 * what it should have stopped at.
 */
public interface Layer {

    /**
     * Fits the layer to its input: checks that it can take such images, and draws its weights. Called once, before
     * anything else.
     *
     * @param input the shape of one image
     * @param random the source of the first weights; a layer draws as many numbers as it needs, always in the same
     *     order, and equal sources give equal weights
     * @return the shape of one output
     * @throws IllegalArgumentException if the layer cannot take such images; says what it expected
     * @throws IllegalStateException if the layer is connected already
     */
    Shape connect(Shape input, RandomGenerator random);

    /**
     * Computes the outputs of {@code n} images.
     *
     * @param images {@code n} images back to back; not modified, but read again by {@link #backprop}
     * @return {@code n} outputs back to back; the layer's own array, good until its next call
     * @throws IllegalArgumentException if the length is not a positive multiple of the input's size
     * @throws IllegalStateException if the layer is not connected
     */
    double[] forward(double[] images);

    /**
     * Carries the loss gradient back through what {@link #forward} did last, and adds to the gradients of the
     * parameters.
     *
     * @param lossGradient dLoss/dOutput of the same {@code n} images, in the layout of the output; not modified, not
     *     kept
     * @return dLoss/dInput in the layout of the input; the layer's own array, good until its next call
     * @throws IllegalArgumentException if the length is not that of the last output
     * @throws IllegalStateException if {@code forward} has not been called
     */
    double[] backprop(double[] lossGradient);

    /**
     * As {@link #backprop}, for a layer whose input gradient nobody asks for, as with the first of a network. A layer
     * that can save work overrides it.
     *
     * @param lossGradient dLoss/dOutput, as in {@link #backprop}
     * @throws IllegalArgumentException as in {@link #backprop}
     * @throws IllegalStateException as in {@link #backprop}
     */
    default void backpropParameters(double[] lossGradient) {
        backprop(lossGradient);
    }

    /**
     * What the layer learns.
     *
     * @return the parameters, always the same objects in the same order; none by default
     */
    default List<Parameter> parameters() {
        return List.of();
    }

    /**
     * The layers that this one is made of, if it is made of layers, as {@link ResidualLayer} is.
     *
     * @return an unmodifiable list, in order; none by default
     */
    default List<Layer> layers() {
        return List.of();
    }

    /**
     * Tells a layer whose {@link #forward} differs between training and prediction, such as dropout, which of the two
     * is meant from now on. A new layer predicts.
     *
     * @param training true before training, false before prediction
     */
    default void training(boolean training) {}

    /**
     * Tells a layer that draws random numbers in training, such as dropout, which images the next {@link #forward} is about.
     * Such a layer draws a seed in {@link #connect}, which its replicas share; what it draws in training is a function of
     * that seed, of the step and of the number of the image alone, and so the same whichever thread has the image.
     *
     * @param step how many training steps the network had before, from 0
     * @param firstImage the number of the first image within its batch, from 0; the others follow
     */
    default void samples(long step, int firstImage) {}

    /**
     * The multiplications, each with its addition, that {@link #forward} does for one image: the usual measure of a
     * layer's cost.
     *
     * @return the count; 0 by default, and for layers whose work is not multiplication
     */
    default long multiplyAdds() {
        return 0;
    }

    /**
     * What a model file says of this layer: its type and options, not what it learned. Reading a file takes a {@link
     * LayerRegistry} that knows the type.
     *
     * @return the description
     * @throws UnsupportedOperationException if the layer has none, which is the default: a network with such a layer cannot
     *     be saved
     */
    default LayerDescription description() {
        throw new UnsupportedOperationException(getClass().getSimpleName()
                + ": expected a description() for the model file, got none. Override description() in this layer.");
    }

    /**
     * A second layer for another thread: connected alike, with the very same parameter values (the same arrays, so that
     * it sees every update), but with gradients and memory of its own.
     *
     * @return the replica
     * @throws UnsupportedOperationException if the layer has no way to be replicated, which is the default: such a
     *     layer still trains and predicts, on one thread
     * @throws IllegalStateException if the layer is not connected
     */
    default Layer replica() {
        throw new UnsupportedOperationException(getClass().getSimpleName()
                + ": expected a replica() for work on several threads, got none. Override replica() in this layer.");
    }
}
