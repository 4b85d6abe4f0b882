package dev.purecnn.layer;

import dev.purecnn.internal.convolution.Axis;
import dev.purecnn.internal.convolution.ConvolutionShape;

/** The options of a convolution, checked. A padding of {@link #SAME} keeps the image's size where the stride is 1. */
record ConvolutionOptions(
        int channels,
        int filters,
        int filterHeight,
        int filterWidth,
        int stride,
        int dilation,
        int padding,
        int groups,
        boolean bias,
        double momentum) {
    static final int SAME = -1;
    private static final String SAME_NAME = "same"; // in model files
    private static final String NO_BIAS = "none"; // in model files, and nothing otherwise

    ConvolutionOptions {
        requirePositive(channels, "channels");
        requirePositive(filters, "filters");
        requirePositive(filterHeight, "filterSize");
        requirePositive(filterWidth, "filterSize");
        requirePositive(stride, "stride");
        requirePositive(dilation, "dilation");
        requirePositive(groups, "groups");
        if (channels % groups != 0 || filters % groups != 0) {
            throw new IllegalArgumentException(
                    "ConvolutionalLayer: expected channels and filters that divide into " + groups
                            + " groups, got " + channels + " channels and " + filters
                            + " filters. Use a number of groups that divides both.");
        }
        if (padding == SAME && (!centred(filterHeight, dilation) || !centred(filterWidth, dilation))) {
            throw new IllegalArgumentException("ConvolutionalLayer: expected an odd filterSize for 'same' padding, got "
                    + filterHeight + " x " + filterWidth + ". Use an odd size, or padding(0).");
        }
        if (!fitsArray(filters, channels / groups, filterHeight, filterWidth)) {
            throw new IllegalArgumentException(
                    "ConvolutionalLayer: expected at most " + Integer.MAX_VALUE + " weights, got "
                            + filters + " filters of " + channels / groups + " x " + filterHeight + " x " + filterWidth
                            + ". Use fewer filters or smaller ones.");
        }
        Parameter.checkMomentum(momentum, "ConvolutionalLayer");
    }

    /** The options that {@link #describe} described. */
    static ConvolutionOptions of(LayerDescription description) {
        boolean same = SAME_NAME.equals(description.options().get("padding"));
        int padding = same ? SAME : description.integer("padding");
        if (padding < 0 && !same) {
            throw new IllegalArgumentException("ConvolutionalLayer: expected a padding of at least 0 or \"" + SAME_NAME
                    + "\", got " + padding + ". Use 0 for none.");
        }
        return new ConvolutionOptions(
                description.integer("channels"),
                description.integer("filters"),
                description.integer("filterHeight"),
                description.integer("filterWidth"),
                description.integer("stride"),
                description.integer("dilation"),
                padding,
                description.integer("groups"),
                !description.options().containsKey("bias"),
                description.number("momentum"));
    }

    LayerDescription describe() {
        LayerDescription description = LayerDescription.of("ConvolutionalLayer")
                .with("channels", channels)
                .with("filters", filters)
                .with("filterHeight", filterHeight)
                .with("filterWidth", filterWidth)
                .with("stride", stride)
                .with("dilation", dilation);
        description = padding == SAME ? description.with("padding", SAME_NAME) : description.with("padding", padding);
        description = description.with("groups", groups).with("momentum", momentum);
        return bias ? description : description.with("bias", NO_BIAS);
    }

    private static void requirePositive(int size, String name) {
        if (size < 1) {
            throw new IllegalArgumentException("ConvolutionalLayer: expected " + name + " of at least 1, got " + size
                    + ". Use a positive number.");
        }
    }

    private static boolean fitsArray(int filters, int channels, int filterHeight, int filterWidth) {
        long planes = (long) filters * channels;
        long plane = (long) filterHeight * filterWidth;
        return planes <= Integer.MAX_VALUE && plane <= Integer.MAX_VALUE && planes * plane <= Integer.MAX_VALUE;
    }

    /** Whether the filter reaches equally far to both sides of a cell. */
    private static boolean centred(int filterSize, int dilation) {
        return (long) dilation * (filterSize - 1) % 2 == 0;
    }

    Shape weightShape() {
        return Shape.of(filters * (channels / groups), filterHeight, filterWidth);
    }

    /** Weights and biases. */
    long parameterCount() {
        return (long) weightShape().size() + (bias ? filters : 0);
    }

    /** Checks that the layer can take such images; returns the sizes of its convolution. */
    ConvolutionShape shape(Shape images) {
        if (images.channels() != channels) {
            throw new IllegalArgumentException(
                    "ConvolutionalLayer: expected " + channels + " channels, got " + images.channels() + " (" + images
                            + "). Build the layer with channels=" + images.channels() + ".");
        }
        if (!fits(images.height(), filterHeight) || !fits(images.width(), filterWidth)) {
            throw new IllegalArgumentException("ConvolutionalLayer: expected images that the filter fits into, got "
                    + images + " for a filter of " + filterHeight + " x " + filterWidth + " with dilation " + dilation
                    + " and padding " + border(filterHeight) + ". Use a smaller filter or more padding.");
        }
        try {
            ConvolutionShape shape = new ConvolutionShape(
                    channels, filters, groups, axis(images.height(), filterHeight), axis(images.width(), filterWidth));
            shape.checkSizes();
            return shape;
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "ConvolutionalLayer: expected padded images of at most " + Integer.MAX_VALUE
                            + " values, got more from "
                            + images + " with dilation " + dilation + " and padding " + border(filterHeight)
                            + ". Use less padding or dilation.",
                    e);
        }
    }

    private boolean fits(int length, int filterSize) {
        return length + 2 * border(filterSize) > (long) dilation * (filterSize - 1);
    }

    /** The padding, which is more than an int holds if the dilation is absurd. */
    private long border(int filterSize) {
        return padding == SAME ? (long) dilation * (filterSize - 1) / 2 : padding;
    }

    private Axis axis(int length, int filterSize) {
        long border = border(filterSize);
        Math.toIntExact(length + 2 * border); // so that no place along the axis overflows
        return new Axis(length, filterSize, stride, dilation, (int) border);
    }

    /** As in the notebook, with what differs from it named. */
    @Override
    public String toString() {
        String size = filterHeight == filterWidth ? "" + filterHeight : filterHeight + "x" + filterWidth;
        StringBuilder text = new StringBuilder("(" + channels + ", " + filters + ", " + size + ")");
        if (stride != 1) {
            text.append(", stride=").append(stride);
        }
        if (padding != SAME) {
            text.append(", padding=").append(padding);
        }
        if (dilation != 1) {
            text.append(", dilation=").append(dilation);
        }
        if (groups != 1) {
            text.append(", groups=").append(groups);
        }
        if (!bias) {
            text.append(", bias=false");
        }
        return text.append(", momentum=").append(momentum).toString();
    }
}
