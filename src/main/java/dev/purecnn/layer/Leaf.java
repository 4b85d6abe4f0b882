package dev.purecnn.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * One of the layers that a layer comes down to when all that is nested is unfolded.
 *
 * @param number the layer's number in the outermost chain, or -1 outside of any
 * @param place what follows a name to say which layer it belongs to, such as {@code of layer 1, <ReLULayer> of layer 2, a chain}
 */
record Leaf(Layer layer, int number, String place) {

    static List<Leaf> of(Layer layer) {
        List<Leaf> leaves = new ArrayList<>();
        add(layer, -1, "", leaves);
        return leaves;
    }

    private static void add(Layer layer, int number, String place, List<Leaf> leaves) {
        if (layer instanceof LayerChain chain) {
            addAll(chain, number, place, leaves);
        } else if (layer instanceof ParallelLayer parallel) {
            leaves.add(new Leaf(parallel.fork(), number, place));
            for (int b = 0; b < parallel.numBranches(); b++) {
                if (parallel.branch(b) != null) {
                    addAll(parallel.branch(b), number, parallel.place(b) + place, leaves);
                }
                leaves.add(new Leaf(parallel.after(b), number, place));
            }
        } else {
            leaves.add(new Leaf(layer, number, place));
        }
    }

    private static void addAll(LayerChain chain, int number, String within, List<Leaf> leaves) {
        for (int i = 0; i < chain.layers().size(); i++) {
            Layer layer = chain.layers().get(i);
            int place = chain.firstNumber() + i;
            String name = layer instanceof LayerChain ? "a chain" : layer.toString();
            add(layer, number < 0 ? place : number, " of layer " + place + ", " + name + within, leaves);
        }
    }
}
