package dev.purecnn.layer;

/** An activation that is no more than its formula. */
abstract class FormulaLayer extends ActivationLayer {

    abstract double value(double input);

    /** The slope at an input for which the formula gives {@code output}. */
    abstract double slope(double input, double output);

    @Override
    final void forward(double[] images, Buffers buffers) {
        for (int i = 0; i < images.length; i++) {
            buffers.output[i] = value(images[i]);
        }
    }

    @Override
    final void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        for (int i = 0; i < lossGradient.length; i++) {
            inputGradient[i] = lossGradient[i] * slope(buffers.images[i], buffers.output[i]);
        }
    }
}
