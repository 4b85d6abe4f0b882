package dev.purecnn;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.layer.LayerChain;
import java.util.stream.IntStream;

/** Asks borrowed replicas of a chain for probabilities. An image's answer does not depend on what comes with it. */
final class Predictor {
    private static final int CHUNK = 16; // images that a thread takes at a time

    private final Predictors predictors;
    private final boolean parallel;
    private final int imageSize;
    private final int classes;

    Predictor(LayerChain chain, int threads) {
        predictors = new Predictors(chain);
        parallel = threads > 1 && predictors.areMany();
        imageSize = chain.shapes().get(0).size();
        classes = chain.shapes().get(chain.layers().size()).size();
    }

    double[] predict(double[] image) {
        LayerChain replica = predictors.borrow();
        try {
            return replica.forward(image).clone();
        } finally {
            predictors.giveBack(replica);
        }
    }

    int classify(double[] image) {
        LayerChain replica = predictors.borrow();
        try {
            return Evaluation.mostProbable(replica.forward(image), 0, classes);
        } finally {
            predictors.giveBack(replica);
        }
    }

    double[] predictAll(Dataset images) {
        double[] all = new double[Math.multiplyExact(images.size(), classes)];
        forEachChunk(images, (replica, from, labels) -> {
            double[] probabilities = replica.forward(load(images, from, labels));
            System.arraycopy(probabilities, 0, all, from * classes, probabilities.length);
        });
        return all;
    }

    Evaluation test(Dataset images) {
        double[] losses = new double[images.size()];
        boolean[] correct = new boolean[images.size()];
        forEachChunk(images, (replica, from, labels) -> {
            double[] probabilities = replica.forward(load(images, from, labels));
            System.arraycopy(replica.losses(labels), 0, losses, from, labels.length);
            for (int i = 0; i < labels.length; i++) {
                correct[from + i] = Evaluation.mostProbable(probabilities, i * classes, classes) == labels[i];
            }
        });
        return Evaluation.of(losses, correct, images.size());
    }

    private interface ChunkTask {
        /** Works on images {@code from} to {@code from + labels.length - 1}. */
        void run(LayerChain replica, int from, int[] labels);
    }

    private void forEachChunk(Dataset images, ChunkTask task) {
        int chunks = (images.size() + CHUNK - 1) / CHUNK;
        IntStream numbers = IntStream.range(0, chunks);
        (parallel ? numbers.parallel() : numbers).forEach(chunk -> {
            int from = chunk * CHUNK;
            LayerChain replica = predictors.borrow();
            try {
                task.run(replica, from, new int[Math.min(CHUNK, images.size() - from)]);
            } finally {
                predictors.giveBack(replica);
            }
        });
    }

    private double[] load(Dataset images, int from, int[] labels) {
        double[] chunk = new double[labels.length * imageSize];
        for (int i = 0; i < labels.length; i++) {
            images.copyImage(from + i, chunk, i * imageSize);
            labels[i] = images.label(from + i);
        }
        return chunk;
    }
}
