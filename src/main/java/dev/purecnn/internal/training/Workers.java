package dev.purecnn.internal.training;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * The caller's thread and some workers share numbered pieces of work. Each takes a part of its own first, the same one at each call
 * with as many pieces, for what it worked on is in its cache; then pieces that others have left. So which of them does a piece is
 * random, and results must not depend on it.
 *
 * <p>Workers start when there is work and stop when there has been none for a while. No one waits for a worker that does not
 * start because the executor is busy. No call allocates while the workers run.
 *
 * <pre>{@code
 * double[] squares = new double[1000];
 * Workers workers = Workers.of(4);
 * workers.forEach(squares.length, (worker, piece) -> squares[piece] = (double) piece * piece);
 * workers.dismiss();
 * }</pre>
 */
public final class Workers {
    private static final int SPINS =
            20_000; // some 200 microseconds: longer than between two batches of a small network
    private static final long PATIENCE_NANOS = 200_000_000;
    private static final int APART = 32; // 128 bytes, so that no two share a line of the cache, or a pair of lines

    private final Worker[] workers;
    private final Executor executor;
    /** The next piece of each part. */
    private final AtomicIntegerArray next;

    private int parts;
    private Work work;
    private int pieces;
    private int failedPiece;
    private Throwable failure;
    private Throwable executorFailure;

    /** Numbered pieces of work. */
    @FunctionalInterface
    public interface Work {

        /**
         * Does one piece.
         *
         * @param worker who does it: 0 for the caller of {@link #forEach}, 1 and up for workers; no one does two at once
         * @param piece its number, from 0
         */
        void run(int worker, int piece);
    }

    /** How many may be at work at once, the caller included. */
    int size() {
        return workers.length + 1;
    }

