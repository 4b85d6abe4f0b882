package dev.purecnn.peers;

import java.util.List;

/** A library that trains networks. */
interface Peer {
    /**
     * Builds a network.
     *
     * @param network which
     * @param parameters of each layer that has any, in this library's order: weights, then biases; of batch norm scale, shift, running
     *     mean and running variance
     */
    Model model(Network network, List<double[]> parameters);

    /** Whether it can be asked to run that network. */
    default boolean runs(Network network) {
        return !network.isResidual();
    }

    /** Whether it trains; else it only predicts. */
    default boolean trains() {
        return true;
    }

    /** How far its probabilities may be from those of this library; not a number: not compared. */
    double tolerance();

    /** Returns the library of this name; numbers are float32 or float64. */
    static Peer of(String name, String numbers, int threads) {
        return switch (name) {
            case "purecnn" -> new PurecnnPeer(threads);
            case "pytorch" -> new PyTorchPeer(numbers, threads);
            case "onnxruntime" -> new OnnxRuntimePeer(threads);
            case "tensorflow" -> new TensorFlowPeer(numbers, threads);
            case "deepnetts" -> new DeepNettsPeer();
            default ->
                throw new IllegalArgumentException(
                        "Peer: expected purecnn, pytorch, tensorflow, onnxruntime or deepnetts, got " + name + ".");
        };
    }
}
