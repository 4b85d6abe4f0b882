package dev.purecnn.internal.convolution;

/** A convolution of a {@link ConvolutionRun}, which gives its outputs to a {@link Tail}. */
abstract class Stage {
    final Tail tail;

    Stage(StageShape shape) {
        tail = new Tail(shape);
    }

    /** How many images it takes at once. */
    abstract int imagesAtOnce();

    /** Takes over the weights, and makes room for images in lanes. */
    abstract void begin(double[] weights, double[] biases, int images);

    /**
     * Takes images to the tail.
     *
     * @param images of the run; only the first stage looks at them
     * @param image number of the first
     */
    abstract void forward(double[] images, int image, int count);

    abstract void beginBackprop();

    /**
     * Takes images back from the tail. The input gradients are in lanes afterwards.
     *
     * @param inputToo whether they are wanted
     */
    abstract void backprop(
            double[] images, int image, int count, double[] weightGradient, double[] biasGradient, boolean inputToo);

    /** Copies the input gradients of the images last taken back. */
    abstract void takeInputGradient(double[] inputGradient, int image, int count);

    abstract void endBackprop(double[] weightGradient);
}
