package dev.purecnn.internal.file;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/**
 * Lets a thread that is interrupted finish what it does with a file. A channel closes when its thread is interrupted, before or
 * meanwhile, and a training that is stopped in that way is just the one that needs its checkpoint.
 */
public final class Uninterrupted {
    private Uninterrupted() {}

    /** Something with files that may be done again from the start. */
    public interface Action {
        void run() throws IOException;
    }

    /** Does it, again if need be; the thread is as interrupted afterwards as it was. */
    public static void run(Action action) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                interrupted |= Thread.interrupted();
                try {
                    action.run();
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted = true; // and once more
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
