package dev.purecnn.training;

import dev.purecnn.evaluation.Evaluation;

/**
 * How one epoch went.
 *
 * <pre>{@code
 * listener.epochEnded(result); // result.loss() is what the network did before each update, as in the notebook
 * }</pre>
 *
 * @param epoch its number within this training, from 0
 * @param epochs how many there will be
 * @param training loss and accuracy on the images trained on, each seen before the update that it took part in
 * @param validation how the network did on the validation images at the epoch's end; null without such images
 * @param learningRate the rate of its first update, and of all unless the schedule changes it within an epoch
 * @param seconds how long it took, without the validation
 */
public record EpochResult(
        int epoch, int epochs, Evaluation training, Evaluation validation, double learningRate, double seconds) {

    /**
     * The mean loss.
     *
     * @return in nats an image
     */
    public double loss() {
        return training.loss();
    }

    /**
     * The share of images classified rightly.
     *
     * @return in [0, 1]
     */
    public double accuracy() {
        return training.accuracy();
    }

    /**
     * How fast it went.
     *
     * @return images trained on in a second
     */
    public double imagesPerSecond() {
        return training.numSamples() / seconds;
    }
}
