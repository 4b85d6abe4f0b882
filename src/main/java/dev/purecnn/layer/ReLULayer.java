package dev.purecnn.layer;

import dev.purecnn.internal.kernel.Kernels;

/**
 * The rectifier: {@code output = max(input, 0)}, value by value. The gradient passes where the output is above 0. NaN
 * stays NaN, in the gradient even where none passes, so that it is noticed.
 *
 * <pre>{@code
 * new LayerChain(new ConvolutionalLayer(1, 8, 3), new ReLULayer());
 * }</pre>
 *
 * @see <a href="https://www.cs.toronto.edu/~fritz/absps/reluICML.pdf">Nair and Hinton 2010</a>
 */
public final class ReLULayer extends ActivationLayer {

    /** A rectifier for images of any shape. */
    public ReLULayer() {}

    @Override
    boolean join(Fusion fusion) {
        return fusion.addActivation(0.0);
    }

    @Override
    void forward(double[] images, Buffers buffers) {
        Kernels.active().relu(images, buffers.output, 0, images.length);
    }

    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        Kernels.active().reluGradient(buffers.output, lossGradient, inputGradient, 0, lossGradient.length);
    }

    @Override
    ReLULayer unfittedReplica() {
        return new ReLULayer();
    }
}
