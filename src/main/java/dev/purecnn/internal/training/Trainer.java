package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.internal.text.ClassNames;
import dev.purecnn.layer.CrossEntropy;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.training.History;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/** What a network keeps from one training to the next, and the ways to train it. */
public final class Trainer {
    final LayerChain chain;
    final long seed;
    final TrainingListener listener;
    final Schedule ownSchedule;
    final Optimizer ownOptimizer;
    final Guard guard = new Guard();
    final Predictor predictor;
    final Step step;
    /** The layers that are trained: all but the frozen ones at the front. */
    private final LayerChain trained;
    /** Predicts by the frozen layers alone; null if there are none. */
    private final Predictor front;
    /** Predicts by the trained layers, from features. */
    private final Predictor tail;

    private final NetworkChecks checks;
    private final Workers ownWorkers;
    private final ArrayBatch batch;
    private int epochsTrained;
    /** Where a training was cut short; null if none was. */
    private TrainingState cutShort;

    private long cutShortAt;

    /**
     * For a connected chain with an output layer at its end.
     *
     * @param frozen how many layers at the front are not trained
     * @param checks what images have to be like
     * @param seed what the order of images is drawn from
     * @param threads how many work on a single step, or a prediction
     * @param schedule used unless the options name one, as is the optimizer
     * @param listener notified of all trainings
     */
    public Trainer(
            LayerChain chain,
            int frozen,
            NetworkChecks checks,
            long seed,
            int threads,
            Schedule schedule,
            Optimizer optimizer,
            TrainingListener listener) {
        this.chain = chain;
        this.checks = checks;
        this.seed = seed;
        this.listener = listener;
        ownSchedule = schedule;
        ownOptimizer = optimizer;
        ownWorkers = Workers.of(threads);
        predictor = new Predictor(chain, threads, guard);
        trained = frozen == 0 ? chain : chain.part(frozen, chain.layers().size());
        front = frozen == 0 ? null : new Predictor(chain.part(0, frozen), threads, new Guard());
        tail = frozen == 0 ? predictor : new Predictor(trained, threads, guard);
        step = new Step(trained);
        batch = new ArrayBatch(checks.input(), checks.classes());
    }

    public Guard guard() {
        return guard;
    }

    public Predictor predictor() {
        return predictor;
    }

    /** How many threads work on a single step. */
    public int threads() {
        return ownWorkers.size();
    }

    /** Used unless the options name one. */
    public Optimizer optimizer() {
        return ownOptimizer;
    }

    /** Over the network's life. */
    public int epochsTrained() {
        return epochsTrained;
    }

    /** Over the network's life. */
    public long stepsTrained() {
        return step.done();
    }

    /** Continues after that much training. */
    public void setTrained(int epochs, long steps) {
        epochsTrained = epochs;
        step.setDone(steps);
    }

    void epochEnded() {
        epochsTrained++;
    }

    /** Frozen parameters have an empty state. */
    public OptimizerState optimizerState() {
        OptimizerState state = step.updates.state();
        List<Map<String, double[]>> arrays = new ArrayList<>(Collections.nCopies(frozenParameters(), Map.of()));
        arrays.addAll(state.arrays());
        return new OptimizerState(state.optimizer(), state.steps(), arrays);
    }

    /** An optimizer equal to the one whose state this is will continue from it. */
    public void restore(OptimizerState state) {
        step.updates.restore(state.from(frozenParameters()));
    }

    private int frozenParameters() {
        return chain.parameters().size() - trained.parameters().size();
    }

    /** Images as the trained layers see them; null for null. */
    Dataset features(Dataset images) {
        return front == null || images == null
                ? images
                : new Features(images, front, trained.shapes().get(0));
    }

    /** Tests by the trained layers, from features. */
    Evaluation test(Dataset features, Workers workers, Thread interruptible) {
        return tail.test(features, workers, interruptible);
    }

