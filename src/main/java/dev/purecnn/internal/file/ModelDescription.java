package dev.purecnn.internal.file;

import dev.purecnn.layer.LayerDescription;
import dev.purecnn.layer.Shape;
import java.util.List;

/**
 * What a network is made of, and how far its training has come; all but the parameters' values.
 *
 * @param input the shape of an image
 * @param layers in order
 * @param learningRate of the first epoch
 * @param learningRateDecay what it is multiplied by after each
 * @param seed what the network was built with
 * @param epochsTrained at least 0
 * @param stepsTrained at least 0
 */
public record ModelDescription(
        Shape input,
        List<LayerDescription> layers,
        double learningRate,
        double learningRateDecay,
        long seed,
        int epochsTrained,
        long stepsTrained) {}
