package dev.purecnn.internal.kernel;

import java.util.Random;

/**
 * One convolution as the kernels see it, 3 x 3 'same': an image's planes with a border of zeros, and a product over whole
 * planes. Written {@code channels->filters@height x width}.
 */
final class KernelShape implements KernelJob {
    private static final int TAPS = 9;
    private static final int EDGE = 3;
    private static final int LANES = 8;

    final int channels;
    final int filters;
    final int columns;
    final int[] offsets;
    final int gradientStart;
    final int gradientPlane;
    final double[] weights;
    final double[] biases;
    final double[] planes;
    final double[] gradient;
    final Product product;
    private final int cells;

    KernelShape(String text) {
        String[] sizes = text.split("->|@|x");
        channels = Integer.parseInt(sizes[0]);
        filters = Integer.parseInt(sizes[1]);
        int height = Integer.parseInt(sizes[2]);
        int width = Integer.parseInt(sizes[3]);
        cells = height * width;
        int rowLength = width + EDGE - 1;
        int plane = (height + EDGE - 1) * rowLength;
        columns = roundUp((height - 1) * rowLength + width);
        offsets = new int[channels * TAPS];
        for (int k = 0; k < offsets.length; k++) {
            offsets[k] = k / TAPS * plane + k % TAPS / EDGE * rowLength + k % EDGE;
        }
        gradientStart = rowLength + 1;
        gradientPlane = roundUp(plane) + LANES;
        Random random = new Random(text.hashCode());
        weights = KernelJob.noise(filters * offsets.length, random);
        biases = KernelJob.noise(filters, random);
        planes = KernelJob.noise(channels * plane + LANES, random);
        gradient = KernelJob.noise(filters * gradientPlane, random);
        product = new Product(filters, columns, offsets, (m, k) -> m * offsets.length + k);
        product.pack(weights);
    }

    private static int roundUp(int length) {
        return (length + LANES - 1) / LANES * LANES;
    }

    /** Without those of the padding columns. */
    @Override
    public long usefulFlop() {
        return 2L * filters * offsets.length * cells;
    }

    @Override
    public double[] newProduct() {
        return new double[product.size()];
    }

    @Override
    public double[] newSum() {
        return newProduct();
    }

    @Override
    public double[] newSums() {
        return new double[filters * offsets.length];
    }

    @Override
    public void multiply(Kernels kernels, double[] c) {
        kernels.multiply(product, biases, planes, 0, c, 0);
    }

    @Override
    public void multiplyAdd(Kernels kernels, double[] c) {
        kernels.multiplyAdd(product, planes, 0, c, 0);
    }

    @Override
    public void dot(Kernels kernels, double[] d) {
        kernels.dot(filters, columns, offsets, gradient, gradientStart, gradientPlane, planes, 0, d, 0);
    }
}
