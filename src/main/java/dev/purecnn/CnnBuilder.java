package dev.purecnn;

import dev.purecnn.data.Preprocessing;
import dev.purecnn.internal.training.BuilderAccess;
import dev.purecnn.internal.training.NetworkData;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.LayerRegistry;
import dev.purecnn.layer.Parameter;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingListener;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Builds a {@link CNN}. A number out of its range is refused with an {@link IllegalArgumentException}.
 *
 * <pre>{@code
 * CNN cnn = CNN.builder(Shape.of(1, 28, 28))
 *         .layers(new ConvolutionalLayer(1, 3, 3), new MaxPoolingLayer(2), new DenseSoftmaxLayer(14 * 14 * 3, 10))
 *         .learningRate(0.02)
 *         .seed(7)
 *         .build();
 * }</pre>
 */
public final class CnnBuilder {
    /** Not made in {@link #quiet}, where it would hold on to the builder and its layers. */
    private static final TrainingListener SILENCE = new TrainingListener() {};

    static {
        BuilderAccess.provide(new BuilderAccess<CnnBuilder>() {
            @Override
            public void leaveWeights(CnnBuilder builder) {
                builder.random = NetworkData.withoutWeights(builder.seed);
            }
        });
    }

    Shape input;
    Layer[] layers = {};
    double learningRate = 0.01;
    double learningRateDecay = 0.9;
    Optimizer optimizer = Optimizer.sgd();
    Long seed;
    /** Null for one made from the seed. */
    RandomGenerator random;

    int threads = Runtime.getRuntime().availableProcessors();
    /** Null for the console. */
    TrainingListener listener;

    List<String> classNames = List.of();
    /** Null if there is none. */
    Preprocessing preprocessing;

    int frozen; // layers at the front that are not trained

    /** Where kept layers come from; null for a network from scratch. */
    private CNN source;

    private LayerRegistry registry;
    private int kept;

    /** For a loader, which sets input, layers, rates and seed from a file. */
    CnnBuilder() {}

    CnnBuilder(Shape input) {
        this.input = Objects.requireNonNull(input, "input");
    }

    /** May keep layers of a network; the registry knows their types. */
    CnnBuilder(CNN source, LayerRegistry registry) {
        this.source = source;
        this.registry = Objects.requireNonNull(registry, "registry");
        source.copyTo(this);
    }

    /**
     * Keeps the first layers of the network that this builder comes from, as trained: transfer learning. The new network gets
     * copies; {@link #layers} come after them.
     *
     * @param layers how many, from 0 to all
     * @return this builder
     * @throws IllegalStateException if the builder does not come from {@link CNN#toBuilder}
     */
    public CnnBuilder keep(int layers) {
        if (source == null) {
            throw new IllegalStateException("CNN: expected a builder that comes from a network, got one from scratch."
                    + " Call keep on cnn.toBuilder().");
        }
        int all = source.layers().size();
        if (layers < 0 || layers > all) {
            throw new IllegalArgumentException("CNN: expected to keep 0 to " + all + " layers, got " + layers
                    + ". Keep no more than the network has.");
        }
        kept = layers;
        return this;
    }

    /**
     * Freezes the layers that {@link #keep} keeps: they get no gradient, no weight decay and no optimizer state, and their batch
     * norms stay as they are. Their output is computed once per image, unless images are augmented or the heap is too small.
     *
     * @return this builder
     * @throws IllegalStateException if no layer is kept, or all are
     */
    public CnnBuilder frozen() {
        return frozen(kept);
    }

    /**
     * As {@link #frozen()}, for the first of the kept layers only: those after them are trained on.
     *
     * <pre>{@code
     * cnn.toBuilder().keep(21).frozen(16).layers(new DenseSoftmaxLayer(512, 3)).build(); // fine-tuning
     * }</pre>
     *
     * @param layers how many, at least 1, and no more than are kept
     * @return this builder
     * @throws IllegalStateException if fewer layers are kept, or these are all
     */
    public CnnBuilder frozen(int layers) {
        if (layers < 1 || layers > kept || layers == source.layers().size()) {
            throw new IllegalStateException("CNN: expected to freeze some layers, but not the output layer, got keep("
                    + kept + ") and frozen(" + layers + "). Call keep first, with at least as many layers.");
        }
        frozen = layers;
        return this;
    }

