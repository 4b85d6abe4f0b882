package dev.purecnn.training;

import dev.purecnn.data.Augmentation;
import dev.purecnn.data.Dataset;
import dev.purecnn.layer.CrossEntropy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * How to train: how long, in batches of what size, how fast, on how many threads.
 *
 * <pre>{@code
 * TrainingOptions options = TrainingOptions.builder().epochs(5).batchSize(32).learningRate(0.1).build();
 * cnn.train(trainImages, validationImages, options);
 * }</pre>
 */
public final class TrainingOptions {
    private final int epochs;
    private final int batchSize;
    private final boolean shuffle;
    private final int threads;
    /** Where helpers come from; null for threads of our own. */
    private final Executor executor;
    /** How long a gradient may be; infinite for any length. */
    private final double clipNorm;
    /** After how many epochs without a lower loss on the validation images to stop; 0 for not at all. */
    private final int patience;

    private final CrossEntropy loss;
    private final Augmentation augmentation; // null for none
    private final int sampleSize;
    private final Schedule schedule;
    private final Optimizer optimizer;
    private final List<TrainingListener> listeners;
    private final Path checkpoints;
    private final int checkpointEvery;

    private TrainingOptions(Builder builder) {
        epochs = builder.epochs;
        batchSize = builder.batchSize;
        sampleSize = builder.sampleSize;
        shuffle = builder.shuffle;
        threads = builder.threads;
        executor = builder.executor;
        schedule = builder.scheduleOrNull();
        optimizer = builder.optimizer;
        clipNorm = builder.clipNorm;
        patience = builder.patience;
        loss = builder.loss;
        augmentation = builder.augmentation;
        listeners = List.copyOf(builder.listeners);
        checkpoints = builder.checkpoints;
        checkpointEvery = builder.checkpointEvery;
    }

    /**
     * Starts with the defaults: 1 epoch of all images, shuffled, in batches of 32, on all processors, at the network's own
     * learning rate.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * How many images an epoch has.
     *
     * @param available how many there are
     * @return the sample's size, or all if the options name none
     */
    public int sampleSize(int available) {
        return sampleSize == 0 ? available : sampleSize;
    }

    /** {@return how often training goes through the images} */
    public int epochs() {
        return epochs;
    }

    /** {@return how many images make one update} */
    public int batchSize() {
        return batchSize;
    }

    /** {@return whether each epoch takes the images in a new order} */
    public boolean shuffle() {
        return shuffle;
    }

    /** {@return how many threads work on a batch} */
    public int threads() {
        return threads;
    }

    /** {@return where threads come from; empty for new ones} */
    public Optional<Executor> executor() {
        return Optional.ofNullable(executor);
    }

    /** {@return how long the gradient of a batch may be; infinite for any length} */
    public double clipNorm() {
        return clipNorm;
    }

    /** {@return how many epochs without a lower validation loss end the training; 0 for no early stopping} */
    public int patience() {
        return patience;
    }

    /** {@return how losses are counted} */
    public CrossEntropy loss() {
        return loss;
    }

    /** {@return how images are changed at random; empty for not at all} */
    public Optional<Augmentation> augmentation() {
        return Optional.ofNullable(augmentation);
    }

    /** {@return the learning rate of each step; empty for that of the network} */
    public Optional<Schedule> schedule() {
        return Optional.ofNullable(schedule);
    }

    /** {@return the optimizer; empty for that of the network} */
    public Optional<Optimizer> optimizer() {
        return Optional.ofNullable(optimizer);
    }

    /** {@return after how many steps a checkpoint is written within epochs too; 0 for never} */
    public int checkpointEvery() {
        return checkpointEvery;
    }

    /**
     * Who is told how training goes, beside the network's own listener.
     *
     * @return an unmodifiable list
     */
    public List<TrainingListener> listeners() {
        return listeners;
    }

    /**
     * Where checkpoints go.
     *
     * @return the folder; empty for no checkpoints
     */
    public Optional<Path> checkpoints() {
        return Optional.ofNullable(checkpoints);
    }

