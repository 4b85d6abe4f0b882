package dev.purecnn.internal.convolution;

import java.util.List;

/**
 * Convolutions one after another, each with the normalization, the activation and the pooling that follow it, a few images at a time while
 * they are in the cache. Between stages, channels lie side by side; images and outputs of the run are planes. All values have the bits that
 * the layers give one by one.
 */
public final class ConvolutionRun {
    private final Room room = new Room();
    private final Stage[] stages;

    /** A run of these stages, each of which {@link #follows} the one before or {@link #starts} the run. */
    public ConvolutionRun(List<StageShape> shapes) {
        stages = new Stage[shapes.size()];
        for (int i = 0; i < stages.length; i++) {
            StageShape shape = shapes.get(i);
            if (follows(shape.convolution())) {
                WinogradStage stage = new WinogradStage(shape, room, i == 0);
                if (i > 0) {
                    stages[i - 1].tail.follow(stage);
                }
                stages[i] = stage;
            } else {
                stages[i] = new ShallowStage(shape, room);
            }
        }
        room.make();
    }

    /** Whether a run may begin with such a convolution, and goes on with another. */
    public static boolean starts(ConvolutionShape shape) {
        return ShallowStage.suits(shape);
    }

    /** Whether such a convolution may be anywhere in a run. */
    public static boolean follows(ConvolutionShape shape) {
        return shape.groups() == 1 && WinogradConvolution.suits(shape);
    }

    /**
     * Computes outputs.
     *
     * @param weights of each stage
     * @param biases of each stage, null for none
     * @param norms of each stage, null for none
     * @param keep whether {@link #backprop} is to follow; not with norms, which have no way back
     */
    public void forward(
            double[] images,
            int n,
            double[][] weights,
            double[][] biases,
            ChannelNorms[] norms,
            double[] outputs,
            boolean keep) {
        room.align();
        for (int i = 0; i < stages.length; i++) {
            stages[i].begin(weights[i], biases[i], keep ? n : 0);
            stages[i].tail.begin(n, keep, norms[i], outputs);
        }
        forward(stages.length - 1, images, 0, n, keep);
    }

    /** Images through the stages up to a number. */
    private void forward(int number, double[] images, int image, int n, boolean keep) {
        Stage stage = stages[number];
        for (int i = image; i < image + n; i += stage.imagesAtOnce()) {
            int count = Math.min(stage.imagesAtOnce(), image + n - i);
            if (number > 0) {
                ((WinogradStage) stage).cellsFrom = keep ? 0 : i;
                forward(number - 1, images, i, count, keep);
            }
            stage.forward(images, i, count);
        }
    }

    /**
     * Adds to all gradients of weights and biases, and computes that of the images, after a {@link #forward} that kept what it takes.
     *
     * @param outputs those of the forward pass
     * @param biasGradients null for a stage without biases
     * @param inputGradient overwritten, or null if it is not wanted
     */
    public void backprop(
            double[] images,
            int n,
            double[] outputs,
            double[] lossGradient,
            double[][] weightGradients,
            double[][] biasGradients,
            double[] inputGradient) {
        for (Stage stage : stages) {
            stage.beginBackprop();
            stage.tail.beginBackprop(outputs, lossGradient);
        }
        backprop(stages.length - 1, images, 0, n, weightGradients, biasGradients, inputGradient);
        for (int i = 0; i < stages.length; i++) {
            stages[i].endBackprop(weightGradients[i]);
        }
    }

    private void backprop(
            int number,
            double[] images,
            int image,
            int n,
            double[][] weightGradients,
            double[][] biasGradients,
            double[] inputGradient) {
        Stage stage = stages[number];
        for (int i = image; i < image + n; i += stage.imagesAtOnce()) {
            int count = Math.min(stage.imagesAtOnce(), image + n - i);
            boolean inputToo = number > 0 || inputGradient != null;
            stage.backprop(images, i, count, weightGradients[number], biasGradients[number], inputToo);
            if (number > 0) {
                backprop(number - 1, images, i, count, weightGradients, biasGradients, inputGradient);
            } else if (inputToo) {
                stage.takeInputGradient(inputGradient, i, count);
            }
        }
    }
}
