package dev.purecnn.layer;

import dev.purecnn.internal.convolution.Convolution;
import dev.purecnn.internal.convolution.ConvolutionShape;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A two-dimensional convolution: each filter slides over the image and measures, at every place, how well the window matches.
 *
 * <p>{@code output[f][row][col] = biases[f] + sum over c, r, s of weights[f][c][r][s] * input[c][row * stride + r *
 * dilation - above][col * stride + s * dilation - left]}, where cells outside the image, its padding, are 0. (As everywhere in this
 * field, the filter is not flipped.) Its size is {@code outputHeight = (height + above + below - dilation * (filterHeight -
 * 1) - 1) / stride + 1}, rounded down, and the width likewise. Strides and dilations may differ down and across, padding on each side.
 *
 * <p>With groups, the channels and filters are cut into as many equal parts, and each part is a convolution of its own: {@code
 * weights[f]} has {@code channels / groups} planes, and {@code c} counts from the first channel of the filter's group.
 *
 * <p>Large convolutions of 3 x 3 are done by Winograd's algorithm, which multiplies less and rounds differently: outputs differ from
 * the formula's by some 10^-14 of the largest.
 *
 * <p>Weights are drawn from N(0, 2 / (channels / groups * filterHeight * filterWidth)) (He et al. 2015), biases start at 0.
 *
 * <pre>{@code
 * new ConvolutionalLayer(1, 16, 3);                                   // 'same': 28 x 28 stays 28 x 28
 * ConvolutionalLayer.builder(3, 8).filterSize(5).stride(2).padding(0).build();
 * ConvolutionalLayer.builder(16, 16).groups(16).build();              // depthwise: each channel has its own filter
 * ConvolutionalLayer.builder(3, 8).stride(2).sameUpperPadding().build(); // as Keras does it: 28 x 28 becomes 14 x 14
 * }</pre>
 *
 * @see <a href="https://doi.org/10.1109/5.726791">LeCun et al. 1998</a>
 * @see <a href="https://arxiv.org/abs/1603.07285">Dumoulin and Visin 2016, on sizes, strides and dilation</a>
 */
public final class ConvolutionalLayer extends AbstractLayer<ConvolutionalLayer.ConvolutionBuffers> {
    private final ConvolutionOptions options;
    private final Parameter weights;
    private final Parameter biases; // null for none
    private ConvolutionShape shape;
    private Convolution convolution;

    /**
     * The notebook's convolution: stride 1, and a padding that keeps the image's size.
     *
     * @param channels planes of an image
     * @param filters planes of an output
     * @param filterSize edge of a filter, in cells; if even, the odd row and column of padding is below and to the right
     * @throws IllegalArgumentException if a size is below 1
     */
    public ConvolutionalLayer(int channels, int filters, int filterSize) {
        this(channels, filters, filterSize, 0.0);
    }

    /**
     * The same with momentum.
     *
     * @param channels planes of an image
     * @param filters planes of an output
     * @param filterSize edge of a filter, in cells
     * @param momentum the share of its last step that plain gradient descent keeps, in [0, 1)
     * @throws IllegalArgumentException if a size is below 1, or the momentum is not in [0, 1)
     */
    public ConvolutionalLayer(int channels, int filters, int filterSize, double momentum) {
        this(builder(channels, filters)
                .filterSize(filterSize)
                .momentum(momentum)
                .options());
    }

    ConvolutionalLayer(ConvolutionOptions options) {
        this(
                options,
                new Parameter("weights", options.weightShape(), options.momentum()).withSizes(options.weightSizes()),
                options.bias()
                        ? new Parameter("biases", Shape.vector(options.filters()), options.momentum()).withoutDecay()
                        : null);
    }

    private ConvolutionalLayer(ConvolutionOptions options, Parameter weights, Parameter biases) {
        this.options = options;
        this.weights = weights;
        this.biases = biases;
    }

    /**
     * Starts a convolution with options. Without any: 3 x 3, stride 1, 'same' padding, no dilation, one group, no momentum.
     *
     * @param channels planes of an image
     * @param filters planes of an output
     * @return the builder
     */
    public static Builder builder(int channels, int filters) {
        return new Builder(channels, filters);
    }

    /**
     * How many planes an image has, and with one group each filter.
     *
     * @return at least 1
     */
    public int channels() {
        return options.channels();
    }

    /**
     * How many filters there are, and so planes of an output.
     *
     * @return at least 1
     */
    public int filters() {
        return options.filters();
    }

    /**
     * Into how many parts channels and filters are cut; each filter has {@code channels / groups} planes.
     *
     * @return at least 1
     */
    public int groups() {
        return options.groups();
    }

    /**
     * The cells around each image, as many as were given, or as a rule such as 'same' makes of its size.
     *
     * @return the rows above, the columns to the left, the rows below and the columns to the right
     * @throws IllegalStateException if the layer is not connected
     */
    public List<Integer> padding() {
        checkConnected("padding");
        return options.window().sides(input(), false);
    }

