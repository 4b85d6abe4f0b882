package dev.purecnn.layer;

/**
 * The two paddings of a convolution that have names.
 *
 * <pre>{@code
 * ConvolutionalLayer.builder(1, 8).filterSize(5).padding(Padding.VALID).build(); // 28 x 28 becomes 24 x 24
 * }</pre>
 */
public enum Padding {
    /** As many zeros around the image as keep its size with stride 1: {@code dilation * (filterSize - 1) / 2} a side. */
    SAME,
    /** No zeros: the filter stays within the image. */
    VALID
}
