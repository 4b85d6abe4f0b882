package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.evaluation.Tally;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.Shape;
import java.util.concurrent.ForkJoinPool;

/**
 * Asks borrowed replicas of a chain for probabilities. An image's answer does not depend on what comes with it. Whatever is
 * asked while the chain is being trained fails.
 */
public final class Predictor {
    private static final int CHUNK = 16; // images that a thread takes at a time

    private final Predictors predictors;
    private final Version version;
    private final int threads;
    private final Shape shape;
    private final int imageSize;
    private final int classes;

    public Predictor(LayerChain chain, int threads, Version version) {
        predictors = new Predictors(chain, version);
        this.version = version;
        this.threads = threads;
        shape = chain.shapes().get(0);
        imageSize = shape.size();
        classes = chain.shapes().get(chain.layers().size()).size();
    }

    public double[] predict(double[] image) {
        int before = version.read();
        LayerChain replica = predictors.borrow();
        double[] probabilities;
        try {
            probabilities = replica.forward(image).clone();
        } finally {
            predictors.giveBack(replica);
        }
        version.requireStill(before);
        return probabilities;
    }

    public int classify(double[] image) {
        int before = version.read();
        LayerChain replica = predictors.borrow();
        int label;
        try {
            label = Evaluation.mostProbable(replica.forward(image), 0, classes);
        } finally {
            predictors.giveBack(replica);
        }
        version.requireStill(before);
        return label;
    }

    public double[] predictAll(Dataset images) {
        double[] all = new double[Math.multiplyExact(images.size(), classes)];
        forEachChunk(images, workers(), (replica, from, count) -> {
            double[] probabilities = replica.forward(load(images, from, count));
            System.arraycopy(probabilities, 0, all, from * classes, probabilities.length);
        });
        return all;
    }

    Evaluation test(Dataset images) {
        return test(images, workers());
    }

    /** A workers for one call. The common pool has threads that are there already: a new one costs as much as many predictions. */
    private Workers workers() {
        return new Workers(threads, ForkJoinPool.commonPool());
    }

    /** Tests by that workers, which then goes home. */
    Evaluation test(Dataset images, Workers workers) {
        Tally tally = new Tally(images.size(), classes);
        forEachChunk(images, workers, (replica, from, count) -> {
            double[] probabilities = replica.forward(load(images, from, count));
            int[] labels = labels(images, from, count);
            double[] losses = replica.losses(labels);
            for (int i = 0; i < count; i++) {
                tally.note(from + i, labels[i], probabilities, i * classes, losses[i]);
            }
        });
        return tally.evaluation();
    }

    /** Waits for predictions that work on the very layers that are to be changed. Those that come later fail. */
    void awaitIdle() {
        predictors.awaitIdle();
    }

    private interface ChunkTask {
        /** Works on images {@code from} to {@code from + count - 1}. */
        void run(LayerChain replica, int from, int count);
    }

    private void forEachChunk(Dataset images, Workers many, ChunkTask task) {
        int before = version.read();
        int chunks = (images.size() + CHUNK - 1) / CHUNK;
        Workers workers = predictors.areMany() ? many : Workers.of(1);
        try {
            workers.forEach(chunks, (worker, chunk) -> {
                version.requireStill(before); // a training that has begun need not wait for the last chunk
                runChunk(images, chunk * CHUNK, task);
            });
        } finally {
            workers.dismiss();
        }
        version.requireStill(before);
    }

    private void runChunk(Dataset images, int from, ChunkTask task) {
        LayerChain replica = predictors.borrow();
        try {
            task.run(replica, from, Math.min(CHUNK, images.size() - from));
        } finally {
            predictors.giveBack(replica);
        }
    }

    private double[] load(Dataset images, int from, int count) {
        double[] chunk = new double[count * imageSize];
        for (int i = 0; i < count; i++) {
            images.copyImage(from + i, chunk, i * imageSize);
        }
        NetworkChecks.finite(shape, chunk, from);
        return chunk;
    }

    private static int[] labels(Dataset images, int from, int count) {
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = images.label(from + i);
        }
        return labels;
    }
}
