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
public final class ReLULayer extends AbstractLayer<ReLULayer.Memory> {

    /** A rectifier for images of any shape. */
    public ReLULayer() {}

    record Memory(double[] output, double[] inputGradient) {}

    @Override
    Memory remember(int images) {
        return new Memory(new double[images * output().size()], new double[images * input().size()]);
    }

    @Override
    Shape fit(Shape images) {
        return images;
    }

    @Override
    public double[] forward(double[] images) {
        double[] output = begin(images).output();
        Kernels.active().relu(images, output);
        return output;
    }

    @Override
    public double[] backprop(double[] lossGradient) {
        Memory memory = resume(lossGradient);
        Kernels.active().reluGradient(memory.output(), lossGradient, memory.inputGradient());
        return memory.inputGradient();
    }

    @Override
    public LayerDescription description() {
        return LayerDescription.of("ReLULayer");
    }

    @Override
    ReLULayer unfittedReplica() {
        return new ReLULayer();
    }

    /** The notebook's form: {@code <ReLULayer>}. */
    @Override
    public String toString() {
        return "<ReLULayer>";
    }
}
