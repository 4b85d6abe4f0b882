package dev.purecnn.internal.convolution;

/**
 * The arithmetic of one convolution, both ways, on whole batches. Arrays are those of a {@code ConvolutionalLayer}: images and outputs
 * back to back, weights in the order filter, channel, row, column. A convolution remembers nothing of the images between two calls,
 * and an image's result does not depend on what else is in its batch.
 */
public interface Convolution {

    /**
     * Makes the fastest convolution for a shape. The shape alone decides, so that equal networks give equal bits everywhere.
     *
     * @param shape the sizes of images, filters and outputs
     * @return a new convolution
     */
    static Convolution of(ConvolutionShape shape) {
        if (WinogradConvolution.suits(shape)) {
            return new WinogradConvolution(shape);
        }
        return DepthwiseConvolution.suits(shape) ? new DepthwiseConvolution(shape) : new DirectConvolution(shape);
    }

    /**
     * Computes outputs.
     *
     * @param images {@code n} of them
     * @param n the number of images
     * @param weights of all filters
     * @param biases one per filter, or null for none
     * @param outputs overwritten
     */
    void forward(double[] images, int n, double[] weights, double[] biases, double[] outputs);

    /**
     * Adds to the gradients of weights and biases, and computes that of the images. A null gradient is not computed.
     *
     * @param images those of {@link #forward}
     * @param n the number of images
     * @param lossGradient dLoss/dOutput
     * @param weights of all filters
     * @param weightGradient added to, or null
     * @param biasGradient added to, or null
     * @param inputGradient dLoss/dInput; overwritten, or null
     */
    void backprop(
            double[] images,
            int n,
            double[] lossGradient,
            double[] weights,
            double[] weightGradient,
            double[] biasGradient,
            double[] inputGradient);
}
