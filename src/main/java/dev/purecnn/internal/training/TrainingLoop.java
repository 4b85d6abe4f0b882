package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.training.EpochResult;
import dev.purecnn.training.History;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.IntUnaryOperator;

/**
 * One call of train or resume: epochs of batches, from where the training was. What an epoch does depends on the chain, the
 * images, the numbers of the options, the seed, and how many epochs went before; not on the threads.
 */
final class TrainingLoop {
    private final Trainer trainer;
    private final Step step;
    private final Dataset images;
    private final Dataset validation;
    private final TrainingOptions options;
    private final CheckpointSink checkpoints;
    private final List<TrainingListener> listeners = new ArrayList<>();
    private final Schedule schedule;
    private final Workers workers;
    private final TrainingState.Plan plan;
    private final TrainingSettings settings;
    private final List<EpochResult> results;
    private final EarlyStopping stopping;
    private final EpochProgress progress;

    /**
     * Checks that the training can continue from that state with those images and options.
     *
     * @param validation null for none, as are the checkpoints
     */
    TrainingLoop(
            Trainer trainer,
            Dataset train,
            Dataset validation,
            TrainingOptions options,
            CheckpointSink checkpoints,
            TrainingState from) {
        this.trainer = trainer;
        this.validation = trainer.features(validation);
        this.options = options;
        this.checkpoints = checkpoints;
        step = trainer.step;
        plan = TrainingState.Plan.of(options, train.size());
        if (!plan.equals(from.plan())) {
            throw new IllegalArgumentException("CNN: expected to go on with the training's " + from.plan() + ", got "
                    + plan + ". Resume with the images and options that it began with, or call train.");
        }
        schedule = options.schedule().orElse(trainer.ownSchedule);
        settings = TrainingSettings.of(options, schedule);
        from.settings().requireContinuedBy(settings);
        if (options.patience() > 0 && validation == null) {
            throw new IllegalArgumentException("TrainingOptions: expected validation images for earlyStopping to go by,"
                    + " got none. Pass some to train, or leave out earlyStopping.");
        }
        requireLearning(
                trainer.epochsTrained(), options.epochs() - from.results().size());
        images = trainer.features(options.augmentation()
                .map(changes -> train.augmented(changes, trainer.seed))
                .orElse(train));
        listeners.add(trainer.listener);
        listeners.addAll(options.listeners());
        results = new ArrayList<>(from.results());
        stopping = new EarlyStopping(trainer.chain.parameters(), options.patience(), from.best());
        progress = new EpochProgress(options.epochs(), plan);
        progress.begin(results.size(), from.running());
        workers = options.executor()
                .map(executor -> new Workers(options.threads(), executor))
                .orElseGet(() -> Workers.of(options.threads()));
    }

    /** Refuses a schedule that has ended: whole epochs at a rate of 0 would change nothing. */
    private void requireLearning(int first, int epochs) {
        for (int epoch = first; epoch < first + epochs; epoch++) {
            boolean learns = false;
            for (int batch = 0; batch < plan.batches() && !learns; batch++) {
                learns = schedule.rate(epoch + batch / (double) plan.batches()) != 0;
            }
            if (!learns) {
                throw new IllegalArgumentException("Schedule: expected a learning rate above 0 in epochs " + first
                        + " to "
                        + (first + epochs - 1) + " of the network's life, got 0 throughout epoch " + epoch + " from "
                        + schedule + ". Train for fewer epochs, or give a schedule that lasts, such as"
                        + " schedule.startingAt(" + first + ").");
            }
        }
    }

