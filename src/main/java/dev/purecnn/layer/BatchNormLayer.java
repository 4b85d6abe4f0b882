package dev.purecnn.layer;

import java.util.Arrays;
import java.util.List;

/**
 * Brings each channel to mean 0 and variance 1, then to a scale and shift that it learns: {@code output = scale[c] * (input -
 * mean[c]) / sqrt(variance[c] + 0.00001) + shift[c]}. It lets networks learn with larger rates, and from almost any first
 * weights.
 *
 * <p>In training, mean and variance are those of the images that go through the layer at once: of a shard, the piece of a
 * batch that one thread works on, and of all cells of the channel's planes. How a batch is cut into shards depends on the
 * batch and the network alone; so do the results, on any number of threads. In prediction they are the running ones, and an
 * image's output does not depend on what comes with it.
 *
 * <p>A shard has 8 images, or 16 in a network with less than 32 multiply-adds for each parameter; in a batch of more than 16
 * such shards it is a sixteenth of the batch, rounded up. The last shard gets what is left: 17 images are cut into 8, 8 and 1. So
 * a larger batch alone does not make steadier statistics, and those of a single image are poor: a vector, with one value a
 * channel, then comes out as the shift, whatever it is. Let batches, and the last one of an epoch, be multiples of 8 or 16. (In a
 * network with a layer that has no {@link Layer#replica}, the shard is the whole batch.)
 *
 * <p>The running statistics move once a training step: {@code running = momentum * running + (1 - momentum) * observed}, where
 * {@code observed} is the mean over the shards, each as often as it has images, of a shard's mean and of its variance with {@code
 * count - 1} below. (A shard with a single value a channel says nothing of a variance, and leaves the running one as it is.)
 * They are parameters that no gradient trains: their {@link Parameter#gradient} gathers what {@link #backprop} observed.
 *
 * <p>A vector, as a {@link DenseLayer} answers it, has a channel for each value. Scales start at 1, shifts at 0, running means
 * at 0 and running variances at 1. A channel whose values are all alike comes out as its shift, up to rounding. Variances are sums of squared
 * distances from the mean, so that a large mean costs no digits.
 *
 * <pre>{@code
 * new LayerChain(new ConvolutionalLayer(1, 8, 3), new BatchNormLayer(8), new ReLULayer());
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe and Szegedy 2015</a>
 */
public final class BatchNormLayer extends AbstractLayer<BatchNormLayer.BatchNormBuffers> {
    private static final double MOMENTUM = 0.9;
    private static final double EPSILON = 1e-5; // keeps the division from overflowing where a channel is constant

    private final int channels;
    private final Parameter scale;
    private final Parameter shift;
    private final Parameter runningMean;
    private final Parameter runningVariance;
    private boolean training;
    private int cells;

    /**
     * A normalization whose running statistics keep 0.9 of themselves in a step.
     *
     * @param channels planes of an image, or values of a vector
     * @throws IllegalArgumentException if it is below 1
     */
    public BatchNormLayer(int channels) {
        this(channels, MOMENTUM);
    }

    /**
     * A normalization.
     *
     * @param channels planes of an image, or values of a vector
     * @param momentum the share of themselves that the running statistics keep in a step, in [0, 1)
     * @throws IllegalArgumentException if there is no channel, or the momentum is not in [0, 1)
     */
    public BatchNormLayer(int channels, double momentum) {
        this(
                new Parameter("scale", vector(channels)),
                new Parameter("shift", vector(channels)),
                Parameter.runningMean(
                        "running mean", vector(channels), Parameter.checkMomentum(momentum, "BatchNormLayer")),
                Parameter.runningMean("running variance", vector(channels), momentum));
        Arrays.fill(scale.values(), 1.0);
        Arrays.fill(runningVariance.values(), 1.0);
    }

    private BatchNormLayer(Parameter scale, Parameter shift, Parameter runningMean, Parameter runningVariance) {
        this.channels = scale.shape().size();
        this.scale = scale;
        this.shift = shift;
        this.runningMean = runningMean;
        this.runningVariance = runningVariance;
    }

    private static Shape vector(int channels) {
        if (channels < 1) {
            throw new IllegalArgumentException("BatchNormLayer: expected channels of at least 1, got " + channels
                    + ". Use as many as the layer before has filters.");
        }
        return Shape.vector(channels);
    }

    /** What the images were normalized by, per channel. The normalized images are worked out again on the way back. */
    static final class BatchNormBuffers extends Buffers {
        private final double[] mean;
        private final double[] variance;
        /** 1 by the deviation. */
        private final double[] inverse;

        private boolean observed;

        private BatchNormBuffers(int n, BatchNormLayer layer) {
            super(n, layer);
            mean = new double[layer.channels];
            variance = new double[layer.channels];
            inverse = new double[layer.channels];
        }
    }