    /** A training was cut short there, at the current counts of steps and epochs; {@link #resume} continues it. */
    public void cutShortAt(TrainingState state) {
        cutShort = state;
        cutShortAt = stepsTrained();
    }

    /** Where a training was cut short. */
    TrainingState cutShort() {
        if (cutShort == null || cutShortAt != stepsTrained()) {
            throw new IllegalStateException("CNN: expected a training that was cut short, got "
                    + (cutShort == null ? "none" : "one that was followed by other steps")
                    + ". Load a checkpoint first, or call train.");
        }
        return cutShort;
    }

    /** As {@code CNN.trainTestCycle}. */
    public Evaluation cycle(int epochs, int cycles, Dataset train, Dataset test, int sampleSize) {
        if (epochs < 1 || cycles < 1) {
            throw new IllegalArgumentException("CNN: expected at least 1 epoch and 1 cycle, got " + epochs
                    + " epochs and " + cycles + " cycles. Use positive numbers.");
        }
        checks.labelled(train);
        check(train, Objects.requireNonNull(test, "dataset"), sampleSize, 1);
        TrainingOptions options = TrainingOptions.builder()
                .epochs(epochs)
                .batchSize(1)
                .sampleSize(sampleSize)
                .threads(1)
                .build();
        guard.acquire();
        try {
            Evaluation last = null;
            for (int cycle = 0; cycle < cycles; cycle++) {
                int number = cycle;
                guard.pause(() -> listener.trainingStarted(number, cycles));
                TrainingState fresh = TrainingState.fresh(options, train.size());
                new TrainingLoop(this, train, null, options, null, fresh).run();
                last = guard.pause(() -> {
                    listener.testStarted(number, cycles);
                    Evaluation evaluation = predictor.test(test);
                    listener.tested(evaluation);
                    return evaluation;
                });
            }
            return last;
        } finally {
            guard.release();
        }
    }

    /** As {@code CNN.train} or {@code CNN.resume}; {@code checkpoints} returns what writes checkpoints into a folder. */
    public History train(
            Dataset train,
            Dataset validation,
            TrainingOptions options,
            boolean resume,
            Function<Path, CheckpointSink> checkpoints) {
        checks.labelled(train);
        Objects.requireNonNull(options, "options");
        check(train, validation, options.sampleSize(train.size()), options.batchSize());
        guard.acquire();
        try {
            TrainingState from = resume ? cutShort() : TrainingState.fresh(options, train.size());
            CheckpointSink sink = options.checkpoints().map(checkpoints).orElse(null);
            TrainingLoop loop = new TrainingLoop(this, train, validation, options, sink, from);
            if (resume) {
                step.updates.requireContinued(options.optimizer().orElse(ownOptimizer));
            }
            return loop.run();
        } finally {
            guard.release();
        }
    }

    private void check(Dataset train, Dataset test, int sampleSize, int batchSize) {
        NetworkChecks.sample(sampleSize, train);
        NetworkChecks.batches(trained, sampleSize, batchSize);
        if (test != null) {
            checks.labelled(test);
            ClassNames.checkSame("CNN", train.classNames(), test.classNames()); // also if the network has none
        }
    }

    /** As {@code CNN.trainOnBatch}. */
    public double trainOnBatch(double[] images, int[] labels) {
        NetworkChecks.labels(NetworkChecks.images(checks.input(), images), checks.classes(), labels);
        guard.acquire();
        try {
            step.use(ownOptimizer, Double.POSITIVE_INFINITY, CrossEntropy.plain());
            batch.set(images, labels);
            double rate = TrainingLoop.rate(ownSchedule, epochsTrained);
            step.run(features(batch), IntUnaryOperator.identity(), epochsTrained, rate, ownWorkers);
            return Evaluation.meanLoss(step.shards.losses(), labels.length);
        } finally {
            batch.clear();
            guard.release();
        }
    }
}