    /**
     * Workers from the threads of an executor.
     *
     * @param threads how many work at most, the caller included; at least 1
     * @param executor where workers come from
     */
    public Workers(int threads, Executor executor) {
        this.executor = executor;
        next = new AtomicIntegerArray(threads * APART);
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1);
        }
    }

    /**
     * Workers that are new daemon threads.
     *
     * @param threads how many work at most, the caller included; at least 1
     * @return the workers; no thread has started
     */
    public static Workers of(int threads) {
        return new Workers(threads, new OwnThreads());
    }

    /** A new thread for each worker that is called while away. */
    private static final class OwnThreads implements Executor {
        private final List<Thread> threads = new ArrayList<>();

        @Override
        public void execute(Runnable worker) {
            threads.removeIf(thread -> !thread.isAlive());
            Thread thread = new Thread(worker, "purecnn-worker");
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }

        /** Waits until all have ended; an interrupt is kept for later. */
        void join() {
            boolean interrupted = false;
            while (!threads.isEmpty()) {
                try {
                    threads.get(0).join();
                    threads.remove(0);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Does pieces 0 to {@code count - 1} and returns when all are done. If some failed, the exception of the one with the
     * lowest number among those is thrown; pieces not yet begun are then left out. One caller at a time.
     *
     * @param count how many, at least 0
     * @param piece does one of them
     */
    public void forEach(int count, Work piece) {
        work = piece;
        pieces = count;
        failure = null;
        int called = Math.min(workers.length, count - 1);
        parts = called + 1;
        for (int part = 0; part < parts; part++) {
            next.set(part * APART, first(part));
        }
        for (int i = 0; i < called; i++) {
            workers[i].call();
        }
        share(0);
        for (int i = 0; i < called; i++) {
            workers[i].join();
        }
        if (failure != null) {
            Workers.<RuntimeException>rethrow(failure);
        }
    }

    /**
     * Throws the first Error that the executor threw, if any. {@link #forEach} does not: it finishes the work without that
     * worker, so that all pieces are done.
     */
    void rethrowExecutorFailure() {
        if (executorFailure != null) {
            Workers.<RuntimeException>rethrow(executorFailure);
        }
    }

    /** Throws it as it is. */
    @SuppressWarnings("unchecked") // erased: nothing is cast
    private static <T extends Throwable> void rethrow(Throwable failure) throws T {
        throw (T) failure;
    }

    /** Stops the workers, and waits for threads of our own to end. They start again when there is work. */
    public void dismiss() {
        for (Worker worker : workers) {
            worker.dismiss();
        }
        if (executor instanceof OwnThreads own) {
            own.join();
        }
    }

    private int first(int part) {
        return (int) ((long) pieces * part / parts);
    }

    private void share(int worker) {
        for (int i = 0; i < parts; i++) {
            int part = (worker + i) % parts;
            int end = first(part + 1);
            int piece;
            while ((piece = next.getAndIncrement(part * APART)) < end) {
                try {
                    work.run(worker, piece);
                } catch (Throwable e) { // also checked ones, which other languages throw without saying so
                    fail(piece, e);
                }
            }
        }
    }

    private synchronized void fail(int piece, Throwable e) {
        for (int part = 0; part < parts; part++) {
            next.set(part * APART, pieces);
        }
        if (failure == null || piece < failedPiece) {
            failure = e;
            failedPiece = piece;
        }
    }

    /** One worker, in one of five states; each change of state is made by one side only. */
    private final class Worker implements Runnable {
        private static final int AWAY = 0;
        private static final int WAITING = 1;
        private static final int CALLED = 2;
        private static final int WORKING = 3;
        private static final int DISMISSED = 4;

        private final int number;
        private final AtomicInteger state = new AtomicInteger(AWAY);
        private volatile Thread thread;
        private volatile Thread caller;
        private Thread calling;

        Worker(int number) {
            this.number = number;
        }

        void call() {
            if (state.compareAndSet(WAITING, CALLED) || state.compareAndSet(DISMISSED, CALLED)) {
                LockSupport.unpark(thread);
            } else if (state.compareAndSet(AWAY, CALLED)) {
                calling = Thread.currentThread();
                try {
                    executor.execute(this);
                } catch (Throwable e) { // the others do the work without this one
                    state.compareAndSet(CALLED, AWAY);
                    if (e instanceof Error
                            && !(e instanceof OutOfMemoryError)) { // an OutOfMemoryError means no more threads
                        executorFailure = executorFailure == null ? e : executorFailure;
                    }
                }
            }
        }

        /** Cancels a call that the worker has not taken, else waits until it is done. */
        void join() {
            if (state.compareAndSet(CALLED, WAITING)) {
                return;
            }
            caller = Thread.currentThread();
            for (int spins = 0; state.get() == WORKING; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(PATIENCE_NANOS);
                }
            }
            caller = null;
        }

        void dismiss() {
            if (state.compareAndSet(WAITING, DISMISSED)) {
                LockSupport.unpark(thread);
            }
        }

        @Override
        public void run() {
            if (Thread.currentThread() == calling) {
                state.compareAndSet(CALLED, AWAY); // an executor that lends no thread, but runs us on the caller's own
                return;
            }
            thread = Thread.currentThread();
            long waitingSince = System.nanoTime();
            int spins = 0;
            while (true) {
                int now = state.get();
                if (now == CALLED && state.compareAndSet(CALLED, WORKING)) {
                    share(number);
                    state.set(WAITING);
                    LockSupport.unpark(caller);
                    waitingSince = System.nanoTime();
                    spins = 0;
                } else if (now == DISMISSED && state.compareAndSet(DISMISSED, AWAY)) {
                    return;
                } else if (spins++ < SPINS) {
                    Thread.onSpinWait();
                } else if (System.nanoTime() - waitingSince < PATIENCE_NANOS) {
                    LockSupport.parkNanos(PATIENCE_NANOS);
                } else if (state.compareAndSet(WAITING, AWAY)) {
                    return;
                }
            }
        }
    }
}
