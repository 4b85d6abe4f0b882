package dev.purecnn;

import dev.purecnn.layer.Layer;
import dev.purecnn.layer.Shape;
import java.util.random.RandomGenerator;

/**
 * A user's layer that passes everything on, and lets a test watch and interfere. It cannot be replicated unless a subclass says
 * how.
 */
class PassingLayer implements Layer {

    @Override
    public Shape connect(Shape input, RandomGenerator random) {
        return input;
    }

    @Override
    public double[] forward(double[] images) {
        onForward(images);
        return images;
    }

    @Override
    public double[] backprop(double[] lossGradient) {
        onBackprop(lossGradient);
        return lossGradient;
    }

    void onForward(double[] images) {}

    void onBackprop(double[] lossGradient) {}
}
