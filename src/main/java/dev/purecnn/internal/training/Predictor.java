package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.evaluation.Tally;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Predicts, with replicas of a chain that are lent to one thread at a time. Any number of threads may predict at once without
 * waiting for one another, unless the chain has no replicas. An image's result does not depend on what comes with it.
 */
public final class Predictor {
    private static final int LARGEST_CHUNK = 16; // images that a thread takes at a time; more gain nothing
    /** More are read from memory for each chunk, so that twice as many images pay, if there are as many for each thread. */
    private static final int CACHED_WEIGHTS = 1 << 17;

    private static final long CHUNK_BYTES = 32L << 20; // of layer outputs, per thread

    private final LayerChain chain;
    private final Guard guard;
    private final int threads;
    private final boolean replicable;
    /** Idle replicas, at most one per processor: any more that a burst of calls made are let go. */
    private final AtomicReferenceArray<Loan> idle;
    /** The chain itself, for a network without replicas. */
    private final Loan own;

    private final Shape shape;
    private final int imageSize;
    private final int classes;
    private final int chunkSize;
    private final int largestChunk;

    /** What is lent to one thread at a time: a chain, and room for the images that it works on. */
    private static final class Loan {
        private final LayerChain chain;
        private double[] whole = {};
        /** For a call's last images, which are often fewer. */
        private double[] rest = {};

        private Loan(LayerChain chain) {
            this.chain = chain;
        }

        /** Room for that many values of a whole chunk or of the rest; it may hold other images still. */
        private double[] room(int length, boolean isWhole) {
            if (isWhole) {
                whole = whole.length == length ? whole : new double[length];
                return whole;
            }
            rest = rest.length == length ? rest : new double[length];
            return rest;
        }
    }

    /** For a connected chain. */
    public Predictor(LayerChain chain, int threads, Guard guard) {
        this.chain = chain;
        this.guard = guard;
        this.threads = threads;
        LayerChain first = Shards.replicaOrNull(chain);
        replicable = first != null;
        idle = new AtomicReferenceArray<>(Runtime.getRuntime().availableProcessors());
        own = new Loan(chain);
        if (replicable) {
            idle.setPlain(0, new Loan(first));
        }
        shape = chain.shapes().get(0);
        imageSize = shape.size();
        classes = chain.shapes().get(chain.layers().size()).size();
        chunkSize = (int) Math.max(1, Math.min(LARGEST_CHUNK, CHUNK_BYTES / Memory.ofPrediction(chain)));
        largestChunk = weights(chain) > CACHED_WEIGHTS ? 2 * chunkSize : chunkSize;
    }

    private static long weights(LayerChain chain) {
        long count = 0;
        for (Parameter parameter : chain.parameters()) {
            count += parameter.values().length;
        }
        return count;
    }

    /** The probabilities of one image. */
    public double[] predict(double[] image) {
        double[] probabilities = forward(image);
        requireNumbers(probabilities);
        return probabilities;
    }

    /** What comes out of the chain for one image; a new array. */
    double[] forward(double[] image) {
        int before = guard.read();
        Loan loan = borrow();
        double[] output;
        try {
            output = loan.chain.forward(image).clone();
        } finally {
            giveBack(loan);
        }
        guard.requireUnchanged(before);
        return output;
    }

    /** The most probable class of one image. */
    public int classify(double[] image) {
        int before = guard.read();
        Loan loan = borrow();
        int label;
        try {
            double[] probabilities = loan.chain.forward(image);
            label = firstWithoutNumbers(probabilities) < 0 ? Evaluation.mostProbable(probabilities, 0, classes) : -1;
        } finally {
            giveBack(loan);
        }
        guard.requireUnchanged(before);
        if (label < 0) {
            throw withoutNumbers(0);
        }
        return label;
    }

    /** The probabilities of images that stand back to back. */
    public double[] predictAll(double[] images) {
        ArrayBatch batch = new ArrayBatch(shape, classes);
        batch.set(images, new int[NetworkChecks.count(shape, images)]);
        return predictAll(batch);
    }

    /** The probabilities of all images, back to back. */
    public double[] predictAll(Dataset images) {
        double[] all = new double[Math.multiplyExact(images.size(), classes)];
        forEachChunk(images, workers(), null, (replica, from, chunk) -> {
            double[] probabilities = replica.forward(chunk);
            System.arraycopy(probabilities, 0, all, from * classes, probabilities.length);
        });
        requireNumbers(all);
        return all;
    }

