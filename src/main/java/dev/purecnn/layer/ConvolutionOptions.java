package dev.purecnn.layer;

import dev.purecnn.internal.convolution.ConvolutionShape;

/** The options of a convolution, checked. */
record ConvolutionOptions(int channels, int filters, Window window, int groups, boolean bias, double momentum) {
    private static final String LAYER = "ConvolutionalLayer";
    private static final String NO_BIAS = "none"; // in model files, and nothing otherwise

    ConvolutionOptions {
        requirePositive(channels, "channels");
        requirePositive(filters, "filters");
        requirePositive(Math.min(window.height(), window.width()), "filterSize");
        requirePositive(Math.min(window.strideHeight(), window.strideWidth()), "stride");
        requirePositive(Math.min(window.dilationHeight(), window.dilationWidth()), "dilation");
        requirePositive(groups, "groups");
        if (channels % groups != 0 || filters % groups != 0) {
            throw new IllegalArgumentException(
                    "ConvolutionalLayer: expected channels and filters that divide into " + groups
                            + " groups, got " + channels + " channels and " + filters
                            + " filters. Use a number of groups that divides both.");
        }
        if (!fitsArray(filters, channels / groups, window.height(), window.width())) {
            throw new IllegalArgumentException(
                    "ConvolutionalLayer: expected at most " + Integer.MAX_VALUE + " weights, got "
                            + filters + " filters of " + channels / groups + " x " + window.height() + " x "
                            + window.width() + ". Use fewer filters or smaller ones.");
        }
        Parameter.checkMomentum(momentum, LAYER);
    }

    private static void requirePositive(int size, String name) {
        WindowBuilder.checkPositive(size, name, LAYER);
    }

    /** The options that {@link #describe} described. */
    static ConvolutionOptions of(LayerDescription description) {
        return new ConvolutionOptions(
                description.integer("channels"),
                description.integer("filters"),
                Window.of(description.integer("filterHeight"), description.integer("filterWidth"), description),
                description.integer("groups"),
                !description.options().containsKey("bias"),
                description.number("momentum"));
    }

    LayerDescription describe() {
        LayerDescription description = LayerDescription.of(LAYER)
                .with("channels", channels)
                .with("filters", filters)
                .with("filterHeight", window.height())
                .with("filterWidth", window.width());
        description = window.padding().describe(window.describeDilation(window.describeStride(description)));
        description = description.with("groups", groups).with("momentum", momentum);
        return bias ? description : description.with("bias", NO_BIAS);
    }

    private static boolean fitsArray(int filters, int channels, int filterHeight, int filterWidth) {
        long planes = (long) filters * channels;
        long plane = (long) filterHeight * filterWidth;
        return planes <= Integer.MAX_VALUE && plane <= Integer.MAX_VALUE && planes * plane <= Integer.MAX_VALUE;
    }

    Shape weightShape() {
        return Shape.of(filters * (channels / groups), window.height(), window.width());
    }

    int[] weightSizes() {
        return new int[] {filters, channels / groups, window.height(), window.width()};
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
        if (images.height() < window.leastHeight(false) || images.width() < window.leastWidth(false)) {
            throw new IllegalArgumentException("ConvolutionalLayer: expected images that the filter fits into, got "
                    + images + " for a filter of " + window.height() + " x " + window.width() + " with "
                    + border() + ". Use a smaller filter or more padding.");
        }
        try {
            ConvolutionShape shape = new ConvolutionShape(
                    channels, filters, groups, window.rows(images.height(), false), window.cols(images.width(), false));
            shape.checkSizes();
            return shape;
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "ConvolutionalLayer: expected padded images of at most " + Integer.MAX_VALUE
                            + " values, got more from " + images + " with " + border()
                            + ". Use less padding or dilation.",
                    e);
        }
    }

    private String border() {
        return "dilation " + Window.text(window.dilationHeight(), window.dilationWidth()) + " and padding "
                + window.padding();
    }

    /** As in the notebook, with what differs from it named. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(
                "(" + channels + ", " + filters + ", " + Window.text(window.height(), window.width()) + ")");
        if (window.strideHeight() != 1 || window.strideWidth() != 1) {
            text.append(", stride=").append(Window.text(window.strideHeight(), window.strideWidth()));
        }
        if (!window.padding().equals(Padding.SAME)) {
            text.append(", padding=").append(window.padding());
        }
        if (window.isDilated()) {
            text.append(", dilation=").append(Window.text(window.dilationHeight(), window.dilationWidth()));
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
