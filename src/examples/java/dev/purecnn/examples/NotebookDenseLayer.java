package dev.purecnn.examples;

import dev.purecnn.layer.Layer;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** The notebook's dense layer, as a user writes it: {@code output = input * weights + biases}. */
class NotebookDenseLayer implements Layer {
    private final Parameter weights;
    private final Parameter biases;
    private double[] images = {};
    private double[] output = {};
    private double[] inputGradient = {};

    NotebookDenseLayer(int inputs, int outputs) {
        this(new Parameter("weights", Shape.of(1, outputs, inputs)), new Parameter("biases", Shape.vector(outputs)));
    }

    private NotebookDenseLayer(Parameter weights, Parameter biases) {
        this.weights = weights;
        this.biases = biases;
    }

    @Override
    public Shape connect(Shape input, RandomGenerator random) {
        if (input.size() != weights.shape().width()) {
            throw new IllegalArgumentException("expected " + weights.shape().width() + " values, got " + input);
        }
        for (int i = 0; i < weights.values().length; i++) {
            weights.values()[i] = random.nextGaussian() * Math.sqrt(2.0 / input.size()); // He et al. 2015
        }
        return biases.shape();
    }

    @Override
    public double[] forward(double[] newImages) {
        int inputs = weights.shape().width();
        int outputs = biases.shape().size();
        if (inputGradient.length != newImages.length) {
            inputGradient = new double[newImages.length];
            output = new double[newImages.length / inputs * outputs];
        }
        images = newImages;
        for (int i = 0; i < output.length; i++) { // output i % outputs of image i / outputs
            double sum = biases.values()[i % outputs];
            for (int j = 0; j < inputs; j++) {
                sum += images[i / outputs * inputs + j] * weights.values()[i % outputs * inputs + j];
            }
            output[i] = sum;
        }
        return output;
    }

    @Override
    public double[] backprop(double[] lossGradient) {
        int inputs = weights.shape().width();
        int outputs = biases.shape().size();
        Arrays.fill(inputGradient, 0.0);
        for (int i = 0; i < output.length; i++) {
            for (int j = 0; j < inputs; j++) {
                weights.gradient()[i % outputs * inputs + j] += lossGradient[i] * images[i / outputs * inputs + j];
                inputGradient[i / outputs * inputs + j] += lossGradient[i] * weights.values()[i % outputs * inputs + j];
            }
            biases.gradient()[i % outputs] += lossGradient[i];
        }
        return inputGradient;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weights, biases);
    }

    @Override
    public Layer replica() {
        return new NotebookDenseLayer(weights.replica(), biases.replica());
    }

    @Override
    public String toString() {
        return "<DenseLayer>";
    }
}
