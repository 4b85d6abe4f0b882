package dev.purecnn.layer;

/**
 * Brings each group of channels of each image to mean 0 and variance 1, then each channel to a scale and shift that it learns: {@code
 * output = scale[c] * (input - mean[g]) / sqrt(variance[g] + epsilon) + shift[c]}. It needs no batch, and does the same in training
 * and prediction. One group per channel is instance norm, {@link #instance}.
 *
 * <p>Groups are of neighbouring channels, and of more than one value. Scales start at 1, shifts at 0.
 *
 * <pre>{@code
 * new LayerChain(new ConvolutionalLayer(1, 8, 3), new GroupNormLayer(8, 4), new ReLULayer());
 * new LayerChain(new ConvolutionalLayer(1, 8, 3), GroupNormLayer.instance(8), new ReLULayer());
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1803.08494">Wu and He 2018</a>
 * @see <a href="https://arxiv.org/abs/1607.08022">Ulyanov et al. 2016, on instance norm</a>
 */
public final class GroupNormLayer extends ImageNorm {

    /**
     * A normalization with epsilon 0.00001.
     *
     * @param channels planes of an image, or values of a vector
     * @param groups how many groups they make; divides the channels
     * @throws IllegalArgumentException if one of them is below 1, or the groups do not divide the channels
     */
    public GroupNormLayer(int channels, int groups) {
        this(channels, groups, usualEpsilon());
    }

    /**
     * A normalization.
     *
     * @param channels planes of an image, or values of a vector
     * @param groups how many groups they make; divides the channels
     * @param epsilon what is added to the variance before its root is taken; above 0
     * @throws IllegalArgumentException if a number is too small, or the groups do not divide the channels
     */
    public GroupNormLayer(int channels, int groups, double epsilon) {
        super(checkedChannels(channels, groups), groups, epsilon);
    }

    private GroupNormLayer(GroupNormLayer original) {
        super(original);
    }

    private static int checkedChannels(int channels, int groups) {
        if (channels < 1 || groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException("GroupNormLayer: expected groups that divide the channels, got " + groups
                    + " groups of " + channels + " channels. Use a divisor of the channels.");
        }
        return channels;
    }

    /**
     * Instance norm, with one group per channel and epsilon 0.00001.
     *
     * @param channels planes of an image
     * @return a new layer
     * @throws IllegalArgumentException if it is below 1
     */
    public static GroupNormLayer instance(int channels) {
        return new GroupNormLayer(channels, channels);
    }

    @Override
    Shape fit(Shape images) {
        if (images.channels() != channels) {
            throw new IllegalArgumentException(
                    "GroupNormLayer: expected " + channels + " channels, got " + images.channels() + " (" + images
                            + "). Build the layer with channels=" + images.channels() + ".");
        }
        return fit(images, images.height() * images.width());
    }

    @Override
    public LayerDescription description() {
        return super.description()
                .with("channels", channels)
                .with("groups", groups)
                .with("epsilon", epsilon);
    }

    @Override
    GroupNormLayer unfittedReplica() {
        return new GroupNormLayer(this);
    }

    /** The notebook's form, such as {@code <GroupNormLayer: 8, groups=4>}. */
    @Override
    public String toString() {
        return "<GroupNormLayer: " + channels + ", groups=" + groups
                + (epsilon == usualEpsilon() ? ">" : ", epsilon=" + epsilon + ">");
    }
}
