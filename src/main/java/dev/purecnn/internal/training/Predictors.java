package dev.purecnn.internal.training;

import dev.purecnn.layer.LayerChain;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Replicas of a chain that predict, lent to one thread at a time. Any number of threads may borrow at once without waiting
 * for one another; only a chain that cannot be replicated is lent under a lock.
 */
final class Predictors {
    private static final int PLACES = 64;

    private final LayerChain chain;
    private final Version version;
    private final AtomicReferenceArray<LayerChain> idle = new AtomicReferenceArray<>(PLACES);
    private final ReentrantLock lock;

    Predictors(LayerChain chain, Version version) {
        this.chain = chain;
        this.version = version;
        this.lock = hasReplica() ? null : new ReentrantLock();
    }

    private boolean hasReplica() {
        try {
            idle.set(0, chain.replica());
            return true;
        } catch (UnsupportedOperationException e) {
            return false; // a layer of the user's own, which works on one thread
        }
    }

    /** Whether several threads may predict at once. */
    boolean areMany() {
        return lock == null;
    }

    /** A chain for the caller alone, until given back. */
    LayerChain borrow() {
        if (lock != null) {
            lock.lock();
            try {
                version.read(); // a training that began while we waited has these layers for itself
            } catch (IllegalStateException e) {
                lock.unlock();
                throw e;
            }
            return chain;
        }
        for (int i = 0; i < PLACES; i++) {
            // looking first keeps threads from fighting for places that are empty anyway
            LayerChain replica = idle.getPlain(i) == null ? null : idle.getAndSet(i, null);
            if (replica != null) {
                return replica;
            }
        }
        return chain.replica();
    }

    /** Returns when no prediction is at work on the chain itself. */
    void awaitIdle() {
        if (lock != null) {
            lock.lock();
            lock.unlock();
        }
    }

    void giveBack(LayerChain borrowed) {
        if (lock != null) {
            lock.unlock();
            return;
        }
        for (int i = 0; i < PLACES; i++) {
            if (idle.getPlain(i) == null && idle.compareAndSet(i, null, borrowed)) {
                return;
            }
        }
    }
}
