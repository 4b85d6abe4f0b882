package dev.purecnn.layer;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * One stage of a network: it turns {@code n} images into {@code n} outputs, and carries a loss gradient back.
 *
 * <p>A tensor is a plain {@code double[]} of {@code n} images back to back, each in the order of {@link Shape}; {@code n}
 * is {@code images.length / input.size()}. A layer owns the arrays that it returns and reuses them: they are good until
 * its next call. It keeps a reference to the array passed to {@link #forward} and reads it in {@link #backprop}, so the
 * caller must not change that array in between. After the first call with a given {@code n}, no call allocates.
 *
 * <p>A layer knows neither its neighbours nor its network. One thread uses it at a time; {@link #replica} makes another one for
 * another thread. Your own layer takes some 25 lines:
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
 * <p>{@link GradientCheck} checks such a layer in one line. A NaN that goes in, forward or back, should come out again or reach
 * a parameter's gradient: {@code 0 * NaN} does that by itself, but a condition that picks 0 hides the NaN, and training goes on
 * where it should have stopped.
 */
public interface Layer {

    /**
     * Checks that the layer can take such images, and draws its weights. Called once, before anything else.
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
     * As {@link #backprop}, where the input gradient is not needed, as in the first layer of a network. A layer that can
     * save work this way overrides it.
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
     * Switches a layer between training and prediction, for layers such as dropout whose {@link #forward} differs. A new layer
     * predicts.
     *
     * @param training true to train, false to predict
     */
    default void training(boolean training) {}

    /**
     * Says which images the next {@link #forward} gets, for layers such as dropout that draw random numbers in training. Such a
     * layer draws a seed in {@link #connect}, which its replicas share; what it draws in training depends only on that seed,
     * the step and the image's number, and so not on the thread that works on the image.
     *
     * @param step how many training steps the network has had, from 0
     * @param firstImage the number of the first image within its batch, from 0; the others follow
     */
    default void samples(long step, int firstImage) {}

    /**
     * The multiply-adds that {@link #forward} does per image: the usual measure of a layer's cost.
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
     * A second layer for another thread: connected alike, with the same parameter arrays, so that it sees every update, but
     * with its own gradients and buffers.
     *
     * @return the replica
     * @throws UnsupportedOperationException by default; a layer without replicas still trains and predicts, on one
     *     thread
     * @throws IllegalStateException if the layer is not connected
     */
    default Layer replica() {
        throw new UnsupportedOperationException(getClass().getSimpleName()
                + ": expected a replica() for work on several threads, got none. Override replica() in this layer.");
    }
}
