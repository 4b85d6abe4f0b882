package dev.purecnn.internal.file;

import java.util.List;
import java.util.Map;

/**
 * What a model file says beside its tensors: what the network is made of, and how far its training has come.
 *
 * @param input channels, height and width of an image
 * @param layers each with {@code type}, a text, first, and then its options: {@link Long}, {@link Double}, {@link String}, or a
 *     list of layers
 * @param learningRate of the first epoch
 * @param learningRateDecay what it is multiplied by after each epoch
 * @param seed what the network was built with
 * @param epochsTrained at least 0
 * @param stepsTrained at least 0
 * @param frozenLayers how many at the front are not trained, at least 0
 * @param classNames in the order of the labels; empty if the classes have no names
 * @param preprocessing what makes pictures images for the network, as opaque texts; empty if that is unknown
 * @param training where a training stands, as texts; empty in a model, never in a checkpoint
 */
public record Model(
        int[] input,
        List<Map<String, Object>> layers,
        double learningRate,
        double learningRateDecay,
        long seed,
        int epochsTrained,
        long stepsTrained,
        int frozenLayers,
        List<String> classNames,
        Map<String, String> preprocessing,
        Map<String, String> training) {

    /** The same network as a checkpoint. */
    public Model withTraining(Map<String, String> texts) {
        return new Model(
                input,
                layers,
                learningRate,
                learningRateDecay,
                seed,
                epochsTrained,
                stepsTrained,
                frozenLayers,
                classNames,
                preprocessing,
                texts);
    }
}
