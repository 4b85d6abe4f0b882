package dev.purecnn.internal.kernel;

import java.util.Random;

/**
 * One dense layer as the kernels see it: forward by dot products, back to its inputs by a product, and to its weights by
 * another that adds up. Written {@code inputs->outputs*images}.
 */
final class DenseShape implements KernelJob {
    private final int inputs;
    private final int outputs;
    private final int images;
    private final int[] weightRows;
    private final double[] weights;
    private final double[] values;
    private final double[] zeros;
    private final Product forInput;
    private final Product forWeights;

    DenseShape(String text) {
        String[] sizes = text.split("->|\\*");
        inputs = Integer.parseInt(sizes[0]);
        outputs = Integer.parseInt(sizes[1]);
        images = Integer.parseInt(sizes[2]);
        Random random = new Random(text.hashCode());
        weightRows = Product.rows(outputs, inputs);
        weights = KernelJob.noise(outputs * inputs, random);
        values = KernelJob.noise(images * inputs, random);
        zeros = new double[images];
        double[] gradient = KernelJob.noise(images * outputs, random);
        forInput = new Product(images, inputs, weightRows, (image, output) -> image * outputs + output);
        forInput.pack(gradient);
        forWeights =
                new Product(outputs, inputs, Product.rows(images, inputs), (output, image) -> image * outputs + output);
        forWeights.pack(gradient);
    }

    @Override
    public long usefulFlop() {
        return 2L * images * inputs * outputs;
    }

    @Override
    public double[] newProduct() {
        return new double[forInput.size()];
    }

    @Override
    public double[] newSum() {
        return new double[forWeights.size()];
    }

    @Override
    public double[] newSums() {
        return new double[images * outputs];
    }

    @Override
    public void multiply(Kernels kernels, double[] c) {
        kernels.multiply(forInput, zeros, weights, 0, c, 0);
    }

    @Override
    public void multiplyAdd(Kernels kernels, double[] c) {
        kernels.multiplyAdd(forWeights, values, 0, c, 0);
    }

    @Override
    public void dot(Kernels kernels, double[] d) {
        kernels.dot(images, inputs, weightRows, values, 0, inputs, weights, 0, d, 0);
    }
}
