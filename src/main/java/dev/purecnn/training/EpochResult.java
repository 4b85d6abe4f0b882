package dev.purecnn.training;

import dev.purecnn.evaluation.Evaluation;

/**
 * How one epoch went.
 *
 * <pre>{@code
 * listener.epochEnded(result); // result.loss() averages the losses before each update, as in the notebook
 * }</pre>
 *
 * @param epoch its number within this training, from 0
 * @param epochs how many the training has
 * @param training loss and accuracy on the training images, each before its update
 * @param validation how the network did on the validation images at the end of the epoch; null without such images
 * @param learningRate the rate of its first update, and of all others unless the schedule changes it within an epoch
 * @param seconds how long it took, without validation
 */
public record EpochResult(
        int epoch, int epochs, Evaluation training, Evaluation validation, double learningRate, double seconds) {

    /** {@return the mean loss, in nats per image} */
    public double loss() {
        return training.loss();
    }

    /** {@return the share of images classified correctly, in [0, 1]} */
    public double accuracy() {
        return training.accuracy();
    }

    /** {@return how many images were trained on per second} */
    public double imagesPerSecond() {
        return training.numSamples() / seconds;
    }
}
