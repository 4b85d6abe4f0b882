package dev.purecnn.layer;

/**
 * A function of one value, taken of each value by itself. Going forward it notes the function's slope at each value, so that
 * going back is one multiplication.
 */
abstract class ActivationLayer extends AbstractLayer<ActivationLayer.Memory> {

    record Memory(double[] output, double[] slopes, double[] inputGradient) {
        private Memory(int length) {
            this(new double[length], new double[length], new double[length]);
        }
    }

    /** Finds the function's values and slopes; all arrays are equally long. */
    abstract void apply(double[] images, double[] output, double[] slopes);

    @Override
    final Memory remember(int images) {
        return new Memory(images * input().size());
    }

    @Override
    final Shape fit(Shape images) {
        return images;
    }

    @Override
    public final double[] forward(double[] images) {
        Memory memory = begin(images);
        apply(images, memory.output, memory.slopes);
        return memory.output;
    }

    @Override
    public final double[] backprop(double[] lossGradient) {
        Memory memory = resume(lossGradient);
        double[] slopes = memory.slopes;
        double[] inputGradient = memory.inputGradient;
        for (int i = 0; i < lossGradient.length; i++) {
            inputGradient[i] = lossGradient[i] * slopes[i];
        }
        return inputGradient;
    }
}
