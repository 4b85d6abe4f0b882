package dev.purecnn.layer;

import dev.purecnn.internal.convolution.Axis;
import java.util.List;

/** What slides over a plane, a filter or a pool: its size, its steps, and the cells around the plane, which it reaches into. */
record Window(
        int height,
        int width,
        int strideHeight,
        int strideWidth,
        int dilationHeight,
        int dilationWidth,
        Padding padding) {

    /** What {@link #describe} described; the size is for the layer to say. */
    static Window of(int height, int width, LayerDescription description) {
        return new Window(
                height,
                width,
                size(description, "stride", "Height"),
                size(description, "stride", "Width"),
                isNamed(description, "dilation") ? size(description, "dilation", "Height") : 1,
                isNamed(description, "dilation") ? size(description, "dilation", "Width") : 1,
                isNamed(description, "padding") ? Padding.of(description) : Padding.NONE);
    }

    private static boolean isNamed(LayerDescription description, String option) {
        return description.options().keySet().stream().anyMatch(name -> name.startsWith(option));
    }

    /** One number for both directions, or one for each. */
    static int size(LayerDescription description, String name, String direction) {
        return description.integer(description.options().containsKey(name) ? name : name + direction);
    }

    /** Adds one number for both directions, or one for each. */
    static LayerDescription with(LayerDescription description, String name, int height, int width) {
        return height == width
                ? description.with(name, height)
                : description.with(name + "Height", height).with(name + "Width", width);
    }

    LayerDescription describeStride(LayerDescription description) {
        return with(description, "stride", strideHeight, strideWidth);
    }

    LayerDescription describeDilation(LayerDescription description) {
        return with(description, "dilation", dilationHeight, dilationWidth);
    }

    boolean isDilated() {
        return dilationHeight != 1 || dilationWidth != 1;
    }

    /** The smallest of all sizes and steps. */
    int smallest() {
        int sizes = Math.min(height, width);
        int strides = Math.min(strideHeight, strideWidth);
        return Math.min(Math.min(sizes, strides), Math.min(dilationHeight, dilationWidth));
    }

    /** The fewest rows that a plane must have; rounded up, its only window may reach beyond it by less than a stride. */
    long leastHeight(boolean up) {
        return least(true, height, strideHeight, dilationHeight, up);
    }

    /** The fewest columns. */
    long leastWidth(boolean up) {
        return least(false, width, strideWidth, dilationWidth, up);
    }

    private long least(boolean rows, int size, int stride, int dilation, boolean up) {
        long reach = (long) dilation * (size - 1) + 1;
        long[] around = padding.along(rows, 1, reach, stride);
        return Math.max(1, reach - around[0] - around[1] - (up ? stride - 1 : 0));
    }

    /**
     * The way down a plane.
     *
     * @param up whether a last window that lies in part beyond the plane counts; its missing cells are padding, too
     * @throws ArithmeticException if an int does not hold all places
     */
    Axis rows(int length, boolean up) {
        return axis(true, length, height, strideHeight, dilationHeight, up);
    }

    /** The way across. */
    Axis cols(int length, boolean up) {
        return axis(false, length, width, strideWidth, dilationWidth, up);
    }

    /** The padding of such images: above, left, below, right. */
    List<Integer> sides(Shape images, boolean up) {
        Axis rows = rows(images.height(), up);
        Axis cols = cols(images.width(), up);
        return List.of(rows.padding(), cols.padding(), rows.paddingAfter(), cols.paddingAfter());
    }

    private Axis axis(boolean rows, int length, int size, int stride, int dilation, boolean up) {
        long reach = (long) dilation * (size - 1) + 1;
        long[] around = padding.along(rows, length, reach, stride);
        long rest = Math.floorMod(around[0] + length + around[1] - reach, stride);
        long last = around[0] + length + around[1] - reach - rest + stride; // where one more window would start
        if (up && rest > 0 && last < around[0] + length) {
            around[1] += stride - rest;
        }
        Math.toIntExact(around[0] + length + around[1]); // so that no place along the axis overflows
        return new Axis(length, size, stride, dilation, (int) around[0], (int) around[1]);
    }

    /** One number, or one for each direction, as in {@code 3x2}. */
    static String text(int height, int width) {
        return height == width ? "" + height : height + "x" + width;
    }
}
