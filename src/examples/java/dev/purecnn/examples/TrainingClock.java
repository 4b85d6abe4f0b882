package dev.purecnn.examples;

import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.training.EpochResult;
import dev.purecnn.training.TrainingListener;

/** Counts images and seconds of training, and passes everything on to another listener. */
final class TrainingClock implements TrainingListener {
    private final TrainingListener next;
    private long images;
    private double seconds;

    TrainingClock(TrainingListener next) {
        this.next = next;
    }

    double imagesPerSecond() {
        return images / seconds;
    }

    @Override
    public void seedDrawn(long seed) {
        next.seedDrawn(seed);
    }

    @Override
    public void trainingStarted(int cycle, int cycles) {
        next.trainingStarted(cycle, cycles);
    }

    @Override
    public void epochEnded(EpochResult result) {
        images += result.training().numSamples();
        seconds += result.seconds();
        next.epochEnded(result);
    }

    @Override
    public void testStarted(int cycle, int cycles) {
        next.testStarted(cycle, cycles);
    }

    @Override
    public void tested(Evaluation evaluation) {
        next.tested(evaluation);
    }
}
