package dev.purecnn.layer;

import java.util.random.RandomGenerator;

/** An output layer of a user's own that passes everything on: with what it needs, and no more. */
class PlainOutput implements OutputLayer {
    private double[] inputGradient = {};

    @Override
    public Shape connect(Shape input, RandomGenerator random) {
        return input;
    }

    @Override
    public double[] forward(double[] images) {
        inputGradient = new double[images.length];
        return images;
    }

    @Override
    public double[] backprop(double[] lossGradient) {
        return lossGradient;
    }

    @Override
    public double[] losses(int[] labels) {
        return new double[labels.length];
    }

    @Override
    public double[] backpropLabels(int[] labels) {
        return inputGradient;
    }
}
