package dev.purecnn.internal.training;

import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.training.Progress;

/** The progress of the current epoch: one object for all steps of a training. */
final class EpochProgress implements Progress {
    private static final double SMALL = 0x1p-64;

    private final int epochs;
    private final TrainingState.Plan plan;
    private int epoch;
    private int batchesDone;
    private double lossSum;
    /** The same divided by 2^64: the sum of finite losses may be infinite where their mean is not. */
    private double smallLossSum;

    private int hits;
    private double seconds;
    private long start;

    EpochProgress(int epochs, TrainingState.Plan plan) {
        this.epochs = epochs;
        this.plan = plan;
    }

    /** An epoch begins, or continues from there. */
    void begin(int number, TrainingState.Running before) {
        epoch = number;
        batchesDone = before.batchesDone();
        lossSum = before.lossSum();
        smallLossSum = lossSum * SMALL;
        hits = before.hits();
        seconds = before.seconds();
        start = System.nanoTime() - (long) (seconds * 1e9);
    }

    /** A step on a batch is done. */
    void add(double[] losses, boolean[] correct, int numSamples) {
        for (int i = 0; i < numSamples; i++) {
            lossSum += losses[i];
            smallLossSum += losses[i] * SMALL;
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

    @Override
    public int epoch() {
        return epoch;
    }

    @Override
    public int epochs() {
        return epochs;
    }

    @Override
    public int images() {
        return plan.sampleSize();
    }

    @Override
    public int imagesDone() {
        return (int) Math.min(plan.sampleSize(), (long) batchesDone * plan.batchSize());
    }

    @Override
    public double loss() {
        return Double.isInfinite(lossSum) ? smallLossSum / imagesDone() / SMALL : lossSum / imagesDone();
    }

    @Override
    public double accuracy() {
        return (double) hits / imagesDone();
    }

    @Override
    public double seconds() {
        return seconds;
    }
}
