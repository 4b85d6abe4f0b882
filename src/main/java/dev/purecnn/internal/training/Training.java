package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.History;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;

/** What changes the parameters of a network. */
public final class Training {
    private final Shape input;
    private final int classes;
    private final Schedule schedule;
    private final Trainer trainer;
    private final Predictor predictor;
    private final Version version;
    private final TrainingListener listener;
    private final Function<Path, CheckpointSink> checkpoints;
    private final ArrayBatch batch;

    /** {@code checkpoints} answers what writes checkpoints into a folder. */
    public Training(
            Shape input,
            int classes,
            Schedule schedule,
            Trainer trainer,
            Predictor predictor,
            Version version,
            TrainingListener listener,
            Function<Path, CheckpointSink> checkpoints) {
        this.input = input;
        this.classes = classes;
        this.schedule = schedule;
        this.trainer = trainer;
        this.predictor = predictor;
        this.version = version;
        this.listener = listener;
        this.checkpoints = checkpoints;
        batch = new ArrayBatch(input, classes);
    }

    public Evaluation cycle(int epochs, int cycles, Dataset train, Dataset test, int sampleSize) {
        if (epochs < 1 || cycles < 1) {
            throw new IllegalArgumentException("CNN: expected at least 1 epoch and 1 cycle, got " + epochs
                    + " epochs and " + cycles + " cycles. Use positive numbers.");
        }
        NetworkChecks.dataset(input, classes, train);
        NetworkChecks.dataset(input, classes, test);
        NetworkChecks.sample(sampleSize, train);
        TrainingOptions options = TrainingOptions.builder()
                .epochs(epochs)
                .batchSize(1)
                .sampleSize(sampleSize)
                .threads(1)
                .build();
        Evaluation last = null;
        for (int cycle = 0; cycle < cycles; cycle++) {
            listener.trainingStarted(cycle, cycles);
            train(train, null, options);
            listener.testStarted(cycle, cycles);
            last = test(test);
            listener.tested(last);
        }
        return last;
    }

    public History train(Dataset train, Dataset validation, TrainingOptions options) {
        check(train, validation, options);
        return run(train, validation, options, TrainingState.fresh(options, train.size()));
    }

    public History resume(Dataset train, Dataset validation, TrainingOptions options) {
        check(train, validation, options);
        return run(train, validation, options, null);
    }

    private void check(Dataset train, Dataset validation, TrainingOptions options) {
        NetworkChecks.dataset(input, classes, train);
        Objects.requireNonNull(options, "options");
        NetworkChecks.sample(options.sampleSize(train.size()), train);
        if (validation != null) {
            NetworkChecks.dataset(input, classes, validation);
        }
    }

    /** Trains on from a state; null for where the training before was cut short. */
    private History run(Dataset train, Dataset validation, TrainingOptions options, TrainingState from) {
        Change change = new Change(version, this::beginChange);
        TrainingListener told = new PausingListener(change, listener, options.listeners());
        Function<Workers, Evaluation> validate =
                validation == null ? null : workers -> validate(validation, workers, change);
        TrainingHost host = new TrainingHost(
                told, validate, options.checkpoints().map(checkpoints).orElse(null));
        change.begin();
        try {
            return trainer.train(train, options, schedule, from == null ? trainer.standing() : from, host);
        } finally {
            change.end();
        }
    }

    private Evaluation validate(Dataset validation, Workers workers, Change change) {
        change.end();
        Evaluation evaluation = predictor.test(new InterruptibleDataset(validation), workers);
        change.begin();
        return evaluation;
    }

    /** Tests, and tells nobody. */
    public Evaluation test(Dataset images) {
        NetworkChecks.dataset(input, classes, images);
        return predictor.test(images);
    }

    public double step(double[] images, int[] labels) {
        NetworkChecks.labels(NetworkChecks.images(input, images), classes, labels);
        beginChange();
        try {
            return trainer.step(batch.of(images, labels), schedule);
        } finally {
            batch.clear();
            version.endChange();
        }
    }

    private void beginChange() {
        version.beginChange();
        predictor.awaitIdle();
    }
}
