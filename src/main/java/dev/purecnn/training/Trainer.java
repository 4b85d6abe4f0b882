package dev.purecnn.training;

import dev.purecnn.data.Dataset;
import dev.purecnn.evaluation.Evaluation;
import dev.purecnn.layer.LayerChain;

/**
 * The training loop: epochs of batches over a chain of layers.
 *
 * <p>What an epoch does depends on the chain, the images, the options' numbers, the seed, and how many epochs went before;
 * not on the threads.
 *
 * <pre>{@code
 * var trainer = new Trainer(chain, 42, 1, Optimizer.sgd());
 * trainer.train(images, TrainingOptions.builder().epochs(3).build(), schedule, listener::epochEnded);
 * }</pre>
 */
public final class Trainer {
    private final LayerChain chain;
    private final TrainingStep step;
    private final long seed;
    private final Crew ownCrew;
    private final Optimizer ownOptimizer;
    private int epochsTrained;

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
        this.ownCrew = Crew.of(threads);
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
        double learningRate = rate(schedule, epochsTrained);
        step.use(ownOptimizer, Double.POSITIVE_INFINITY);
        run(batch, learningRate, ownCrew);
        double loss = 0;
        for (int i = 0; i < batch.size(); i++) {
            loss += step.losses()[i];
        }
        return loss / batch.size();
    }

    /**
     * Trains some epochs. When it returns, no thread of its own is at work.
     *
     * @param images what to draw from
     * @param options how to train
     * @param usual the schedule, if the options name none
     * @param listener told at the end of each epoch
     */
    public void train(Dataset images, TrainingOptions options, Schedule usual, TrainingListener listener) {
        Schedule schedule = options.scheduleOr(usual);
        step.use(options.optimizerOr(ownOptimizer), options.clipNorm());
        Crew crew = options.executor() == null
                ? Crew.of(options.threads())
                : new Crew(options.threads(), options.executor());
        try {
            for (int epoch = 0; epoch < options.epochs(); epoch++) {
                listener.epochEnded(epoch(epoch, images, options, schedule, crew));
            }
        } finally {
            crew.dismiss();
        }
    }

    private EpochResult epoch(int number, Dataset images, TrainingOptions options, Schedule schedule, Crew crew) {
        int length = options.sampleSize(images.size());
        Epoch batches = new Epoch(images.epoch(epochsTrained), length, options.shuffle(), seed, epochsTrained);
        double steps = Math.ceil((double) length / options.batchSize());
        double firstRate = rate(schedule, epochsTrained);
        int stepsDone = 0;
        double loss = 0;
        int hits = 0;
        long start = System.nanoTime();
        while (batches.next(options.batchSize())) {
            run(batches, stepsDone == 0 ? firstRate : rate(schedule, epochsTrained + stepsDone / steps), crew);
            stepsDone++;
            for (int i = 0; i < batches.size(); i++) {
                loss += step.losses()[i];
                hits += step.correct()[i] ? 1 : 0;
            }
        }
        epochsTrained++;
        double seconds = (System.nanoTime() - start) * 1e-9;
        Evaluation seen = new Evaluation(loss / length, (double) hits / length, length);
        return new EpochResult(number, options.epochs(), seen, null, firstRate, seconds);
    }

    private static double rate(Schedule schedule, double epochs) {
        double rate = schedule.rate(epochs);
        if (!(rate >= 0 && rate < Double.POSITIVE_INFINITY)) {
            throw new IllegalStateException("Schedule: expected a finite rate of at least 0, got " + rate + " at epoch "
                    + epochs + ". Mend the schedule; the network is as the step before left it.");
        }
        return rate;
    }

    private void run(Dataset batch, double learningRate, Crew crew) {
        chain.training(true);
        try {
            step.run(batch, learningRate, crew);
        } finally {
            chain.training(false);
        }
    }
}
