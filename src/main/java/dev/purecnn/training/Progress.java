package dev.purecnn.training;

/**
 * How far the current epoch has come. All steps of a training share one object: its values are good until the listener that
 * receives it returns.
 *
 * <pre>{@code
 * public void stepEnded(Progress progress) { // of a TrainingListener
 *     if (progress.imagesDone() == progress.images()) {
 *         System.out.println("epoch " + progress.epoch() + ": " + progress.imagesPerSecond() + " images/s");
 *     }
 * }
 * }</pre>
 */
public interface Progress {

    /** {@return the current epoch's number within this training, from 0} */
    int epoch();

    /** {@return how many epochs there will be, at least 1} */
    int epochs();

    /** {@return how many images the epoch has, at least 1} */
    int images();

    /** {@return how many of them were trained on, from 1 to {@link #images}} */
    int imagesDone();

    /** {@return the mean loss of the images trained on, each before its update, in nats per image} */
    double loss();

    /** {@return the share of the images trained on that were classified correctly, each before its update, in [0, 1]} */
    double accuracy();

    /** {@return how many seconds the epoch has taken} */
    double seconds();

    /** {@return how many images are trained on per second} */
    default double imagesPerSecond() {
        return imagesDone() / seconds();
    }

    /** {@return how many seconds the rest of the epoch will take at this speed} */
    default double secondsLeft() {
        return (images() - imagesDone()) / imagesPerSecond();
    }
}
