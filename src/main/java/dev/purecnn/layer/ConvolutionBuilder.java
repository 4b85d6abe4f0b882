package dev.purecnn.layer;

import java.util.Objects;

/**
 * Gathers the options of a {@link ConvolutionalLayer}. Without any: 3 x 3, stride 1, 'same' padding, no dilation, one
 * group, no momentum.
 *
 * <pre>{@code
 * ConvolutionalLayer layer = ConvolutionalLayer.builder(3, 8).filterSize(5, 3).stride(2).padding(1).build();
 * }</pre>
 */
public final class ConvolutionBuilder {
    private final int channels;
    private final int filters;
    private int filterHeight = 3;
    private int filterWidth = 3;
    private int stride = 1;
    private int dilation = 1;
    private int padding = ConvolutionOptions.SAME;
    private int groups = 1;
    private double momentum;

    ConvolutionBuilder(int channels, int filters) {
        this.channels = channels;
        this.filters = filters;
    }

    /**
     * A square filter.
     *
     * @param cells its edge, in cells
     * @return this builder
     */
    public ConvolutionBuilder filterSize(int cells) {
        return filterSize(cells, cells);
    }

    /**
     * A filter of any size.
     *
     * @param height its rows
     * @param width its columns
     * @return this builder
     */
    public ConvolutionBuilder filterSize(int height, int width) {
        filterHeight = height;
        filterWidth = width;
        return this;
    }

    /**
     * The step of the filter, down and across.
     *
     * @param cells the step, in cells
     * @return this builder
     */
    public ConvolutionBuilder stride(int cells) {
        stride = cells;
        return this;
    }

    /**
     * Zeros around the image.
     *
     * @param cells how many on each side
     * @return this builder
     * @throws IllegalArgumentException if it is below 0
     */
    public ConvolutionBuilder padding(int cells) {
        if (cells < 0) {
            throw new IllegalArgumentException(
                    "ConvolutionalLayer: expected a padding of at least 0, got " + cells + ". Use 0 for none.");
        }
        padding = cells;
        return this;
    }

    /**
     * Zeros around the image, by name.
     *
     * @param named 'same' or 'valid'
     * @return this builder
     */
    public ConvolutionBuilder padding(Padding named) {
        padding = Objects.requireNonNull(named, "padding") == Padding.SAME ? ConvolutionOptions.SAME : 0;
        return this;
    }

    /**
     * The distance between the input cells that neighbouring taps of the filter meet (Yu and Koltun 2016, arXiv
     * 1511.07122).
     *
     * @param cells 1 for a filter without holes
     * @return this builder
     */
    public ConvolutionBuilder dilation(int cells) {
        dilation = cells;
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
    public ConvolutionBuilder groups(int count) {
        groups = count;
        return this;
    }

    /**
     * The share of its last step that plain gradient descent keeps: {@code velocity = momentum * velocity + gradient}.
     *
     * @param share in [0, 1)
     * @return this builder
     */
    public ConvolutionBuilder momentum(double share) {
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
        return new ConvolutionalLayer(new ConvolutionOptions(
                channels, filters, filterHeight, filterWidth, stride, dilation, padding, groups, momentum));
    }
}
