package dev.purecnn.layer;

/**
 * A way to do the arithmetic of a convolution, one group of one image at a time. It has the tables and working memory for that,
 * and remembers no images.
 */
interface ConvolutionMethod {

    /** Makes the method that suits a convolution best. The choice looks at its shape alone, so that all networks alike make it. */
    static ConvolutionMethod of(ConvolutionPlan plan) {
        return WinogradConvolution.suits(plan) ? new WinogradConvolution(plan) : new DirectConvolution(plan);
    }

    /** How long one group of an image is as {@link #forward} lays it out. */
    static int inputSize(ConvolutionPlan plan) {
        return WinogradConvolution.suits(plan) ? WinogradConvolution.inputSize(plan) : plan.inputSize;
    }

    /** Memory for so many groups of images as {@link #forward} lays them out. All zeros; the padding stays so. */
    double[] newInputs(int parts);

    /** Takes one group's weights, which start at {@code from}, for {@link #forward}. */
    void useForward(double[] weights, int from);

    /** Lays group {@code part} of the images out, and finds its outputs. */
    void forward(double[] images, int part, double[] laidOut, double[] biases, double[] outputs);

    /** Takes one group's weights, which start at {@code from}, for {@link #findInputGradient}. */
    void useBackward(double[] weights, int from);

    /** Begins to sum up the gradients of one group's parameters, whatever became of the sums before. */
    void begin();

    /** Adds what group {@code part} of the images gives. */
    void addGradients(
            double[] lossGradient, int part, double[] laidOut, double[] weightGradient, double[] biasGradient);

    /** Finds the input gradient for the loss gradient that {@link #addGradients} was given last. */
    void findInputGradient(int part, double[] inputGradient);

    /** Adds all that was summed up since {@link #begin} to the group's weight gradient, if it is not there yet. */
    void end(double[] weightGradient);
}