    /**
     * Gathers the options.
     *
     * <pre>{@code
     * TrainingOptions.builder().epochs(10).batchSize(64).threads(4).build();
     * }</pre>
     */
    public static final class Builder {
        private int epochs = 1;
        private int batchSize = 32;
        private int sampleSize;
        private boolean shuffle = true;
        private int threads = Runtime.getRuntime().availableProcessors();
        private Executor executor;
        private Double learningRate;
        private Double learningRateDecay;
        private Schedule schedule;
        private Optimizer optimizer;
        private double clipNorm = Double.POSITIVE_INFINITY;
        private int patience;
        private CrossEntropy loss = CrossEntropy.plain();
        private Augmentation augmentation;
        private final List<TrainingListener> listeners = new ArrayList<>();
        private Path checkpoints;
        private int checkpointEvery;

        private Builder() {}

        /**
         * How often to go through the images.
         *
         * @param count at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder epochs(int count) {
            epochs = OptimizerChecks.atLeastOne(count, "epochs");
            return this;
        }

        /**
         * How many images make one update.
         *
         * @param images at least 1; the last batch of an epoch may be smaller
         * @return this builder
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder batchSize(int images) {
            batchSize = OptimizerChecks.atLeastOne(images, "batchSize");
            return this;
        }

        /**
         * How many images to draw, without replacement, afresh for each epoch.
         *
         * @param images at least 1; without this option, all
         * @return this builder
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder sampleSize(int images) {
            sampleSize = OptimizerChecks.atLeastOne(images, "sampleSize");
            return this;
        }

        /**
         * Whether each epoch takes the images in a new order, drawn from the network's seed and the epoch's number.
         *
         * @param yes false to take them as they stand
         * @return this builder
         */
        public Builder shuffle(boolean yes) {
            shuffle = yes;
            return this;
        }

        /**
         * How many threads work on a batch, and on the validation. The result does not depend on it, to the last bit.
         *
         * @param count at least 1; without this option, one a processor
         * @return this builder
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder threads(int count) {
            threads = OptimizerChecks.atLeastOne(count, "threads");
            return this;
        }

        /**
         * Where to take the threads from, beside the caller's own. One that is too busy to give any slows training down,
         * but does not stop it.
         *
         * @param given such as a {@code ForkJoinPool}; not shut down
         * @return this builder
         */
        public Builder executor(Executor given) {
            executor = Objects.requireNonNull(given, "executor");
            return this;
        }

        /**
         * The learning rate, instead of the network's own.
         *
         * @param rate of the network's first epoch; positive and finite
         * @return this builder
         */
        public Builder learningRate(double rate) {
            Schedule.exponentialDecay(rate, 1.0);
            learningRate = rate;
            return this;
        }

        /**
         * What the learning rate given here is multiplied by after each epoch; 1 unless said otherwise. The network's own
         * learning rate has its own decay.
         *
         * @param decayRate positive and finite
         * @return this builder
         */
        public Builder learningRateDecay(double decayRate) {
            Schedule.exponentialDecay(1.0, decayRate);
            learningRateDecay = decayRate;
            return this;
        }

        /**
         * The learning rate of each step, instead of the network's own rate and decay.
         *
         * @param rates such as {@code Schedule.cosine(0.1, 20)}; counts the network's epochs, from its first
         * @return this builder
         */
        public Builder schedule(Schedule rates) {
            schedule = Objects.requireNonNull(rates, "schedule");
            return this;
        }

        /**
         * By which rule gradients improve the network, instead of the network's own. Calls of {@code train} with equal
         * optimizers go on as one.
         *
         * @param rule such as {@code Optimizer.adamW()}
         * @return this builder
         */
        public Builder optimizer(Optimizer rule) {
            optimizer = Objects.requireNonNull(rule, "optimizer");
            return this;
        }

        /**
         * How long the mean gradient of a batch may be, all parameters together, before any weight decay: one that is
         * longer is scaled down to this Euclidean norm. Without this option, any length.
         *
         * @param norm positive and finite, such as 1
         * @return this builder
         * @throws IllegalArgumentException if it is not
         * @see <a href="https://proceedings.mlr.press/v28/pascanu13.html">Pascanu et al. 2013</a>
         */
        public Builder clipNorm(double norm) {
            OptimizerChecks.positive(norm, "TrainingOptions", "clipNorm", "1");
            clipNorm = norm;
            return this;
        }

