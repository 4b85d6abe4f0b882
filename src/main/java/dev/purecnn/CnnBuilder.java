package dev.purecnn;

import dev.purecnn.data.Preprocessing;
import dev.purecnn.layer.Layer;
import dev.purecnn.layer.Shape;
import dev.purecnn.training.Optimizer;
import dev.purecnn.training.Schedule;
import dev.purecnn.training.TrainingListener;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * Gathers what a {@link CNN} is made of.
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
    Shape input;
    Layer[] layers = {};
    double learningRate = 0.01;
    double learningRateDecay = 0.9;
    Optimizer optimizer = Optimizer.sgd();
    Long seed;
    /** Null for one of the seed. */
    RandomGenerator random;

    int threads = Runtime.getRuntime().availableProcessors();
    /** Null for the console. */
    TrainingListener listener;

    List<String> classNames = List.of();
    /** Null if it is unknown. */
    Preprocessing preprocessing;

    /** One whose input, layers, rates and seed will be those of a file. */
    CnnBuilder() {}

    CnnBuilder(Shape input) {
        this.input = Objects.requireNonNull(input, "input");
    }

    /**
     * The layers, in order.
     *
     * @param inOrder at least one, the last of them an output layer such as {@code DenseSoftmaxLayer}
     * @return this builder
     */
    public CnnBuilder layers(Layer... inOrder) {
        layers = Objects.requireNonNull(inOrder, "layers").clone();
        return this;
    }

    /**
     * What the classes are called: the names that {@code classify} returns. Images to train and test on that have names must
     * have the same ones.
     *
     * @param inOrder one per class in the order of the labels, all different; empty for none
     * @return this builder
     */
    public CnnBuilder classNames(List<String> inOrder) {
        classNames = List.copyOf(inOrder);
        return this;
    }

    /**
     * How pictures become images for this network, in training and in {@code classify} alike. Images to train and test on that
     * were made of pictures must have been made by an equal one.
     *
     * @param newPreprocessing to the shape of the network's images
     * @return this builder
     */
    public CnnBuilder preprocessing(Preprocessing newPreprocessing) {
        preprocessing = Objects.requireNonNull(newPreprocessing, "preprocessing");
        return this;
    }

    /**
     * The learning rate of the first epoch; 0.01 unless said otherwise.
     *
     * @param rate positive and finite
     * @return this builder
     * @throws IllegalArgumentException if it is not positive and finite
     */
    public CnnBuilder learningRate(double rate) {
        Schedule.exponentialDecay(rate, 1.0);
        learningRate = rate;
        return this;
    }

    /**
     * What the learning rate is multiplied by after each epoch; 0.9 unless said otherwise.
     *
     * @param decayRate positive and finite; 1 for a constant rate
     * @return this builder
     * @throws IllegalArgumentException if it is not positive and finite
     */
    public CnnBuilder learningRateDecay(double decayRate) {
        Schedule.exponentialDecay(1.0, decayRate);
        learningRateDecay = decayRate;
        return this;
    }

    /**
     * By which rule gradients improve the network; plain gradient descent, with the momentum of layers that have one, unless
     * said otherwise.
     *
     * @param rule such as {@code Optimizer.adamW()}
     * @return this builder
     */
    public CnnBuilder optimizer(Optimizer rule) {
        optimizer = Objects.requireNonNull(rule, "optimizer");
        return this;
    }

    /**
     * The seed that everything random comes from: first weights, order of images, and what layers draw. Without one, one is
     * drawn and shown.
     *
     * @param number any
     * @return this builder
     */
    public CnnBuilder seed(long number) {
        seed = number;
        return this;
    }

    /**
     * How many threads a call of {@code trainOnBatch}, {@code predictAll} or {@code test} works on at most, the caller's own
     * included; one a processor unless said otherwise. {@code train} goes by its {@code TrainingOptions}. No result depends on
     * it, to the last bit.
     *
     * @param count at least 1
     * @return this builder
     * @throws IllegalArgumentException if it is below 1
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
     * Who is told how training goes, instead of standard output.
     *
     * @param told the listener
     * @return this builder
     */
    public CnnBuilder listener(TrainingListener told) {
        listener = Objects.requireNonNull(told, "listener");
        return this;
    }

    /**
     * Tells nobody how training goes.
     *
     * @return this builder
     */
    public CnnBuilder quiet() {
        return listener(new TrainingListener() {});
    }

    /**
     * Connects the layers and draws their first weights.
     *
     * @return the network
     * @throws IllegalArgumentException if there is no layer, two do not fit together, or the last is no output layer; says
     *     which, what it expected and what came
     */
    public CNN build() {
        return new CNN(this, 0, 0);
    }
}
