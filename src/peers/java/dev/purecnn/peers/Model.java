package dev.purecnn.peers;

import java.util.function.Supplier;

/** A network in some library, ready to train and to predict. What it hands out is prepared, so that only work is measured. */
interface Model extends AutoCloseable {
    /** A whole step of gradient descent on a batch that is already where the library wants it. */
    Runnable training(double[] images, int[] labels);

    /** From a Java array of the library's own number type, handed over each time, to a Java array with the probabilities. */
    Supplier<?> predictionOfOne(double[] image);

    /** The same for many images that are already where the library wants them. */
    Supplier<?> predictionOfMany(double[] images);

    @Override
    void close();
}