    private void requireNumbers(double[] probabilities) {
        int image = firstWithoutNumbers(probabilities);
        if (image >= 0) {
            throw withoutNumbers(image);
        }
    }

    /** The first image with a probability that is NaN; -1 if all are numbers. */
    private int firstWithoutNumbers(double[] probabilities) {
        for (int i = 0; i < probabilities.length; i++) {
            if (!(probabilities[i] >= 0)) {
                return i / classes;
            }
        }
        return -1;
    }

    private static ArithmeticException withoutNumbers(int image) {
        return new ArithmeticException("CNN: expected probabilities, got NaN for image " + image
                + ". Look for NaN and infinities in parameters(), and scale the values of images to about 1.");
    }

    /** Tests on all threads. */
    public Evaluation test(Dataset images) {
        return test(images, workers(), null);
    }

    /** Workers for one call. The common pool has threads already: a new one costs as much as many predictions. */
    private Workers workers() {
        return new Workers(threads, ForkJoinPool.commonPool());
    }

    /** Tests by these workers, then dismisses them; throws a CancellationException if that thread is interrupted, or none if null. */
    Evaluation test(Dataset images, Workers workers, Thread interruptible) {
        Tally tally = Evaluation.tally(images.size(), classes);
        forEachChunk(images, workers, interruptible, (replica, from, chunk) -> {
            double[] probabilities = replica.forward(chunk);
            int[] labels = new int[chunk.length / imageSize];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = images.label(from + i);
            }
            double[] losses = replica.losses(labels);
            for (int i = 0; i < labels.length; i++) {
                tally.note(from + i, labels[i], probabilities, i * classes, losses[i]);
            }
        });
        return tally.evaluation();
    }

    private interface ChunkTask {
        /** Works on a chunk of images, whose first has that number. */
        void run(LayerChain replica, int from, double[] chunk);
    }

    private void forEachChunk(Dataset images, Workers many, Thread interruptible, ChunkTask task) {
        int before = guard.read();
        Workers workers = replicable ? many : Workers.of(1);
        int share = (images.size() + workers.size() - 1) / workers.size();
        int size = Math.min(largestChunk, Math.max(chunkSize, share));
        int chunks = (images.size() + size - 1) / size;
        try {
            workers.forEach(chunks, (worker, number) -> {
                guard.requireUnchanged(before); // a training that has begun need not wait for the last chunk
                int from = number * size;
                Loan loan = borrow();
                try {
                    task.run(loan.chain, from, load(images, from, size, loan, interruptible));
                } finally {
                    giveBack(loan);
                }
            });
        } catch (OutOfMemoryError e) {
            throw Memory.exhausted(e, chain, Math.min(images.size(), size), Math.min(chunks, workers.size()));
        } finally {
            workers.dismiss();
        }
        guard.requireUnchanged(before);
    }

    private double[] load(Dataset images, int from, int size, Loan loan, Thread interruptible) {
        int count = Math.min(size, images.size() - from);
        double[] chunk = loan.room(count * imageSize, count == size);
        for (int i = 0; i < count; i++) {
            if (interruptible != null && interruptible.isInterrupted()) {
                throw new CancellationException("CNN: a test was interrupted.");
            }
            images.copyImage(from + i, chunk, i * imageSize);
        }
        NetworkChecks.finite(shape, chunk, from);
        return chunk;
    }

    /** For the caller alone, until given back. */
    private Loan borrow() {
        if (!replicable) {
            guard.lockLayers();
            return own;
        }
        for (int i = 0; i < idle.length(); i++) {
            // looking first keeps threads from fighting for places that are empty anyway
            Loan loan = idle.getPlain(i) == null ? null : idle.getAndSet(i, null);
            if (loan != null) {
                return loan;
            }
        }
        return new Loan(chain.replica());
    }

    private void giveBack(Loan loan) {
        if (!replicable) {
            guard.unlockLayers();
            return;
        }
        for (int i = 0; i < idle.length(); i++) {
            if (idle.getPlain(i) == null && idle.compareAndSet(i, null, loan)) {
                return;
            }
        }
    }
}