    /**
     * Sets the layers, which come after those that {@link #keep} keeps.
     *
     * @param inOrder at least one in all, the last one an output layer such as {@code DenseSoftmaxLayer}
     * @return this builder
     */
    public CnnBuilder layers(Layer... inOrder) {
        layers = Objects.requireNonNull(inOrder, "layers").clone();
        return this;
    }

    /**
     * Sets the names of the classes, which {@code classify} returns. Training and test images that have class names must have the
     * same.
     *
     * @param inOrder one per class in the order of the labels, all different; empty for none
     * @return this builder
     */
    public CnnBuilder classNames(List<String> inOrder) {
        classNames = List.copyOf(inOrder);
        return this;
    }

    /**
     * Sets how pictures become images for this network, in training and in {@code classify}. Training and test images that were
     * made from pictures must have been made by an equal one.
     *
     * @param newPreprocessing to the shape of the network's images
     * @return this builder
     */
    public CnnBuilder preprocessing(Preprocessing newPreprocessing) {
        preprocessing = Objects.requireNonNull(newPreprocessing, "preprocessing");
        return this;
    }

    /**
     * Sets the learning rate of the first epoch; 0.01 by default.
     *
     * @param rate positive and finite
     * @return this builder
     */
    public CnnBuilder learningRate(double rate) {
        Schedule.exponentialDecay(rate, 1.0);
        learningRate = rate;
        return this;
    }

    /**
     * Sets the factor of the learning rate from one epoch to the next; 0.9 by default.
     *
     * @param decayRate positive and finite; 1 for a constant rate
     * @return this builder
     */
    public CnnBuilder learningRateDecay(double decayRate) {
        Schedule.exponentialDecay(1.0, decayRate);
        learningRateDecay = decayRate;
        return this;
    }

    /**
     * Sets the optimizer; by default {@link Optimizer#sgd}, with the momentum of layers that have one.
     *
     * @param rule such as {@code Optimizer.adamW()}
     * @return this builder
     */
    public CnnBuilder optimizer(Optimizer rule) {
        optimizer = Objects.requireNonNull(rule, "optimizer");
        return this;
    }

    /**
     * Sets the seed of everything random: initial weights, order of images, augmentation, dropout. By default a random one is
     * drawn, and the listener hears it.
     *
     * @param number any
     * @return this builder
     */
    public CnnBuilder seed(long number) {
        seed = number;
        return this;
    }

    /**
     * Sets how many threads {@code trainOnBatch}, {@code predictAll} and {@code test} use at most, including the caller's; by
     * default one per processor. {@code train} uses the number in its {@code TrainingOptions}. No result depends on it, to the
     * last bit.
     *
     * @param count at least 1
     * @return this builder
     */
    public CnnBuilder threads(int count) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "CNN: expected at least 1 thread, got " + count + ". Use a positive number.");
        }
        threads = count;
        return this;
    }

    /**
     * Sets what hears how training goes, instead of standard output.
     *
     * @param newListener replaces the one before
     * @return this builder
     */
    public CnnBuilder listener(TrainingListener newListener) {
        listener = Objects.requireNonNull(newListener, "listener");
        return this;
    }

    /**
     * Prints nothing.
     *
     * @return this builder
     */
    public CnnBuilder quiet() {
        return listener(SILENCE);
    }

    /** Copies of the kept layers, then the new ones. */
    Layer[] allLayers() {
        if (kept == 0) {
            return layers;
        }
        Layer[] copies = NetworkData.copies(source.layers().subList(0, kept), registry);
        Layer[] all = Arrays.copyOf(copies, kept + layers.length);
        System.arraycopy(layers, 0, all, kept, layers.length);
        return all;
    }

    /** Copies the parameter values of the kept layers. */
    void copyLearned(List<Layer> all) {
        for (int i = 0; i < kept; i++) {
            List<Parameter> parameters = source.layers().get(i).parameters();
            for (int j = 0; j < parameters.size(); j++) {
                double[] values = parameters.get(j).values();
                System.arraycopy(values, 0, all.get(i).parameters().get(j).values(), 0, values.length);
            }
        }
    }

    /**
     * Connects the layers and draws their initial weights.
     *
     * @return the network
     * @throws IllegalStateException if layers are kept of a network that is being trained
     * @throws UnsupportedOperationException if a kept layer has no {@link Layer#description}
     * @throws IllegalArgumentException if there is no layer, two do not fit together, or the last is no output layer; names the
     *     layer
     */
    public CNN build() {
        return source == null ? new CNN(this, 0, 0) : source.read(() -> new CNN(this, 0, 0));
    }
}
