package dev.purecnn.internal.training;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the changes of a network: even when it is at rest, odd while it is being changed. Readers hinder nobody. */
public final class Version {
    /** A network at rest. */
    public Version() {}

    private final AtomicInteger number = new AtomicInteger();

    void beginChange() {
        int current = number.get();
        if (isOdd(current) || !number.compareAndSet(current, current + 1)) {
            throw new IllegalStateException("CNN: expected one training at a time, got a second one while the first is"
                    + " under way. Wait for it to end, or train another network.");
        }
        VarHandle.storeStoreFence(); // nobody sees a changed value before the number
    }

    void endChange() {
        number.incrementAndGet();
    }

    /** The number to compare with later. */
    public int read() {
        int current = number.get();
        if (isOdd(current)) {
            throw whileTraining();
        }
        return current;
    }

    public void requireStill(int before) {
        VarHandle.loadLoadFence(); // the number is read after all values
        if (number.get() != before) {
            throw whileTraining();
        }
    }

    private static IllegalStateException whileTraining() {
        return new IllegalStateException(
                "CNN: expected a network at rest, got a call while it was being trained. Wait for"
                        + " the training to end, or call from a listener.");
    }

    private static boolean isOdd(int number) {
        return (number & 1) == 1;
    }
}
