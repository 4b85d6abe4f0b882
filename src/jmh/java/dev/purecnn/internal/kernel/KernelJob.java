package dev.purecnn.internal.kernel;

import java.util.Random;

/** What one layer asks of each of the loops. */
interface KernelJob {

    /** The convolution or dense layer of that name. */
    static KernelJob of(String shape) {
        return shape.contains("@") ? new KernelShape(shape) : new DenseShape(shape);
    }

    /** Numbers in [-1, 1). */
    static double[] noise(int length, Random random) {
        return random.doubles(length, -1.0, 1.0).toArray();
    }

    /** Multiplications and additions that end up in the result of each loop. */
    long usefulFlop();

    /** Room for the result of {@link #multiply}. */
    double[] newProduct();

    /** Room for the result of {@link #multiplyAdd}. */
    double[] newSum();

    /** Room for the result of {@link #dot}. */
    double[] newSums();

    void multiply(Kernels kernels, double[] c);

    void multiplyAdd(Kernels kernels, double[] c);

    void dot(Kernels kernels, double[] d);
}