    /** With the convolution, so that layers which share buffers share those of its arithmetic as well. */
    static final class ConvolutionBuffers extends Buffers {
        private final Convolution convolution;

        private ConvolutionBuffers(int n, ConvolutionalLayer layer) {
            super(n, layer);
            convolution = layer.convolution;
        }
    }

    /** Makes the convolution when the first images come: a file may describe a layer that no computer has the memory for. */
    @Override
    ConvolutionBuffers newBuffers(int n) {
        if (convolution == null) {
            convolution = Convolution.of(shape);
        }
        return new ConvolutionBuffers(n, this);
    }

    @Override
    Shape fit(Shape images) {
        shape = options.shape(images);
        return Shape.of(options.filters(), shape.rows().output(), shape.cols().output());
    }

    @Override
    void initialize(Shape images, RandomGenerator random) {
        Initialization.he(weights.values(), weights.shape().size() / options.filters(), random);
    }

    @Override
    boolean join(Fusion fusion) {
        return fusion.addConvolution(this, shape);
    }

    @Override
    void forward(double[] images, ConvolutionBuffers buffers) {
        double[] starts = biases == null ? null : biases.values();
        buffers.convolution.forward(images, buffers.n, weights.values(), starts, buffers.output);
    }

    @Override
    public void backpropParameters(double[] lossGradient) {
        backprop(lossGradient, beginBackprop(lossGradient), null);
    }

    @Override
    void backprop(double[] lossGradient, ConvolutionBuffers buffers, double[] inputGradient) {
        buffers.convolution.backprop(
                buffers.images,
                buffers.n,
                lossGradient,
                weights.values(),
                weights.gradient(),
                biases == null ? null : biases.gradient(),
                inputGradient);
    }

    @Override
    public List<Parameter> parameters() {
        return biases == null ? List.of(weights) : List.of(weights, biases);
    }

    @Override
    public long multiplyAdds() {
        return (long) weights.shape().size() * output().height() * output().width();
    }

    @Override
    public LayerDescription description() {
        return options.describe();
    }

    @Override
    ConvolutionalLayer unfittedReplica() {
        return new ConvolutionalLayer(options, weights.replica(), biases == null ? null : biases.replica());
    }

    /** The notebook's form: {@code <ConvolutionalLayer: (1, 16, 3), momentum=0.0>}. */
    @Override
    public String toString() {
        return "<ConvolutionalLayer: " + options + ">";
    }

    /**
     * Gathers the options of a {@link ConvolutionalLayer}.
     *
     * <pre>{@code
     * ConvolutionalLayer layer = ConvolutionalLayer.builder(3, 8).filterSize(5, 3).stride(2).padding(1).build();
     * }</pre>
     */
    public static final class Builder extends WindowBuilder<Builder> {
        private final int channels;
        private final int filters;
        private int groups = 1;
        private boolean bias = true;
        private double momentum;

        private Builder(int channels, int filters) {
            super(3, 3, 1, Padding.SAME);
            this.channels = channels;
            this.filters = filters;
        }

        @Override
        Builder self() {
            return this;
        }

        @Override
        String layer() {
            return "ConvolutionalLayer";
        }

        /**
         * A square filter.
         *
         * @param cells its edge, in cells
         * @return this builder
         */
        public Builder filterSize(int cells) {
            return filterSize(cells, cells);
        }

        /**
         * A filter of any size.
         *
         * @param height its rows
         * @param width its columns
         * @return this builder
         */
        public Builder filterSize(int height, int width) {
            this.height = height;
            this.width = width;
            return this;
        }

        /**
         * Cuts channels and filters into equal groups, in order: each filter sees the channels of its own group alone, which
         * takes a share of {@code 1 / groups} of the weights and of the work. As many groups as channels make a depthwise
         * convolution.
         *
         * @param count how many; divides both channels and filters
         * @return this builder
         * @see <a href="https://doi.org/10.1145/3065386">Krizhevsky et al. 2012</a>
         * @see <a href="https://arxiv.org/abs/1610.02357">Chollet 2017, on depthwise convolutions</a>
         */
        public Builder groups(int count) {
            groups = count;
            return this;
        }

        /**
         * Whether each filter has a bias. One before a {@link BatchNormLayer} needs none: the normalization takes it away again.
         *
         * @param wanted false for none
         * @return this builder
         */
        public Builder bias(boolean wanted) {
            bias = wanted;
            return this;
        }

        /**
         * The share of its last step that plain gradient descent keeps: {@code velocity = momentum * velocity + gradient}.
         *
         * @param share in [0, 1)
         * @return this builder
         */
        public Builder momentum(double share) {
            momentum = share;
            return this;
        }

        /**
         * Checks the options and makes the layer. The builder may be used again.
         *
         * @return a new layer, not connected yet
         * @throws IllegalArgumentException if an option is impossible; says which, and what it may be
         */
        public ConvolutionalLayer build() {
            return new ConvolutionalLayer(options());
        }

        private ConvolutionOptions options() {
            return new ConvolutionOptions(channels, filters, window(), groups, bias, momentum);
        }
    }
}
