package dev.purecnn.layer;

import dev.purecnn.internal.convolution.ChannelNorms;
import dev.purecnn.internal.kernel.Kernels;
import dev.purecnn.internal.kernel.PlaneKernels;
import java.util.Arrays;
import java.util.List;

/**
 * Brings each channel to mean 0 and variance 1, then to a scale and shift that it learns: {@code output = scale[c] * (input -
 * mean[c]) / sqrt(variance[c] + epsilon) + shift[c]}. Networks with it learn with larger rates, and from almost any first
 * weights.
 *
 * <p>In training, mean and variance are those of the whole batch: of all cells of the channel's planes in all its images. On how
 * many threads the batch is worked on changes no bit. In prediction they are the running ones, so that an image's output does not
 * depend on what comes with it.
 *
 * <p>The running statistics move once per training step: {@code running = momentum * running + (1 - momentum) * batch}, where the
 * batch's variance is taken with {@code count - 1} below. Momentum is the share that is <em>kept</em>: 0.9 here is 0.1 in PyTorch.
 * They are parameters that no gradient trains: their {@link Parameter#gradient} adds up what {@link #backprop} observed.
 *
 * <p>A batch must have more than one value per channel: after a {@link DenseLayer}, whose values are channels of one cell, it
 * takes two images or more. Anything else is refused, for a single value says nothing about a variance.
 *
 * <p>Scales start at 1, shifts at 0, running means at 0 and running variances at 1. A channel whose values are all alike comes out
 * as its shift, up to rounding. Variances are sums of squared distances from the mean, so that a large mean costs no digits.
 *
 * <p>A layer of your own that has a batch normalization inside sees only a part of a batch when the batch is cut among threads;
 * let it have no {@link Layer#replica}, which keeps batches whole.
 *
 * <pre>{@code
 * new LayerChain(new ConvolutionalLayer(1, 8, 3), new BatchNormLayer(8), new ReLULayer());
 * BatchNormLayer.builder(8).momentum(0.99).epsilon(1e-3).build();  // Keras' defaults
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe and Szegedy 2015</a>
 */
public final class BatchNormLayer extends BasicLayer {
    private static final double MOMENTUM = 0.9;
    /** Keeps the division from overflowing where a channel is constant. */
    static final double EPSILON = 1e-5;

    private final int channels;
    private final double epsilon;
    private final Parameter scale;
    private final Parameter shift;
    private final Parameter runningMean;
    private final Parameter runningVariance;
    private boolean training;
    private int firstImage;
    private int cells;

    // of the last forward
    private boolean observed;
    /** Of a shard alone until all have met; unless observed, the mean is the running one. */
    private final ChannelStatistics statistics;
    /** 1 by the deviation. */
    private final double[] inverse;
    /** Of the last backprop. */
    private final double[] scaleSums;

    private final double[] shiftSums;

    /**
     * A normalization with momentum 0.9 and epsilon 0.00001.
     *
     * @param channels planes of an image, or values of a vector
     * @throws IllegalArgumentException if it is below 1
     */
    public BatchNormLayer(int channels) {
        this(channels, MOMENTUM);
    }

    /**
     * A normalization with epsilon 0.00001.
     *
     * @param channels planes of an image, or values of a vector
     * @param momentum the share of themselves that the running statistics keep in a step, in [0, 1)
     * @throws IllegalArgumentException if there is no channel, or the momentum is not in [0, 1)
     */
    public BatchNormLayer(int channels, double momentum) {
        this(channels, momentum, EPSILON);
    }