        /**
         * What the loss of each class's images is multiplied by in training, such as more for a rare class.
         *
         * @param weights one for each class; at least 0 and finite, not all 0
         * @return this builder
         * @throws IllegalArgumentException if one is negative or not finite, or all are 0
         */
        public Builder classWeights(double... weights) {
            loss = loss.withClassWeights(weights);
            return this;
        }

        /**
         * What part of each label goes to all classes alike in training.
         *
         * @param part in [0, 1), such as 0.1
         * @return this builder
         * @throws IllegalArgumentException if it is not in [0, 1)
         * @see CrossEntropy
         */
        public Builder labelSmoothing(double part) {
            loss = loss.withLabelSmoothing(part);
            return this;
        }

        /**
         * To stop when the loss on the validation images has not fallen for some epochs, and in any case to end with the
         * parameters of the epoch where it was lowest. Needs validation images. Ends with a {@link NotFiniteException} if
         * the loss on them is NaN; {@code resume} tests once more.
         *
         * @param epochs how many epochs without a lower loss are enough, at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder earlyStopping(int epochs) {
            patience = OptimizerChecks.atLeastOne(epochs, "earlyStopping");
            return this;
        }

        /**
         * To change the images at random, in another way in each epoch, by the network's seed; those of validation stay as
         * they are.
         *
         * @param changes what is done to the images
         * @return this builder
         * @see Dataset#augmented
         */
        public Builder augmentation(Augmentation changes) {
            augmentation = Objects.requireNonNull(changes, "augmentation");
            return this;
        }

        /**
         * Who else is told how training goes, after the network's own listener. May be called several times.
         *
         * @param told one more listener
         * @return this builder
         */
        public Builder listener(TrainingListener told) {
            listeners.add(Objects.requireNonNull(told, "listener"));
            return this;
        }

        /**
         * To write a checkpoint at the end of each epoch, and when training is interrupted. A network loaded from one goes on
         * as if it had never stopped. With early stopping, that of the last epoch also knows the parameters of the best.
         *
         * @param folder where to, made if need be; the last two stay in it. One training at a time may write there, and
         *     none if it has checkpoints of more steps
         * @return this builder
         */
        public Builder checkpoints(Path folder) {
            checkpoints = Objects.requireNonNull(folder, "checkpoints");
            return this;
        }

        /**
         * To write a checkpoint within epochs too, whenever the network has had so many steps more.
         *
         * @param steps at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder checkpointEvery(int steps) {
            checkpointEvery = OptimizerChecks.atLeastOne(steps, "checkpointEvery");
            return this;
        }

        /**
         * Checks the options.
         *
         * @return the options
         * @throws IllegalArgumentException if there is a decay, but no learning rate that it belongs to; both a learning
         *     rate and a schedule; or {@code checkpointEvery}, but no folder for the checkpoints
         */
        public TrainingOptions build() {
            if (learningRateDecay != null && learningRate == null) {
                throw new IllegalArgumentException(
                        "TrainingOptions: expected a learningRate to go with the learningRateDecay,"
                                + " got the decay alone. Name both, or neither for the network's own.");
            }
            if (learningRate != null && schedule != null) {
                throw new IllegalArgumentException("TrainingOptions: expected a learningRate or a schedule, got both."
                        + " Give the schedule its rate, and name it alone.");
            }
            if (checkpointEvery > 0 && checkpoints == null) {
                throw new IllegalArgumentException("TrainingOptions: expected a folder for the checkpoints of"
                        + " checkpointEvery, got none. Name it with checkpoints.");
            }
            return new TrainingOptions(this);
        }

        private Schedule scheduleOrNull() {
            if (learningRate == null) {
                return schedule;
            }
            return Schedule.exponentialDecay(learningRate, learningRateDecay == null ? 1.0 : learningRateDecay);
        }
    }
}
