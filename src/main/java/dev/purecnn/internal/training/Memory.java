package dev.purecnn.internal.training;

import dev.purecnn.internal.shard.ChainAccess;
import dev.purecnn.layer.LayerChain;

/** How much memory a network takes, at least: the outputs of its layers, and in training as much again for gradients. */
final class Memory {
    private Memory() {}

    /** Bytes per image of a prediction. */
    static long ofPrediction(LayerChain chain) {
        return Double.BYTES * ChainAccess.<LayerChain>get().valuesPerImage(chain);
    }

    /** What to throw instead of a bare error while that many threads each predict that many images at once. */
    static OutOfMemoryError exhausted(OutOfMemoryError cause, LayerChain chain, int images, int threads) {
        return error(
                cause,
                "to predict " + images + " images on each of " + threads + " threads",
                ofPrediction(chain) * images * threads,
                "Build the network with fewer threads");
    }

    /** What to throw instead of a bare error from a step, which works on some images of its batch at once. */
    static OutOfMemoryError exhaustedByStep(OutOfMemoryError cause, LayerChain chain, int batchSize, int atOnce) {
        return error(
                cause,
                "to train on a batch of " + batchSize + " images",
                2 * ofPrediction(chain) * atOnce,
                "Use a smaller batchSize or fewer threads");
    }

    private static OutOfMemoryError error(OutOfMemoryError cause, String what, long bytes, String remedy) {
        OutOfMemoryError error = new OutOfMemoryError("CNN: expected memory " + what + ", at least "
                + (bytes + (1 << 20) - 1) / (1 << 20) + " MiB for the layers' outputs, got a heap of "
                + Runtime.getRuntime().maxMemory() / (1 << 20) + " MiB. " + remedy
                + ", or give Java more memory (-Xmx).");
        error.initCause(cause);
        return error;
    }
}
