package dev.purecnn.internal.training;

import java.io.IOException;

/** Writes checkpoints. */
@FunctionalInterface
public interface CheckpointSink {

    /** Called on the training thread between two steps; an exception ends the training, with the network as it is. */
    void write(TrainingState state) throws IOException;
}
