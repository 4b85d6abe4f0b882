package dev.purecnn.internal.training;

import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.training.TrainingListener;
import java.util.Objects;
import java.util.function.Function;

/**
 * What the training loop has from the network that it trains.
 *
 * <pre>{@code
 * var host = new TrainingHost(listener, () -> evaluate(chain, validation), state -> save(state));
 * trainer.train(images, options, schedule, TrainingState.fresh(options, images.size()), host);
 * }</pre>
 *
 * @param listener told how training goes
 * @param validation tests the network, at the end of each epoch, by the workers that trains it; null for no validation
 * @param checkpoints takes down where the training stands; null for no checkpoints
 */
public record TrainingHost(
        TrainingListener listener, Function<Workers, Evaluation> validation, CheckpointSink checkpoints) {

    /**
     * Checks that there is a listener.
     *
     * @param listener told how training goes
     * @param validation tests the network, at the end of each epoch, by the workers that trains it; null for no validation
     * @param checkpoints takes down where the training stands; null for no checkpoints
     */
    public TrainingHost {
        Objects.requireNonNull(listener, "listener");
    }
}