    /**
     * Trains until all epochs are done. If anything is thrown, the parameters are as the last step left them, and the trainer
     * knows where that was. No thread of its own is at work afterwards, and no buffers are kept.
     */
    History run() {
        step.use(options.optimizer().orElse(trainer.ownOptimizer), options.clipNorm(), options.loss());
        trainer.cutShortAt(null);
        try {
            while (results.size() < options.epochs() && !stopping.isOver()) {
                epoch();
            }
            if (stopping.restore()) {
                step.updates.forget(); // its steps led elsewhere than the restored parameters
            }
        } catch (Throwable e) {
            trainer.cutShortAt(state());
            notifyCutShort(e);
            throw e;
        } finally {
            workers.dismiss();
            step.release();
        }
        boolean all = results.size() >= options.epochs();
        return new History(results, all ? History.Ending.ALL_EPOCHS : History.Ending.EARLY_STOPPING);
    }

    /** Where the training is, between two steps. */
    private TrainingState state() {
        return new TrainingState(plan, settings, results, progress.running(), stopping.best());
    }

    private void epoch() {
        int number = trainer.epochsTrained();
        Epoch batches = new Epoch(images.epoch(number), plan.sampleSize(), plan.shuffle(), trainer.seed, number);
        IntUnaryOperator source = batches::source;
        double firstRate = rate(schedule, number);
        step.updates.valuesMayHaveChanged(); // by listeners
        progress.begin(results.size(), progress.running());
        batches.startAfter(progress.imagesDone());
        while (batches.next(plan.batchSize())) {
            stopIfInterrupted();
            int done = progress.batchesDone();
            double rate = done == 0 ? firstRate : rate(schedule, number + done / (double) plan.batches());
            step.run(batches, source, number, rate, workers);
            progress.add(step.shards.losses(), step.shards.correct(), batches.size());
            workers.rethrowExecutorFailure();
            for (int i = 0; i < listeners.size(); i++) { // by number: an iterator is an object per step
                listeners.get(i).stepEnded(progress);
            }
            if (isCheckpointDue()) {
                writeCheckpoint();
            }
        }
        Evaluation tested = validation == null ? null : trainer.guard.pause(this::validate);
        stopping.check(tested, number, step.done());
        EpochResult result = new EpochResult(
                results.size(), options.epochs(), progress.evaluation(), tested, firstRate, progress.seconds());
        trainer.epochEnded();
        results.add(result);
        stopping.epochEnded(tested);
        progress.begin(results.size(), TrainingState.Running.NOTHING);
        writeCheckpoint(); // before listeners hear of an epoch that might still be lost
        trainer.guard.pause(() -> listeners.forEach(listener -> listener.epochEnded(result)));
    }

    static double rate(Schedule schedule, double epochs) {
        double rate = schedule.rate(epochs);
        if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalStateException("Schedule: expected a finite rate of at least 0, got " + rate + " at epoch "
                    + epochs + ". Fix the schedule; the network is as the step before left it.");
        }
        return rate;
    }

    private Evaluation validate() {
        try {
            return trainer.test(validation, workers, Thread.currentThread());
        } catch (CancellationException e) {
            stopIfInterrupted();
            throw e;
        }
    }

    private void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            writeCheckpoint();
            throw new CancellationException("CNN: expected to train on, got an interrupt in epoch "
                    + trainer.epochsTrained() + " before step " + step.done()
                    + ", counted from 0 over the network's life. The network is as the step before left it; call resume to"
                    + " go on.");
        }
    }

    /** Every listener hears of it; what they throw is suppressed beneath the reason. */
    private void notifyCutShort(Throwable reason) {
        for (TrainingListener listener : listeners) {
            try {
                listener.trainingCutShort(reason);
            } catch (Throwable e) {
                if (e != reason) {
                    reason.addSuppressed(e);
                }
            }
        }
    }

    /** The end of an epoch has its own. */
    private boolean isCheckpointDue() {
        return options.checkpointEvery() > 0
                && step.done() % options.checkpointEvery() == 0
                && progress.batchesDone() < plan.batches();
    }

    private void writeCheckpoint() {
        if (checkpoints == null) {
            return;
        }
        try {
            checkpoints.write(state()); // an interrupt does not stop it
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "CNN: expected to write a checkpoint after step " + (step.done() - 1) + ", got " + e
                            + ". The network is as that step left it; make the folder usable, and call resume to go on.",
                    e);
        }
    }
}