    BatchNormLayer(int channels, double momentum, double epsilon) {
        this(
                epsilon,
                new Parameter("scale", vector(channels)).withoutDecay(),
                new Parameter("shift", vector(channels)).withoutDecay(),
                Parameter.runningMean(
                        "running mean", vector(channels), Parameter.checkMomentum(momentum, "BatchNormLayer")),
                Parameter.runningMean("running variance", vector(channels), momentum));
        if (!(epsilon > 0 && epsilon < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("BatchNormLayer: expected a finite epsilon above 0, got " + epsilon
                    + ". Use a small number such as 1e-5.");
        }
        Arrays.fill(scale.values(), 1.0);
        Arrays.fill(runningVariance.values(), 1.0);
    }

    private BatchNormLayer(
            double epsilon, Parameter scale, Parameter shift, Parameter runningMean, Parameter runningVariance) {
        this.channels = scale.shape().size();
        this.epsilon = epsilon;
        this.scale = scale;
        this.shift = shift;
        this.runningMean = runningMean;
        this.runningVariance = runningVariance;
        statistics = new ChannelStatistics(channels);
        inverse = new double[channels];
        scaleSums = new double[channels];
        shiftSums = new double[channels];
    }

    private static Shape vector(int channels) {
        if (channels < 1) {
            throw new IllegalArgumentException("BatchNormLayer: expected channels of at least 1, got " + channels
                    + ". Use as many as the layer before has filters.");
        }
        return Shape.vector(channels);
    }

    /**
     * Starts a normalization with options: momentum 0.9, epsilon 0.00001, unless you choose others.
     *
     * @param channels planes of an image, or values of a vector
     * @return the builder
     */
    public static Builder builder(int channels) {
        return new Builder(channels);
    }

    /** The options of a normalization. */
    public static final class Builder {
        private final int channels;
        private double momentum = MOMENTUM;
        private double epsilon = EPSILON;

        private Builder(int channels) {
            this.channels = channels;
        }

        /**
         * Chooses how slowly the running statistics move.
         *
         * @param share the share of themselves that they keep in a step, in [0, 1); 1 less PyTorch's momentum
         * @return this builder
         */
        public Builder momentum(double share) {
            momentum = share;
            return this;
        }

        /**
         * Chooses what is added to the variance before its root is taken.
         *
         * @param summand above 0
         * @return this builder
         */
        public Builder epsilon(double summand) {
            epsilon = summand;
            return this;
        }

        /**
         * Makes the layer.
         *
         * @return a new layer
         * @throws IllegalArgumentException if there is no channel, the momentum is not in [0, 1), or the epsilon is not above 0
         */
        public BatchNormLayer build() {
            return new BatchNormLayer(channels, momentum, epsilon);
        }
    }

    @Override
    Shape fit(Shape images) {
        if (images.channels() != channels) {
            throw new IllegalArgumentException(
                    "BatchNormLayer: expected " + channels + " channels, got " + images.channels() + " (" + images
                            + "). Build the layer with channels=" + images.channels() + ".");
        }
        cells = images.height() * images.width();
        return images;
    }

    @Override
    boolean join(Fusion fusion) {
        return fusion.addNormalization(this);
    }

    /** How many images a batch must have in training. */
    int smallestBatch() {
        return cells > 1 ? 1 : 2;
    }

    @Override
    public void training(boolean now) {
        training = now;
    }

    @Override
    public void samples(long step, int firstImageOfBatch) {
        firstImage = firstImageOfBatch;
    }

    // ---- forward: observe, let shards add up, normalize

    @Override
    void forward(double[] images, Buffers buffers) {
        if (training && firstImage > 0) {
            throw new IllegalStateException(
                    "BatchNormLayer: expected the whole batch in training, got a part of it, from" + " image "
                            + firstImage + " on. Give the layer of your own that contains this one no replica().");
        }
        observe(images);
        normalize(this, null, false);
    }

    /** Finds the statistics of a shard. */
    void observe(double[] images) {
        Buffers buffers = beginForward(images);
        observed = training;
        if (training) {
            statistics.observe(buffers.images, buffers.n, cells);
        } else {
            System.arraycopy(runningMean.values(), 0, statistics.mean, 0, channels);
        }
    }

    /** Makes these the statistics of both shards together. */
    void addStatistics(BatchNormLayer other) {
        if (observed) {
            statistics.add(other.statistics);
        }
    }

    /**
     * Normalizes the observed shard by the statistics of the whole batch, which that replica holds; with the sum and the ReLU that may follow,
     * plane by plane, while it is in the cache. A null addend is none.
     */
    double[] normalize(BatchNormLayer whole, double[] addend, boolean rectifies) {
        Buffers buffers = buffers();
        double[] output = buffers.output;
        takeStatistics(whole);
        Kernels kernels = Kernels.active();
        for (int plane = 0; plane < buffers.n * channels; plane++) {
            int channel = plane % channels;
            int from = plane * cells;
            double mean = statistics.mean[channel];
            double gain = scale.values()[channel];
            double offset = shift.values()[channel];
            kernels.planes().normalize(buffers.images, mean, inverse[channel], gain, offset, output, from, cells);
            if (addend != null) {
                kernels.planes().add(output, addend, output, from, cells);
            }
            if (rectifies) {
                kernels.relu(output, output, from, from + cells);
            }
        }
        return output;
    }

    private void takeStatistics(BatchNormLayer whole) {
        if (whole != this) {
            statistics.copy(whole.statistics);
        }
        if (observed && statistics.count < 2) {
            throw new IllegalArgumentException(
                    "BatchNormLayer: expected more than 1 value per channel in training, got 1" + " (1 image of "
                            + input() + "). Train on batches of at least 2 images.");
        }
        for (int channel = 0; channel < channels; channel++) {
            double variance =
                    observed ? statistics.variance(channel) : runningVariance.values()[channel];
            inverse[channel] = 1 / Math.sqrt(variance + epsilon);
        }
    }

    /** By what a prediction normalizes. */
    void give(ChannelNorms norms) {
        for (int channel = 0; channel < channels; channel++) {
            double by = 1 / Math.sqrt(runningVariance.values()[channel] + epsilon);
            norms.set(channel, runningMean.values()[channel], by, scale.values()[channel], shift.values()[channel]);
        }
    }

    // ---- backprop: sum gradients, let shards add up, find the input gradient

    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        sumGradients(lossGradient);
        findInputGradient(lossGradient, inputGradient, this);
    }

