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
 * How to train: epochs, batch size, optimizer, learning rate, threads and more.
 *
 * <pre>{@code
 * TrainingOptions options = TrainingOptions.builder().epochs(5).batchSize(32).learningRate(0.1).build();
 * cnn.train(trainImages, validationImages, options);
 * }</pre>
 */
public final class TrainingOptions {
    private final Builder chosen; // a copy that is never changed

    private TrainingOptions(Builder chosen) {
        this.chosen = chosen;
    }

    /**
     * {@return a builder with the defaults: 1 epoch of all images, shuffled, in batches of 32, on all processors, at the
     * network's own learning rate}
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return how many images an epoch has}
     *
     * @param available how many there are; all are used unless the options set a sample size
     */
    public int sampleSize(int available) {
        return chosen.sampleSize == 0 ? available : chosen.sampleSize;
    }

    /** {@return how often training goes through the images} */
    public int epochs() {
        return chosen.epochs;
    }

    /** {@return how many images make one update} */
    public int batchSize() {
        return chosen.batchSize;
    }

    /** {@return whether each epoch takes the images in a new order} */
    public boolean shuffle() {
        return chosen.shuffle;
    }

    /** {@return how many threads work on a batch} */
    public int threads() {
        return chosen.threads;
    }

    /** {@return where threads come from; empty for new ones} */
    public Optional<Executor> executor() {
        return Optional.ofNullable(chosen.executor);
    }

    /** {@return the greatest length of a batch's gradient; infinite for no limit} */
    public double clipNorm() {
        return chosen.clipNorm;
    }

    /** {@return how many epochs without a lower validation loss end the training; 0 for no early stopping} */
    public int patience() {
        return chosen.patience;
    }

    /** {@return the loss to train with} */
    public CrossEntropy loss() {
        return chosen.loss;
    }

    /** {@return random changes to the training images; empty for none} */
    public Optional<Augmentation> augmentation() {
        return Optional.ofNullable(chosen.augmentation);
    }

    /** {@return the learning rate of each step; empty for the network's} */
    public Optional<Schedule> schedule() {
        if (chosen.learningRate == null) {
            return Optional.ofNullable(chosen.schedule);
        }
        double decayRate = chosen.learningRateDecay == null ? 1.0 : chosen.learningRateDecay;
        return Optional.of(Schedule.exponentialDecay(chosen.learningRate, decayRate));
    }

    /** {@return the optimizer; empty for the network's} */
    public Optional<Optimizer> optimizer() {
        return Optional.ofNullable(chosen.optimizer);
    }

    /** {@return after how many steps within an epoch a checkpoint is written; 0 for none within epochs} */
    public int checkpointEvery() {
        return chosen.checkpointEvery;
    }

    /** {@return the listeners besides the network's own; unmodifiable} */
    public List<TrainingListener> listeners() {
        return chosen.listeners;
    }

    /** {@return the folder for checkpoints; empty for none} */
    public Optional<Path> checkpoints() {
        return Optional.ofNullable(chosen.checkpoints);
    }

    /**
     * Collects the options: {@code TrainingOptions.builder().epochs(10).batchSize(64).threads(4).build()}. A value out of its
     * range is refused with an {@link IllegalArgumentException}.
     */
    public static final class Builder implements Cloneable {
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
        private List<TrainingListener> listeners = List.of();
        private Path checkpoints;
        private int checkpointEvery;

        private Builder() {}

        /**
         * Sets the number of epochs.
         *
         * @param count at least 1
         * @return this builder
         */
        public Builder epochs(int count) {
            epochs = OptimizerChecks.atLeastOne(count, "epochs");
            return this;
        }

        /**
         * Sets how many images each update uses.
         *
         * @param images at least 1; the last batch of an epoch may be smaller
         * @return this builder
         */
        public Builder batchSize(int images) {
            batchSize = OptimizerChecks.atLeastOne(images, "batchSize");
            return this;
        }

        /**
         * Sets how many images to draw for each epoch, without replacement.
         *
         * @param images at least 1; without this option, all
         * @return this builder
         */
        public Builder sampleSize(int images) {
            sampleSize = OptimizerChecks.atLeastOne(images, "sampleSize");
            return this;
        }

        /**
         * Sets whether each epoch takes the images in a new order, drawn from the network's seed and the epoch's number.
         *
         * @param yes false to keep the dataset's order
         * @return this builder
         */
        public Builder shuffle(boolean yes) {
            shuffle = yes;
            return this;
        }

        /**
         * Sets how many threads train and validate. The result does not depend on it, to the last bit.
         *
         * @param count at least 1; without this option, one per processor
         * @return this builder
         */
        public Builder threads(int count) {
            threads = OptimizerChecks.atLeastOne(count, "threads");
            return this;
        }

