package dev.purecnn.layer;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * A step before, between or after the branches of a {@link ParallelLayer}.
 *
 * @param addend what is added to an output that comes in, if that is all there is to give the layer's; else null
 * @param gradientAddend what is added to a gradient that comes back, if that is all there is to give the layer's; else null
 * @param last whether it is the last of its layer
 */
record Seam(
        UnaryOperator<double[]> onTheWay,
        UnaryOperator<double[]> onTheWayBack,
        Supplier<double[]> addend,
        Supplier<double[]> gradientAddend,
        boolean last)
        implements Layer {
    @Override
    public Shape connect(Shape images, RandomGenerator random) {
        return images;
    }

    @Override
    public double[] forward(double[] images) {
        return onTheWay.apply(images);
    }

    @Override
    public double[] backprop(double[] lossGradient) {
        return onTheWayBack.apply(lossGradient);
    }
}
