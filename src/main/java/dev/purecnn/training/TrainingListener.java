package dev.purecnn.training;

import dev.purecnn.evaluation.Evaluation;

/**
 * Hears how training goes. Methods are called on the training thread, between batches, and may use the network for predictions
 * unless they say otherwise. By default they do nothing.
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
     * A network that was built without a seed has drawn one.
     *
     * @param seed pass it to the builder for the same network again
     */
    default void seedDrawn(long seed) {}

    /**
     * The training of a cycle of {@code trainTestCycle} begins.
     *
     * @param cycle its number, from 0
     * @param cycles how many there are
     */
    default void trainingStarted(int cycle, int cycles) {}

    /**
     * A step on a batch has ended. The network cannot be used meanwhile.
     *
     * @param progress how far the epoch is; the same object each time
     */
    default void stepEnded(Progress progress) {}

    /**
     * An epoch has ended, and so has its validation.
     *
     * @param result how it went
     */
    default void epochEnded(EpochResult result) {}

    /**
     * Training ends early because something was thrown. The network cannot be used meanwhile.
     *
     * @param reason what was thrown
     */
    default void trainingCutShort(Throwable reason) {}

    /**
     * The test at the end of a cycle begins.
     *
     * @param cycle its number, from 0
     * @param cycles how many there are
     */
    default void testStarted(int cycle, int cycles) {}

    /**
     * A test has ended: one of {@code test}, or the one of a cycle, but not the validation of an epoch.
     *
     * @param evaluation how the network did
     */
    default void tested(Evaluation evaluation) {}
}