        /**
         * Sets where threads other than the caller's come from. A busy executor slows training down but does not stop it.
         *
         * @param given such as a {@code ForkJoinPool}; not shut down afterwards
         * @return this builder
         */
        public Builder executor(Executor given) {
            executor = Objects.requireNonNull(given, "executor");
            return this;
        }

        /**
         * Sets the learning rate, instead of the network's own.
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
         * Sets what the learning rate of these options is multiplied by after each epoch; 1 by default. The network's own
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
         * Sets the learning rate of each step, instead of the network's own rate and decay.
         *
         * @param rates such as {@code Schedule.cosine(0.1, 20)}, over the epochs of the network's life
         * @return this builder
         */
        public Builder schedule(Schedule rates) {
            schedule = Objects.requireNonNull(rates, "schedule");
            return this;
        }

        /**
         * Sets the optimizer, instead of the network's own. Its state continues through calls of {@code train} with equal
         * optimizers.
         *
         * @param rule such as {@code Optimizer.adamW()}
         * @return this builder
         */
        public Builder optimizer(Optimizer rule) {
            optimizer = Objects.requireNonNull(rule, "optimizer");
            return this;
        }

        /**
         * Limits the Euclidean norm of a batch's mean gradient, over all parameters and before weight decay: a longer gradient is
         * scaled down. No limit by default.
         *
         * @param norm positive and finite, such as 1
         * @return this builder
         * @see <a href="https://proceedings.mlr.press/v28/pascanu13.html">Pascanu et al. 2013</a>
         */
        public Builder clipNorm(double norm) {
            OptimizerChecks.positive(norm, "TrainingOptions", "clipNorm", "1");
            clipNorm = norm;
            return this;
        }

        /**
         * Sets a factor for the training loss of each class, such as a large one for a rare class.
         *
         * @param weights one per class; at least 0 and finite, not all 0
         * @return this builder
         */
        public Builder classWeights(double... weights) {
            loss = loss.withClassWeights(weights);
            return this;
        }

        /**
         * Sets which part of each label is spread over all classes in training.
         *
         * @param part in [0, 1), such as 0.1
         * @return this builder
         * @see CrossEntropy
         */
        public Builder labelSmoothing(double part) {
            loss = loss.withLabelSmoothing(part);
            return this;
        }

        /**
         * Stops when the validation loss has not fallen for some epochs, and restores the parameters of the epoch where it was
         * lowest. Needs validation images. A loss of NaN ends training with a {@link NotFiniteException}; {@code resume}
         * validates again.
         *
         * @param epochs how many epochs without a lower loss to wait, at least 1
         * @return this builder
         */
        public Builder earlyStopping(int epochs) {
            patience = OptimizerChecks.atLeastOne(epochs, "earlyStopping");
            return this;
        }

        /**
         * Changes the training images at random, differently in each epoch, from the network's seed.
         *
         * @param changes what to do to the images
         * @return this builder
         * @see Dataset#augmented
         */
        public Builder augmentation(Augmentation changes) {
            augmentation = Objects.requireNonNull(changes, "augmentation");
            return this;
        }

        /**
         * Adds a listener, called after the network's own and those added before.
         *
         * @param added one more listener
         * @return this builder
         */
        public Builder listener(TrainingListener added) {
            List<TrainingListener> more = new ArrayList<>(listeners);
            more.add(Objects.requireNonNull(added, "listener"));
            listeners = List.copyOf(more);
            return this;
        }

        /**
         * Writes a checkpoint at the end of each epoch, and when training is interrupted. A network loaded from one continues
         * as if it had never stopped. With early stopping, the last one also holds the parameters of the best epoch.
         *
         * @param folder created if needed; keeps the last two. One training at a time may write there, and none if it has
         *     checkpoints of more steps
         * @return this builder
         */
        public Builder checkpoints(Path folder) {
            checkpoints = Objects.requireNonNull(folder, "checkpoints");
            return this;
        }

        /**
         * Writes checkpoints within epochs too, one after this many steps.
         *
         * @param steps at least 1
         * @return this builder
         */
        public Builder checkpointEvery(int steps) {
            checkpointEvery = OptimizerChecks.atLeastOne(steps, "checkpointEvery");
            return this;
        }

        /**
         * Checks the options.
         *
         * @return the options
         * @throws IllegalArgumentException if a decay lacks its learning rate or {@code checkpointEvery} its folder, or both a
         *     learning rate and a schedule are set
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
            return new TrainingOptions(clone());
        }

        @Override
        protected Builder clone() {
            try {
                return (Builder) super.clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
