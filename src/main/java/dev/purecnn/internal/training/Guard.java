package dev.purecnn.internal.training;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets one thread train a network while others read it in its pauses. Reading is a sequence lock: the number is odd while
 * parameters change; readers compare it before and after, and block no one.
 *
 * <pre>{@code
 * int before = guard.read();
 * double[] copy = values.clone();
 * guard.requireUnchanged(before); // or the copy may be half old and half new
 * }</pre>
 */
public final class Guard {
    private final AtomicBoolean owned = new AtomicBoolean();
    private final AtomicInteger number = new AtomicInteger();
    /** Held while predicting with the trained layers themselves, as a network without replicas does. */
    private final ReentrantLock layers = new ReentrantLock();

    /** Begins a training. */
    void acquire() {
        if (!owned.compareAndSet(false, true)) {
            throw new IllegalStateException("CNN: expected one training at a time, got a second one while the first is"
                    + " under way. Wait for it to end, or train another network.");
        }
        beginChange();
    }

    /** Ends a training. */
    void release() {
        number.incrementAndGet();
        owned.set(false);
    }

    /** In a training: lets others read while this runs. */
    <T> T pause(Supplier<T> reading) {
        number.incrementAndGet();
        try {
            return reading.get();
        } finally {
            beginChange();
        }
    }

    void pause(Runnable reading) {
        pause(() -> {
            reading.run();
            return null;
        });
    }

    private void beginChange() {
        number.incrementAndGet();
        VarHandle.storeStoreFence(); // no thread sees a changed value before the number
        layers.lock(); // waits for a prediction under way; later ones are refused
        layers.unlock();
    }

    /** Begins to read; returns what to pass to {@link #requireUnchanged}. */
    public int read() {
        int current = number.get();
        if ((current & 1) == 1) {
            throw whileTraining();
        }
        return current;
    }

    /** Throws if parameters have changed since, or are changing. */
    public void requireUnchanged(int before) {
        VarHandle.loadLoadFence(); // the number is read after all values
        if (number.get() != before) {
            throw whileTraining();
        }
    }

    /** Waits until no other thread predicts with the layers themselves. */
    void lockLayers() {
        layers.lock();
        try {
            read(); // a training that began while we waited has the layers for itself
        } catch (IllegalStateException e) {
            layers.unlock();
            throw e;
        }
    }

    void unlockLayers() {
        layers.unlock();
    }

    private static IllegalStateException whileTraining() {
        return new IllegalStateException(
                "CNN: expected a network at rest, got a call while it was being trained. Wait for"
                        + " the training to end, or call from a listener.");
    }
}
