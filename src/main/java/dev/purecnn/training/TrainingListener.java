package dev.purecnn.training;

import dev.purecnn.evaluation.Evaluation;

/**
 * Is told how training goes, on the thread that trains, between batches: unless a method says otherwise, the network may be
 * asked for predictions meanwhile. Every method does nothing unless overridden.
 *
 * <pre>{@code
 * CNN.builder(input).layers(layers).listener(new TrainingListener() {
 *     public void epochEnded(EpochResult result) {
 *         losses.add(result.loss());
 *     }
 * }).build();
 * }</pre>
 */
public interface TrainingListener {

    /**
     * A network without a given seed has drawn one.
     *
     * @param seed what to pass to the builder for the same network again
     */
    default void seedDrawn(long seed) {}

    /**
     * A cycle of training begins.
     *
     * @param cycle its number, from 0
     * @param cycles how many there will be
     */
    default void trainingStarted(int cycle, int cycles) {}

    /**
     * A step on a batch of {@code train} has ended. It is called while the training goes on: the network cannot be asked for
     * anything.
     *
     * @param progress how far the epoch is; the same object each time
     */
    default void stepEnded(Progress progress) {}

    /**
     * An epoch has ended, and so has the validation that belongs to it.
     *
     * @param result how it went
     */
    default void epochEnded(EpochResult result) {}

    /**
     * A training ends before its time, by something thrown. It is called on the way out: the network cannot be asked for
     * anything.
     *
     * @param reason what is thrown
     */
    default void trainingCutShort(Throwable reason) {}

    /**
     * The test at the end of a cycle begins.
     *
     * @param cycle the cycle's number, from 0
     * @param cycles how many there will be
     */
    default void testStarted(int cycle, int cycles) {}

    /**
     * A test has ended; that of {@code test}, or at the end of a cycle, not the validation of an epoch.
     *
     * @param evaluation how the network did
     */
    default void tested(Evaluation evaluation) {}
}
