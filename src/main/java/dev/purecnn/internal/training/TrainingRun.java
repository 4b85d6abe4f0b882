package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.training.EpochResult;
import dev.purecnn.training.History;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.IntUnaryOperator;

/** One call of train: epochs of batches, from where the training stands. */
final class TrainingRun {
    private final Trainer trainer;
    private final Dataset images;
    private final TrainingOptions options;
    private final Schedule schedule;
    private final TrainingHost host;
    private final TrainingState.Plan plan;
    private final TrainingSettings settings;
    private final List<EpochResult> results;
    private final EarlyStopping stopping;
    private final EpochProgress progress;

    TrainingRun(
            Trainer trainer,
            Dataset images,
            TrainingOptions options,
            Schedule schedule,
            TrainingSettings settings,
            TrainingState from,
            TrainingHost host) {
        this.trainer = trainer;
        this.images = images;
        this.options = options;
        this.schedule = schedule;
        this.host = host;
        plan = from.plan();
        this.settings = settings;
        results = new ArrayList<>(from.results());
        stopping = new EarlyStopping(trainer.parameters(), options.patience(), from.best());
        progress = new EpochProgress(options.epochs(), plan);
        progress.begin(results.size(), from.running());
    }

    /** Where the training stands. */
    TrainingState state() {
        return new TrainingState(plan, settings, results, progress.running(), stopping.best());
    }

    History run(Workers workers) {
        while (results.size() < options.epochs() && !stopping.isOver()) {
            epoch(workers);
        }
        if (stopping.restore()) {
            trainer.forgetSteps(); // they led away from where the network is now
        }
        boolean all = results.size() >= options.epochs();
        return new History(results, all ? History.Ending.ALL_EPOCHS : History.Ending.EARLY_STOPPING);
    }

    private void epoch(Workers workers) {
        trainer.epochBegins();
        int number = trainer.epochsTrained();
        Epoch batches = new Epoch(images.epoch(number), plan.sampleSize(), plan.shuffle(), trainer.seed(), number);
        double firstRate = Trainer.rate(schedule, number);
        double steps = plan.batches();
        progress.begin(results.size(), progress.running());
        batches.startAfter(progress.imagesDone());
        IntUnaryOperator source = batches::source;
        while (batches.next(plan.batchSize())) {
            stopIfInterrupted();
            int done = progress.batchesDone();
            double rate = done == 0 ? firstRate : Trainer.rate(schedule, number + done / steps);
            trainer.run(batches, rate, workers, source);
            progress.add(trainer.losses(), trainer.correct(), batches.size());
            host.listener().stepEnded(progress);
            if (options.checkpointEvery() > 0
                    && trainer.stepsTrained() % options.checkpointEvery() == 0
                    && progress.batchesDone() < plan.batches()) {
                checkpoint();
            }
        }
        Evaluation validation = validate(workers);
        stopping.check(validation, number, trainer.stepsTrained());
        EpochResult result = new EpochResult(
                results.size(), options.epochs(), progress.evaluation(), validation, firstRate, progress.seconds());
        trainer.epochEnded();
        results.add(result);
        stopping.epochEnded(validation);
        progress.begin(results.size(), TrainingState.Running.NOTHING);
        checkpoint(); // first, so that nobody is told of an epoch that may still be lost
        host.listener().epochEnded(result);
    }

    private Evaluation validate(Workers workers) {
        if (host.validation() == null) {
            return null;
        }
        try {
            return host.validation().apply(workers);
        } catch (CancellationException e) {
            stopIfInterrupted();
            throw e;
        }
    }

    private void stopIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            checkpoint();
            throw new CancellationException("CNN: expected to train on, got an interrupt in epoch "
                    + trainer.epochsTrained() + " before step " + trainer.stepsTrained()
                    + ", counted from 0 over the network's life. The network is as the step before left it; call resume to"
                    + " go on.");
        }
    }

    private void checkpoint() {
        if (host.checkpoints() == null) {
            return;
        }
        boolean interrupted = false;
        try {
            boolean written = false;
            while (!written) {
                interrupted |= Thread.interrupted(); // or else files close themselves
                written = write();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Writes a checkpoint; false if an interrupt came while it was being written. */
    private boolean write() {
        try {
            host.checkpoints().write(state());
            return true;
        } catch (ClosedByInterruptException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "CNN: expected to write a checkpoint after step " + (trainer.stepsTrained() - 1) + ", got " + e
                            + ". The network is as that step left it; mend the folder, and call resume to go on.",
                    e);
        }
    }
}
