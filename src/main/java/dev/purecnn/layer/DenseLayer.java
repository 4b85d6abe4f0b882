package dev.purecnn.layer;

import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.Product;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A fully connected layer: {@code output[o] = biases[o] + sum over i of weights[o][i] * input[i]}.
 *
 * <p>It takes images of any shape of the right size, and sees them flat. First weights are drawn from N(0, 2 / inputs)
 * (He et al. 2015), biases start at 0.
 *
 * <pre>{@code
 * new DenseLayer(28 * 28, 64);
 * }</pre>
 */
public final class DenseLayer extends AbstractLayer<DenseLayer.DenseBuffers> {
    private static final int CACHED_INPUTS = 512; // those of a few images and outputs stay in the first-level cache

    private final String name;
    private final int inputs;
    private final int outputs;
    private final Parameter weights;
    private final Parameter biases; // null for none
    private final int[] weightRows;

    /**
     * A layer of that size.
     *
     * @param inputs values of one image
     * @param outputs values of one output
     * @throws IllegalArgumentException if one of them is below 1, or there would be more weights than an array holds
     */
    public DenseLayer(int inputs, int outputs) {
        this("DenseLayer", inputs, outputs, true);
    }

    /**
     * Starts a layer with options: with biases, unless you choose otherwise.
     *
     * @param inputs values of one image
     * @param outputs values of one output
     * @return the builder
     */
    public static Builder builder(int inputs, int outputs) {
        return new Builder(inputs, outputs);
    }

    /** The options of a dense layer. */
    public static final class Builder {
        private final int inputs;
        private final int outputs;
        private boolean bias = true;

        private Builder(int inputs, int outputs) {
            this.inputs = inputs;
            this.outputs = outputs;
        }

        /**
         * Whether each output has a bias. One before a {@link BatchNormLayer} needs none: the normalization takes it away again.
         *
         * @param wanted false for none
         * @return this builder
         */
        public Builder bias(boolean wanted) {
            bias = wanted;
            return this;
        }

        /**
         * Makes the layer.
         *
         * @return the layer
         * @throws IllegalArgumentException if one of the sizes is below 1, or there would be more weights than an array holds
         */
        public DenseLayer build() {
            return new DenseLayer("DenseLayer", inputs, outputs, bias);
        }
    }

    /** The layer that a {@link #description} is of. */
    static DenseLayer of(LayerDescription description) {
        return builder(description.integer("inputs"), description.integer("outputs"))
                .bias(!description.options().containsKey("bias"))
                .build();
    }

    /** A dense layer that may be a part of another, whose name stands in its messages. */
    DenseLayer(String name, int inputs, int outputs, boolean bias) {
        this(
                name,
                inputs,
                outputs,
                weights(name, inputs, outputs),
                bias ? new Parameter("biases", Shape.vector(outputs)).withoutDecay() : null);
    }

    private DenseLayer(String name, int inputs, int outputs, Parameter weights, Parameter biases) {
        this.name = name;
        this.inputs = inputs;
        this.outputs = outputs;
        this.weights = weights;
        this.biases = biases;
        this.weightRows = Product.rows(outputs, inputs);
    }

    private static Parameter weights(String layer, int inputs, int outputs) {
        if (inputs < 1 || outputs < 1) {
            throw new IllegalArgumentException(layer + ": expected at least 1 input and 1 output, got " + inputs
                    + " inputs and " + outputs + " outputs. Give both a positive size.");
        }
        return new Parameter("weights", Shape.of(1, outputs, inputs)).withSizes(outputs, inputs);
    }

    /** The products of the way back are made when the first gradient comes. */
    static final class DenseBuffers extends Buffers {
        private double[] zeros;
        private Product forInput;
        private Product forWeights;

        private DenseBuffers(int n, DenseLayer layer) {
            super(n, layer);
        }

        private void makeProducts(DenseLayer layer) {
            int in = layer.inputs;
            int out = layer.outputs;
            zeros = new double[n];
            forInput = new Product(n, in, layer.weightRows, (image, o) -> image * out + o);
            forWeights = new Product(out, in, Product.rows(n, in), (o, image) -> image * out + o);
        }
    }

    @Override
    DenseBuffers newBuffers(int n) {
        return new DenseBuffers(n, this);
    }

    @Override
    Shape fit(Shape images) {
        if (images.size() != inputs) {
            throw new IllegalArgumentException(name + ": expected " + inputs + " input values, got " + images.size()
                    + " (" + images + "). Build the layer with " + images.size() + " inputs.");
        }
        return Shape.vector(outputs);
    }

    @Override
    void initialize(Shape images, RandomGenerator random) {
        Initialization.he(weights.values(), inputs, random);
    }

    @Override
    void forward(double[] images, DenseBuffers buffers) {
        if (biases == null) {
            Arrays.fill(buffers.output, 0.0);
        } else {
            for (int image = 0; image < buffers.n; image++) {
                System.arraycopy(biases.values(), 0, buffers.output, image * outputs, outputs);
            }
        }
        for (int from = 0; from < inputs; from += CACHED_INPUTS) {
            int length = Math.min(CACHED_INPUTS, inputs - from);
            Kernels.active()
                    .dot(
                            buffers.n,
                            length,
                            weightRows,
                            images,
                            from,
                            inputs,
                            weights.values(),
                            from,
                            buffers.output,
                            0);
        }
    }

    @Override
    void backprop(double[] lossGradient, DenseBuffers buffers, double[] inputGradient) {
        if (buffers.forWeights == null) {
            buffers.makeProducts(this);
        }
        buffers.forWeights.pack(lossGradient);
        Kernels.active().multiplyAdd(buffers.forWeights, buffers.images, 0, weights.gradient(), 0);
        if (biases != null) {
            double[] biasGradient = biases.gradient();
            for (int i = 0; i < lossGradient.length; i++) {
                biasGradient[i % outputs] += lossGradient[i];
            }
        }
        if (inputGradient != null) {
            buffers.forInput.pack(lossGradient);
            Kernels.active().multiply(buffers.forInput, buffers.zeros, weights.values(), 0, inputGradient, 0);
        }
    }

    @Override
    public void backpropParameters(double[] lossGradient) {
        backprop(lossGradient, beginBackprop(lossGradient), null);
    }

    @Override
    public List<Parameter> parameters() {
        return biases == null ? List.of(weights) : List.of(weights, biases);
    }

    @Override
    public long multiplyAdds() {
        return (long) inputs * outputs;
    }

    @Override
    public LayerDescription description() {
        LayerDescription description =
                super.description().with("inputs", inputs).with("outputs", outputs);
        return biases == null ? description.with("bias", "none") : description;
    }

    @Override
    DenseLayer unfittedReplica() {
        return new DenseLayer(name, inputs, outputs, weights.replica(), biases == null ? null : biases.replica());
    }

    /** The form of the notebook's layers: {@code <DenseLayer: (784, 64)>}. */
    @Override
    public String toString() {
        return "<DenseLayer: (" + inputs + ", " + outputs + ")" + (biases == null ? ", bias=false>" : ">");
    }
}
