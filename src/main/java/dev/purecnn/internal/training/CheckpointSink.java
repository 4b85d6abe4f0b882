package dev.purecnn.internal.training;

import java.io.IOException;

/**
 * Takes down where a training stands, so that it can go on from there later.
 *
 * <pre>{@code
 * CheckpointSink checkpoints = state -> writeTo(folder, state);
 * }</pre>
 */
@FunctionalInterface
public interface CheckpointSink {

    /**
     * Writes a checkpoint. It is called on the thread that trains, between two steps: nothing changes meanwhile, but the
     * network counts as one in training.
     *
     * @param state where the training stands
     * @throws IOException if it cannot be written; training then ends, with the network as it is
     */
    void write(TrainingState state) throws IOException;
}
