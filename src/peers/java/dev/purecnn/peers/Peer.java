package dev.purecnn.peers;

import java.util.List;

/** A library that trains networks. */
interface Peer {
    /**
     * Builds a network.
     *
     * @param network which
     * @param parameters of each layer that has any: weights, then biases, in this library's order
     */
    Model model(Network network, List<double[]> parameters);

    /** How far its probabilities may be from those of this library after the same few steps; not finite: not compared. */
    double tolerance();

    /** Returns the library of this name; numbers are float32 or float64. */
    static Peer of(String name, String numbers, int threads) {
        return switch (name) {
            case "purecnn" -> new PurecnnPeer(threads);
            case "pytorch" -> new PyTorchPeer(numbers, threads);
            case "tensorflow" -> new TensorFlowPeer(numbers, threads);
            case "deepnetts" -> new DeepNettsPeer();
            default ->
                throw new IllegalArgumentException(
                        "Peer: expected purecnn, pytorch, tensorflow or deepnetts, got " + name + ".");
        };
    }
}
