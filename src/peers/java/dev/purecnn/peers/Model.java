package dev.purecnn.peers;

import java.util.function.Supplier;

/** A network in some library, ready to train and to predict. What it hands out is prepared, so that only work is measured. */
interface Model extends AutoCloseable {
    /** A whole step of gradient descent on a batch that is already where the library wants it. */
    Runnable training(double[] images, int[] labels);

    /**
     * Steps on batches that are handed over as they come.
     *
     * @param batchSize of each of them
     * @param momentum for Nesterov's rule; 0 for plain gradient descent
     */
    default Steps steps(int batchSize, double momentum) {
        throw new UnsupportedOperationException("Model: expected a library that trains on given batches, got " + this
                + ". Take PyTorch or TensorFlow.");
    }

    /** From a Java array of the library's own number type, handed over each time, to a Java array with the probabilities. */
    Supplier<?> predictionOfOne(double[] image);

    /** The same for many images that are already where the library wants them. */
    Supplier<?> predictionOfMany(double[] images);

    @Override
    void close();

    /** Takes a batch from Java arrays and does a whole step of gradient descent on it. */
    @FunctionalInterface
    interface Steps {
        void on(double[] images, int[] labels, double learningRate);
    }
}
