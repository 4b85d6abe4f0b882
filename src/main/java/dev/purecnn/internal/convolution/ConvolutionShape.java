package dev.purecnn.internal.convolution;

/**
 * The sizes of a convolution. Channels and filters are cut into equal groups, each a convolution of its own: the filters of
 * group {@code g} see the channels of group {@code g} only.
 *
 * @param channels planes of an image
 * @param filters planes of an output
 * @param groups divides both
 * @param rows the convolution along columns: which input row meets which row of a filter
 * @param cols the same across
 */
public record ConvolutionShape(int channels, int filters, int groups, Axis rows, Axis cols) {

    /**
     * Checks that arrays can hold everything that a convolution needs per image, without making any of it.
     *
     * @throws ArithmeticException if a size is more than an int holds
     */
    public void checkSizes() {
        DirectLayout layout = new DirectLayout(this);
        Math.multiplyExact(groups, Math.max(layout.inputSize, groupFilters() * outputPlane()));
    }

    int groupChannels() {
        return channels / groups;
    }

    int groupFilters() {
        return filters / groups;
    }

    int inputPlane() {
        return rows.input() * cols.input();
    }

    int outputPlane() {
        return rows.output() * cols.output();
    }

    /** Weights of one filter for one channel. */
    int taps() {
        return rows.filterSize() * cols.filterSize();
    }

    /** Weights of all filters of one group. */
    int groupWeights() {
        return groupFilters() * groupChannels() * taps();
    }
}