    @Override
    BatchNormBuffers newBuffers(int n) {
        return new BatchNormBuffers(n, this);
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
    public void training(boolean now) {
        training = now;
    }

    @Override
    void forward(double[] images, BatchNormBuffers buffers) {
        buffers.observed = training;
        for (int channel = 0; channel < channels; channel++) {
            if (training) {
                observe(images, channel, buffers);
            } else {
                buffers.mean[channel] = runningMean.values()[channel];
                buffers.variance[channel] = runningVariance.values()[channel];
            }
            buffers.inverse[channel] = 1 / Math.sqrt(buffers.variance[channel] + EPSILON);
            apply(images, channel, buffers);
        }
    }

    private void observe(double[] images, int channel, BatchNormBuffers buffers) {
        double sum = 0;
        for (int image = 0; image < buffers.n; image++) {
            sum += PlaneSums.sum(images, plane(image, channel), cells);
        }
        double mean = sum / count(buffers);
        double squares = 0;
        for (int image = 0; image < buffers.n; image++) {
            squares += PlaneSums.squares(images, mean, plane(image, channel), cells);
        }
        buffers.mean[channel] = mean;
        buffers.variance[channel] = squares / count(buffers);
    }

    private void apply(double[] images, int channel, BatchNormBuffers buffers) {
        double mean = buffers.mean[channel];
        double inverse = buffers.inverse[channel];
        double factor = scale.values()[channel];
        double summand = shift.values()[channel];
        for (int image = 0; image < buffers.n; image++) {
            int from = plane(image, channel);
            for (int i = from; i < from + cells; i++) {
                buffers.output[i] = factor * ((images[i] - mean) * inverse) + summand;
            }
        }
    }

    /** Where a channel's plane of an image starts. */
    private int plane(int image, int channel) {
        return (image * channels + channel) * cells;
    }

    /** The values of a channel. */
    private double count(Buffers buffers) {
        return (double) buffers.n * cells;
    }

    @Override
    void backprop(double[] lossGradient, BatchNormBuffers buffers, double[] inputGradient) {
        for (int channel = 0; channel < channels; channel++) {
            double mean = buffers.mean[channel];
            double inverse = buffers.inverse[channel];
            double toScale = 0;
            double toShift = 0;
            for (int image = 0; image < buffers.n; image++) {
                int from = plane(image, channel);
                double scaleGradient = PlaneSums.products(lossGradient, buffers.images, mean, inverse, from, cells);
                double shiftGradient = PlaneSums.sum(lossGradient, from, cells);
                scale.gradient()[channel] += scaleGradient;
                shift.gradient()[channel] += shiftGradient;
                toScale += scaleGradient;
                toShift += shiftGradient;
            }
            if (buffers.observed) {
                addObserved(channel, buffers);
            } else { // the running statistics do not depend on the input
                toScale = 0;
                toShift = 0;
            }
            if (inputGradient != null) {
                double byVariance = toScale / count(buffers);
                double byMean = toShift / count(buffers);
                findInputGradient(lossGradient, buffers, channel, byVariance, byMean, inputGradient);
            }
        }
    }

    /** {@code byVariance} and {@code byMean} are what the input moves by way of variance and mean. */
    private void findInputGradient(
            double[] lossGradient,
            BatchNormBuffers buffers,
            int channel,
            double byVariance,
            double byMean,
            double[] inputGradient) {
        double mean = buffers.mean[channel];
        double inverse = buffers.inverse[channel];
        double factor = scale.values()[channel] * inverse;
        for (int image = 0; image < buffers.n; image++) {
            int from = plane(image, channel);
            for (int i = from; i < from + cells; i++) {
                double normalized = (buffers.images[i] - mean) * inverse;
                inputGradient[i] = factor * (lossGradient[i] - byMean - normalized * byVariance);
            }
        }
    }

    @Override
    public void backpropParameters(double[] lossGradient) {
        backprop(lossGradient, beginBackprop(lossGradient), null);
    }

    /** Adds what was observed, for each image once, to what moves the running statistics. */
    private void addObserved(int channel, BatchNormBuffers buffers) {
        double count = count(buffers);
        double unbiased = count > 1
                ? buffers.variance[channel] * (count / (count - 1))
                : runningVariance.values()[channel];
        runningMean.gradient()[channel] += buffers.n * buffers.mean[channel];
        runningVariance.gradient()[channel] += buffers.n * unbiased;
    }

    /** Scale, shift, running mean and running variance, each a vector of one value a channel. */
    @Override
    public List<Parameter> parameters() {
        return List.of(scale, shift, runningMean, runningVariance);
    }

    @Override
    public long multiplyAdds() {
        return output().size();
    }

    @Override
    public LayerDescription description() {
        return super.description().with("channels", channels).with("momentum", runningMean.momentum());
    }

    @Override
    BatchNormLayer unfittedReplica() {
        return new BatchNormLayer(scale.replica(), shift.replica(), runningMean.replica(), runningVariance.replica());
    }

    /** The form of the notebook's layers: {@code <BatchNormLayer: 8>}. */
    @Override
    public String toString() {
        double momentum = runningMean.momentum();
        return "<BatchNormLayer: " + channels + (momentum == MOMENTUM ? "" : ", momentum=" + momentum) + ">";
    }
}