    @Override
    public void backpropParameters(double[] lossGradient) {
        sumGradients(lossGradient);
    }

    /** Adds a shard's part to the parameters' gradients, and keeps it for the input gradient. */
    void sumGradients(double[] lossGradient) {
        sumGradients(lossGradient, null, false, lossGradient);
    }

    /**
     * The same, after the sum with another gradient and the ReLU that may come first on the way back, plane by plane. A null addend is none.
     *
     * @param passed gets what came of these; may be the loss gradient, and must be if there are neither
     */
    void sumGradients(double[] lossGradient, double[] addend, boolean rectified, double[] passed) {
        Buffers buffers = beginBackprop(lossGradient);
        Kernels kernels = Kernels.active();
        Arrays.fill(scaleSums, 0.0);
        Arrays.fill(shiftSums, 0.0);
        for (int plane = 0; plane < buffers.n * channels; plane++) {
            int channel = plane % channels;
            int from = plane * cells;
            if (addend != null) {
                kernels.planes().add(lossGradient, addend, passed, from, cells);
            }
            if (rectified) {
                double[] gradient = addend == null ? lossGradient : passed;
                kernels.reluGradient(buffers.output, gradient, passed, from, from + cells);
            }
            double mean = statistics.mean[channel];
            kernels.planes()
                    .addSums(
                            passed, buffers.images, mean, inverse[channel], from, cells, shiftSums, scaleSums, channel);
        }
        for (int channel = 0; channel < channels; channel++) {
            scale.gradient()[channel] += scaleSums[channel];
            shift.gradient()[channel] += shiftSums[channel];
            if (observed) { // for each image once, as all that is averaged over a batch
                runningMean.gradient()[channel] += buffers.n * statistics.mean[channel];
                runningVariance.gradient()[channel] += buffers.n * statistics.unbiasedVariance(channel);
            }
        }
    }

    /** Makes these the sums of both shards together. */
    void addSums(BatchNormLayer other) {
        for (int channel = 0; channel < channels; channel++) {
            scaleSums[channel] += other.scaleSums[channel];
            shiftSums[channel] += other.shiftSums[channel];
        }
    }

    /** The input gradient of a shard, with the sums of the whole batch, which that replica holds. It may take the loss gradient's place. */
    void findInputGradient(double[] lossGradient, double[] inputGradient, BatchNormLayer whole) {
        double[] images = buffers().images;
        PlaneKernels kernels = Kernels.active().planes();
        for (int from = 0; from < images.length; from += cells) {
            int channel = from / cells % channels;
            // what the input moves by way of mean and variance; the running ones do not depend on it
            double byMean = observed ? whole.shiftSums[channel] / statistics.count : 0;
            double byVariance = observed ? whole.scaleSums[channel] / statistics.count : 0;
            double mean = statistics.mean[channel];
            double by = inverse[channel];
            double factor = scale.values()[channel] * by;
            kernels.normalizeGradient(
                    images, mean, by, factor, byMean, byVariance, lossGradient, inputGradient, from, cells);
        }
    }

    /** Scale, shift, running mean and running variance, each a vector of one value per channel. */
    @Override
    public List<Parameter> parameters() {
        return List.of(scale, shift, runningMean, runningVariance);
    }

    @Override
    public long multiplyAdds() {
        return output().size();
    }

    /** Names epsilon only if it is not the usual one, as in files of before it could be chosen. */
    @Override
    public LayerDescription description() {
        LayerDescription plain =
                super.description().with("channels", channels).with("momentum", runningMean.momentum());
        return epsilon == EPSILON ? plain : plain.with("epsilon", epsilon);
    }

    @Override
    BatchNormLayer unfittedReplica() {
        return new BatchNormLayer(
                epsilon, scale.replica(), shift.replica(), runningMean.replica(), runningVariance.replica());
    }

    /** The notebook's form, such as {@code <BatchNormLayer: 8>}. */
    @Override
    public String toString() {
        double momentum = runningMean.momentum();
        return "<BatchNormLayer: " + channels
                + (momentum == MOMENTUM ? "" : ", momentum=" + momentum)
                + (epsilon == EPSILON ? "" : ", epsilon=" + epsilon) + ">";
    }
}
