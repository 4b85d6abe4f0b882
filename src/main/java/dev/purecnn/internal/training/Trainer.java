package dev.purecnn.internal.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.layer.CrossEntropy;
import dev.purecnn.layer.LayerChain;
import dev.purecnn.layer.Parameter;
import dev.purecnn.training.History;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingListener;
import dev.purecnn.training.TrainingOptions;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * The training loop: epochs of batches over a chain of layers.
 *
 * <p>What an epoch does depends on the chain, the images, the options' numbers, the seed, and how many epochs went before;
 * not on the threads.
 *
 * <pre>{@code
 * var trainer = new Trainer(chain, 42, 1, Optimizer.sgd());
 * var options = TrainingOptions.builder().epochs(3).build();
 * var host = new TrainingHost(listener, null, null);
 * trainer.train(images, options, schedule, TrainingState.fresh(options, images.size()), host);
 * }</pre>
 */
public final class Trainer {
    private final LayerChain chain;
    private final TrainingStep step;
    private final long seed;
    private final Workers ownCrew;
    private final Optimizer ownOptimizer;
    private int epochsTrained;
    /** Where a training was cut short; null if none was. */
    private TrainingState standing;

    private long standingAt;

    /**
     * A trainer for that chain.
     *
     * @param chain connected, with an output layer at its end; its parameters are what is trained
     * @param seed what the order of images is drawn from
     * @param threads how many work on a single {@link #step}
     * @param optimizer what a single step goes by, and all others unless the options name one
     */
    public Trainer(LayerChain chain, long seed, int threads, Optimizer optimizer) {
        this.chain = chain;
        this.step = new TrainingStep(chain);
        this.seed = seed;
        this.ownCrew = Workers.of(threads);
        this.ownOptimizer = optimizer;
    }

    /**
     * Goes on as if so much training were done: what is drawn at random depends on it, and the learning rate.
     *
     * @param epochs how many epochs, at least 0
     * @param steps how many updates, at least 0
     */
    public void resume(int epochs, long steps) {
        epochsTrained = epochs;
        step.resume(steps);
    }

    /**
     * How many epochs the network was trained, over its whole life.
     *
     * @return at least 0
     */
    public int epochsTrained() {
        return epochsTrained;
    }

    /**
     * How many updates the network had, over its whole life.
     *
     * @return at least 0
     */
    public long stepsTrained() {
        return step.stepsDone();
    }

    /**
     * Does one update.
     *
     * @param batch its images, all of them
     * @param schedule asked for the rate
     * @return the mean loss before the update
     */
    public double step(Dataset batch, Schedule schedule) {
        step.use(ownOptimizer, Double.POSITIVE_INFINITY, CrossEntropy.plain());
        run(batch, rate(schedule, epochsTrained), ownCrew, IntUnaryOperator.identity());
        double loss = 0;
        for (int i = 0; i < batch.size(); i++) {
            loss += step.losses()[i];
        }
        return loss / batch.size();
    }

    /**
     * What the optimizer remembers of its steps.
     *
     * @return its arrays themselves, not copies
     */
    public OptimizerMemory memory() {
        return step.memory();
    }

    /**
     * Lets the next optimizer go on from there, if it is the one that remembers this.
     *
     * @param memory of the optimizer before
     */
    public void remember(OptimizerMemory memory) {
        step.remember(memory);
    }

    /**
     * A training was cut short there, at this trainer's steps and epochs.
     *
     * @param state where it stands
     */
    public void standAt(TrainingState state) {
        standing = state;
        standingAt = stepsTrained();
    }

    /**
     * Where a training was cut short, by something thrown or with the program.
     *
     * @return where it stands
     * @throws IllegalStateException if none was, or there were steps since
     */
    public TrainingState standing() {
        if (standing == null || standingAt != stepsTrained()) {
            throw new IllegalStateException("CNN: expected a training that was cut short, got "
                    + (standing == null ? "none" : "one that was followed by other steps")
                    + ". Load a checkpoint first, or call train.");
        }
        return standing;
    }

    /**
     * Trains until the options' epochs are done. When it returns, no thread of its own is at work. If anything is thrown, the
     * parameters are as the last step left them, and {@link #standing} says where that was.
     *
     * @param images what to draw from
     * @param options how to train
     * @param usual the schedule, if the options name none
     * @param from where the training stands
     * @param host told and asked between steps
     * @return how each epoch went
     * @throws IllegalArgumentException if images, options or optimizer are not those that the training began with, or there
     *     is no validation for early stopping to go by
     */
    public History train(
            Dataset images, TrainingOptions options, Schedule usual, TrainingState from, TrainingHost host) {
        TrainingState.Plan plan = TrainingState.Plan.of(options, images.size());
        if (!plan.equals(from.plan())) {
            throw new IllegalArgumentException("CNN: expected to go on with the training's " + from.plan() + ", got "
                    + plan + ". Resume with the images and options that it began with, or call train.");
        }
        Schedule schedule = options.schedule().orElse(usual);
        TrainingSettings settings = TrainingSettings.of(options, schedule);
        from.settings().requireContinuedBy(settings);
        if (options.patience() > 0 && host.validation() == null) {
            throw new IllegalArgumentException("TrainingOptions: expected validation images for earlyStopping to go by,"
                    + " got none. Pass some to train, or leave out earlyStopping.");
        }
        if (from == standing) {
            step.requireContinued(options.optimizer().orElse(ownOptimizer));
        }
        step.use(options.optimizer().orElse(ownOptimizer), options.clipNorm(), options.loss());
        TrainingRun run = new TrainingRun(
                this,
                options.augmentation()
                        .map(changes -> images.augmented(changes, seed))
                        .orElse(images),
                options,
                schedule,
                settings,
                from,
                host);
        Workers workers = options.executor()
                .map(executor -> new Workers(options.threads(), executor))
                .orElseGet(() -> Workers.of(options.threads()));
        standing = null;
        try {
            return run.run(workers);
        } catch (Throwable e) {
            standAt(run.state());
            tell(host.listener(), e);
            throw e;
        } finally {
            workers.dismiss();
        }
    }

    private static void tell(TrainingListener listener, Throwable reason) {
        try {
            listener.trainingCutShort(reason);
        } catch (RuntimeException e) {
            if (e != reason) {
                reason.addSuppressed(e);
            }
        }
    }

    List<Parameter> parameters() {
        return chain.parameters();
    }

    long seed() {
        return seed;
    }

    /** The loss of each image of the last batch, before the step. */
    double[] losses() {
        return step.losses();
    }

    /** Whether each image of the last batch was classified rightly, before the step. */
    boolean[] correct() {
        return step.correct();
    }

    void epochEnded() {
        epochsTrained++;
    }

    /** Others, such as listeners, may have changed the parameters. */
    void epochBegins() {
        step.forgetValues();
    }

    /** The optimizer begins anew. */
    void forgetSteps() {
        step.forget();
    }

    static double rate(Schedule schedule, double epochs) {
        double rate = schedule.rate(epochs);
        if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalStateException("Schedule: expected a finite rate of at least 0, got " + rate + " at epoch "
                    + epochs + ". Mend the schedule; the network is as the step before left it.");
        }
        return rate;
    }

    /** Does a step; {@code source} answers which number an image of the batch has for the user. */
    void run(Dataset batch, double learningRate, Workers workers, IntUnaryOperator source) {
        chain.training(true);
        try {
            step.run(batch, learningRate, workers);
        } catch (StepFault e) {
            throw e.at(epochsTrained, step.stepsDone(), source);
        } finally {
            chain.training(false);
            step.forgetBatch();
        }
    }
}
