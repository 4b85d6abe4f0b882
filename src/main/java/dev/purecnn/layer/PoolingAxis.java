package dev.purecnn.layer;

import dev.purecnn.internal.convolution.Axis;

/** Which cells of a line each window meets, and how many it counts as. */
final class PoolingAxis {
    private static final int MOST_TO_LOOK_AT = 1 << 20;

    /** By output: the first cell of the image that the window meets, how many there are, and how many with padding. */
    final int[] first;

    final int[] cells;
    final int[] withPadding;
    /** From one cell of a window to the next. */
    final int step;

    /**
     * The windows along an axis.
     *
     * @param paddedLength of the image with its padding, without what a last window may lack
     */
    PoolingAxis(Axis axis, int paddedLength) {
        first = new int[axis.output()];
        cells = new int[axis.output()];
        withPadding = new int[axis.output()];
        step = axis.dilation();
        for (int output = 0; output < first.length; output++) {
            int start = output * axis.stride() - axis.padding();
            int before = tapsBefore(axis, output, 0);
            first[output] = start + before * step;
            cells[output] = tapsBefore(axis, output, axis.input()) - before;
            withPadding[output] = tapsBefore(axis, output, paddedLength - axis.padding());
        }
    }

    /** The taps of an output's window that lie before a cell. */
    private static int tapsBefore(Axis axis, int output, int cell) {
        long distance = Math.max(0, cell + (long) axis.padding() - (long) output * axis.stride());
        return (int) Math.min(axis.filterSize(), (distance + axis.dilation() - 1) / axis.dilation());
    }

    /** Whether each window meets some cell of the image. */
    static boolean meets(Axis axis) {
        boolean meets = isMet(axis, 0) && isMet(axis, axis.output() - 1);
        if (axis.dilation() > axis.input()) { // taps may step over the image
            meets &= axis.output() <= MOST_TO_LOOK_AT;
            for (int output = 1; meets && output < axis.output(); output++) {
                meets = isMet(axis, output);
            }
        }
        return meets;
    }

    private static boolean isMet(Axis axis, int output) {
        return tapsBefore(axis, output, axis.input()) > tapsBefore(axis, output, 0);
    }
}
