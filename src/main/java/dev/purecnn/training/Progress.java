package dev.purecnn.training;

import dev.purecnn.evaluation.Evaluation;

/**
 * How far an epoch under way has come. There is one object for all steps of a training: what it says holds until the listener
 * that it was given to returns.
 *
 * <pre>{@code
 * public void stepEnded(Progress progress) { // of a TrainingListener
 *     if (progress.imagesDone() == progress.images()) {
 *         System.out.println("epoch " + progress.epoch() + ": " + progress.imagesPerSecond() + " images/s");
 *     }
 * }
 * }</pre>
 */
public final class Progress {
    private final int epochs;
    private final TrainingState.Plan plan;
    private int epoch;
    private int batchesDone;
    private double lossSum;
    private int hits;
    private double seconds;
    private long start;

    Progress(int epochs, TrainingState.Plan plan) {
        this.epochs = epochs;
        this.plan = plan;
    }

    /** An epoch begins, or goes on after so much of it. */
    void begin(int number, TrainingState.Running before) {
        epoch = number;
        batchesDone = before.batchesDone();
        lossSum = before.lossSum();
        hits = before.hits();
        seconds = before.seconds();
        start = System.nanoTime() - (long) (seconds * 1e9);
    }

    /** A step on a batch is done. */
    void add(double[] losses, boolean[] correct, int numSamples) {
        for (int i = 0; i < numSamples; i++) {
            lossSum += losses[i];
            hits += correct[i] ? 1 : 0;
        }
        batchesDone++;
        seconds = (System.nanoTime() - start) * 1e-9;
    }

    TrainingState.Running running() {
        return new TrainingState.Running(batchesDone, lossSum, hits, seconds);
    }

    /** Loss and accuracy of a whole epoch. */
    Evaluation evaluation() {
        return new Evaluation(loss(), accuracy(), imagesDone());
    }

    int batchesDone() {
        return batchesDone;
    }

    /**
     * The epoch under way.
     *
     * @return its number within this training, from 0
     */
    public int epoch() {
        return epoch;
    }

    /**
     * How many epochs there will be.
     *
     * @return at least 1
     */
    public int epochs() {
        return epochs;
    }

    /**
     * How many images the epoch has.
     *
     * @return at least 1
     */
    public int images() {
        return plan.sampleSize();
    }

    /**
     * How many of them were trained on.
     *
     * @return from 1 to {@link #images}
     */
    public int imagesDone() {
        return (int) Math.min(plan.sampleSize(), (long) batchesDone * plan.batchSize());
    }

    /**
     * The mean loss of the images trained on, each before its update.
     *
     * @return in nats an image
     */
    public double loss() {
        return lossSum / imagesDone();
    }

    /**
     * How many of the images trained on were classified rightly, each before its update.
     *
     * @return a share, in [0, 1]
     */
    public double accuracy() {
        return (double) hits / imagesDone();
    }

    /**
     * How long the epoch has taken.
     *
     * @return seconds
     */
    public double seconds() {
        return seconds;
    }

    /**
     * How fast it goes.
     *
     * @return images trained on in a second
     */
    public double imagesPerSecond() {
        return imagesDone() / seconds;
    }

    /**
     * How long the rest of the epoch will take, if it goes on like this.
     *
     * @return seconds
     */
    public double secondsLeft() {
        return (images() - imagesDone()) / imagesPerSecond();
    }
}
