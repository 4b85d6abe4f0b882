package dev.purecnn.internal.convolution;

import dev.purecnn.internal.kernel.LaneKernels;

/**
 * A convolution and the layers that follow it in one stage.
 *
 * @param slope of the activation, 0 for ReLU, {@link #NONE} for no activation
 * @param activationFirst whether it comes before pooling
 * @param pool whether there is max pooling of 2 x 2 cells
 */
public record StageShape(ConvolutionShape convolution, double slope, boolean activationFirst, boolean pool) {
    /** No activation: all passes. */
    public static final double NONE = LaneKernels.NONE;

    boolean activates() {
        return slope != NONE;
    }

    int rows() {
        int rows = convolution.rows().output();
        return pool ? rows / 2 : rows;
    }

    int cols() {
        int cols = convolution.cols().output();
        return pool ? cols / 2 : cols;
    }
}
