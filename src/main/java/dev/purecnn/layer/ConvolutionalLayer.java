package dev.purecnn.layer;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A two-dimensional convolution: each filter slides over the image and answers, at every place, how well the window
 * matches.
 *
 * <p>{@code output[f][row][col] = biases[f] + sum over c, r, s of weights[f][c][r][s] * input[c][row * stride + r *
 * dilation - padding][col * stride + s * dilation - padding]}, where cells outside the image are 0. (As everywhere in this
 * field, the filter is not flipped.) Its size is {@code outputHeight = (height + 2 * padding - dilation * (filterHeight -
 * 1) - 1) / stride + 1}, rounded down; the width alike.
 *
 * <p>With groups, the channels and filters are cut into as many equal parts, and each part is a convolution of its own: {@code
 * weights[f]} has {@code channels / groups} planes, and {@code c} counts from the first channel of the filter's group.
 *
 * <p>Large convolutions of 3 x 3 are done by Winograd's algorithm, which multiplies less and rounds otherwise: outputs differ from
 * the formula's by some 10^-15 of the largest.
 *
 * <p>Weights are drawn from N(0, 2 / (channels / groups * filterHeight * filterWidth)) (He et al. 2015), biases start at 0.
 *
 * <pre>{@code
 * new ConvolutionalLayer(1, 16, 3);                                   // 'same': 28 x 28 stays 28 x 28
 * ConvolutionalLayer.builder(3, 8).filterSize(5).stride(2).padding(0).build();
 * ConvolutionalLayer.builder(16, 16).groups(16).build();              // depthwise: each channel has its own filter
 * }</pre>
 *
 * @see <a href="https://doi.org/10.1109/5.726791">LeCun et al. 1998</a>
 * @see <a href="https://arxiv.org/abs/1603.07285">Dumoulin and Visin 2016, on sizes, strides and dilation</a>
 */
public final class ConvolutionalLayer extends AbstractLayer<ConvolutionalLayer.ConvolutionBuffers> {
    private final ConvolutionOptions options;
    private final Parameter weights;
    private final Parameter biases;

    private final GroupPart weightPart;
    private final GroupPart biasPart;
    private ConvolutionPlan plan;
    private ConvolutionMethod method;

    /**
     * The notebook's convolution: stride 1, and a padding that keeps the image's size.
     *
     * @param channels planes of an image
     * @param filters planes of an output
     * @param filterSize edge of a filter, in cells; odd
     * @throws IllegalArgumentException if a size is below 1, or the filter's is even
     */
    public ConvolutionalLayer(int channels, int filters, int filterSize) {
        this(channels, filters, filterSize, 0.0);
    }

    /**
     * The same with momentum.
     *
     * @param channels planes of an image
     * @param filters planes of an output
     * @param filterSize edge of a filter, in cells; odd
     * @param momentum the share of its last step that plain gradient descent keeps, in [0, 1)
     * @throws IllegalArgumentException if a size is below 1, the filter's is even, or the momentum is not in [0, 1)
     */
    public ConvolutionalLayer(int channels, int filters, int filterSize, double momentum) {
        this(new ConvolutionOptions(
                channels, filters, filterSize, filterSize, 1, 1, ConvolutionOptions.SAME, 1, momentum));
    }

    ConvolutionalLayer(ConvolutionOptions options) {
        this(
                options,
                new Parameter("weights", options.weightShape(), options.momentum()),
                new Parameter("biases", Shape.vector(options.filters()), options.momentum()));
    }

    private ConvolutionalLayer(ConvolutionOptions options, Parameter weights, Parameter biases) {
        this.options = options;
        this.weights = weights;
        this.biases = biases;
        weightPart = new GroupPart(weights.shape().size(), options.groups());
        biasPart = new GroupPart(options.filters(), options.groups());
    }

    /**
     * Starts a convolution with options: 3 x 3, stride 1, 'same' padding, no dilation, one group, no momentum, unless said
     * otherwise.
     *
     * @param channels planes of an image
     * @param filters planes of an output
     * @return the builder
     */
    public static ConvolutionBuilder builder(int channels, int filters) {
        return new ConvolutionBuilder(channels, filters);
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

    static final class ConvolutionBuffers extends Buffers {
        private final ConvolutionMethod method;
        /** The images as the method lays them out, kept for the way back. */
        private final double[] laidOut;

        private ConvolutionBuffers(int n, ConvolutionalLayer layer) {
            super(n, layer);
            method = layer.method;
            laidOut = method.newInputs(n * layer.groups());
        }
    }

    /** Makes the method when the first images come: a file may describe a layer that no computer has the memory for. */
    @Override
    ConvolutionBuffers newBuffers(int n) {
        if (method == null) {
            method = ConvolutionMethod.of(plan);
        }
        return new ConvolutionBuffers(n, this);
    }

    @Override
    int largestBuffer() {
        return ConvolutionMethod.inputSize(plan) * options.groups();
    }

    @Override
    Shape fit(Shape images) {
        plan = options.plan(images);
        return Shape.of(options.filters(), plan.output.height(), plan.output.width());
    }

    @Override
    void initialize(Shape images, RandomGenerator random) {
        Initialization.he(weights.values(), weights.shape().size() / options.filters(), random);
    }

    /** Where the weights of a group start. */
    private int firstWeight(int group) {
        return group * (weights.shape().size() / options.groups());
    }

    /**
     * To the plan, each group of each image is an image, and the groups of one image lie back to back. So group {@code g} of
     * image {@code i} is part {@code i * groups + g}.
     */
    @Override
    void forward(double[] images, ConvolutionBuffers buffers) {
        int parts = buffers.n * options.groups();
        for (int group = 0; group < options.groups(); group++) {
            buffers.method.useForward(weights.values(), firstWeight(group));
            double[] starts = biasPart.of(biases.values(), group);
            for (int part = group; part < parts; part += options.groups()) {
                buffers.method.forward(images, part, buffers.laidOut, starts, buffers.output);
            }
        }
    }

    @Override
    public void backpropParameters(double[] lossGradient) {
        backprop(lossGradient, beginBackprop(lossGradient), null);
    }

    @Override
    void backprop(double[] lossGradient, ConvolutionBuffers buffers, double[] inputGradient) {
        int parts = buffers.n * options.groups();
        ConvolutionMethod arithmetic = buffers.method;
        for (int group = 0; group < options.groups(); group++) {
            if (inputGradient != null) {
                arithmetic.useBackward(weights.values(), firstWeight(group));
            }
            double[] weightGradient = weightPart.of(weights.gradient(), group);
            double[] biasGradient = biasPart.of(biases.gradient(), group);
            arithmetic.begin();
            for (int part = group; part < parts; part += options.groups()) {
                arithmetic.addGradients(lossGradient, part, buffers.laidOut, weightGradient, biasGradient);
                if (inputGradient != null) {
                    arithmetic.findInputGradient(part, inputGradient);
                }
            }
            arithmetic.end(weightGradient);
            weightPart.putBack(weights.gradient(), group);
            biasPart.putBack(biases.gradient(), group);
        }
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(weights, biases);
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
        return new ConvolutionalLayer(options, weights.replica(), biases.replica());
    }

    /** The notebook's form: {@code <ConvolutionalLayer: (1, 16, 3), momentum=0.0>}. */
    @Override
    public String toString() {
        return "<ConvolutionalLayer: " + options + ">";
    }
}
