package dev.purecnn.layer;

import dev.purecnn.internal.shard.BatchPass;
import dev.purecnn.internal.shard.ChainAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Layers one after another, each fitted to what the one before gives. A chain is a layer itself, so chains nest.
 *
 * <pre>{@code
 * var chain = new LayerChain(new ConvolutionalLayer(1, 8, 3), new ReLULayer(), new DenseSoftmaxLayer(8 * 28 * 28, 10));
 * chain.connect(Shape.of(1, 28, 28), new Random(1));
 * double[] probabilities = chain.forward(images);
 * double[] losses = chain.losses(labels);
 * chain.backpropLabels(labels);                      // every parameter's gradient has grown
 * }</pre>
 */
public final class LayerChain implements OutputLayer {
    static {
        ChainAccess.provide(new ChainAccess<LayerChain>() {
            @Override
            public void lendBuffers(LayerChain lender, LayerChain borrower) {
                borrower.borrowBuffers(lender);
            }

            @Override
            public long valuesPerImage(LayerChain chain) {
                return chain.valuesPerImage();
            }

            @Override
            public BatchPass pass(List<LayerChain> replicas) {
                return new ShardPass(replicas);
            }
        });
    }

    private final Layer[] layers;
    /** What runs: the layers, of which some are fused when the chain is connected. */
    private Layer[] steps;

    /** The number of the first layer in the chain that this one is a part of. */
    private int firstNumber;

    private List<Parameter> parameters = List.of();
    private List<Shape> shapes;

    /**
     * A chain of these layers, in order.
     *
     * @param layers at least one; none of them in another chain
     * @throws IllegalArgumentException if there is none, one is null, or one occurs twice
     */
    public LayerChain(Layer... layers) {
        this.layers = Objects.requireNonNull(layers, "layers").clone();
        steps = this.layers;
        if (layers.length == 0) {
            throw new IllegalArgumentException(
                    "LayerChain: expected at least 1 layer, got none. Name the layers in order.");
        }
        for (int i = 0; i < layers.length; i++) {
            if (layers[i] == null) {
                throw new IllegalArgumentException("LayerChain: expected a layer at number " + i
                        + ", got null. Leave it out, or put a layer there.");
            }
            for (int j = 0; j < i; j++) {
                if (layers[j] == layers[i]) {
                    throw new IllegalArgumentException(
                            "LayerChain: expected different layers, got the same one as number " + j + " and " + i
                                    + ". Make a new layer for each place.");
                }
            }
        }
    }

    @Override
    public Shape connect(Shape input, RandomGenerator random) {
        if (shapes != null) {
            throw new IllegalStateException("LayerChain: expected to be connected once, got a second connect."
                    + " Make new layers for each network, or reuse trained ones by cnn.toBuilder().keep(...).");
        }
        List<Shape> seams = new ArrayList<>();
        seams.add(Objects.requireNonNull(input, "input"));
        Objects.requireNonNull(random, "random");
        for (int i = 0; i < layers.length; i++) {
            seams.add(connect(i, seams.get(i), random));
        }
        connected(List.copyOf(seams));
        return shapes.get(layers.length);
    }

    private void connected(List<Shape> seams) {
        shapes = seams;
        List<Parameter> all = new ArrayList<>();
        for (Layer layer : layers) {
            all.addAll(layer.parameters());
        }
        parameters = List.copyOf(all);
        steps = Fusion.of(layers, seams);
    }

    private Shape connect(int number, Shape input, RandomGenerator random) {
        try {
            return Objects.requireNonNull(layers[number].connect(input, random), "the shape that connect returns");
        } catch (IllegalArgumentException | IllegalStateException | NullPointerException e) {
            String from = number == 0 ? "the images" : "layer " + (number - 1) + ", " + layers[number - 1] + ",";
            throw new IllegalArgumentException(
                    "Layer " + number + ", " + layers[number] + ", does not fit what comes from " + from + " (" + input
                            + "). " + e.getMessage(),
                    e);
        }
    }

    @Override
    public double[] forward(double[] images) {
        double[] values = images;
        for (Layer step : steps) {
            values = step.forward(values);
        }
        return values;
    }

    @Override
    public double[] backprop(double[] lossGradient) {
        return backprop(lossGradient, steps.length - 1);
    }

    @Override
    public void backpropParameters(double[] lossGradient) {
        backpropParameters(lossGradient, steps.length - 1);
    }

    @Override
    public double[] losses(int[] labels) {
        return outputLayer().losses(labels);
    }

    @Override
    public double[] backpropLabels(int[] labels) {
        return backprop(outputLayer().backpropLabels(labels), steps.length - 2);
    }

    /**
     * As {@link #backpropLabels}, without the gradient of the images, which a training step has no use for.
     *
     * @param labels the right class of each image, {@code n} of them
     */
    public void backpropLabelsParameters(int[] labels) {
        backpropParameters(outputLayer().backpropLabels(labels), steps.length - 2);
    }

    /**
     * Says how the output layer, the last of the chain, counts the loss in training from now on; and so do replicas that are
     * made afterwards.
     */
    @Override
    public void use(CrossEntropy loss) {
        outputLayer().use(loss);
    }

    /** Carries a gradient back from the step of that number to the input. */
    private double[] backprop(double[] lossGradient, int from) {
        double[] gradient = lossGradient;
        for (int i = from; i >= 0; i--) {
            gradient = steps[i].backprop(gradient);
        }
        return gradient;
    }

    private void backpropParameters(double[] lossGradient, int from) {
        double[] gradient = lossGradient;
        for (int i = from; i > 0; i--) {
            gradient = steps[i].backprop(gradient);
        }
        if (from >= 0) {
            steps[0].backpropParameters(gradient);
        }
    }

    private OutputLayer outputLayer() {
        if (layers[layers.length - 1] instanceof OutputLayer output) {
            return output;
        }
        throw new IllegalStateException("LayerChain: expected an OutputLayer at the end, got "
                + layers[layers.length - 1] + ". End the chain with a DenseSoftmaxLayer.");
    }

    /**
     * Finds where NaN or infinity comes up first: takes images forward, through {@link #losses} and back once more, layer by
     * layer, into nested chains too, and looks at every array on the way: the images, then each layer's parameters and output,
     * the losses, and the input gradients from the last layer down to the first that has parameters to train. Adds to their
     * gradients, as any backprop does.
     *
     * @param images {@code n} images, back to back
     * @param labels the right class of each image; ignored if the chain does not end with an {@link OutputLayer}
     * @return where it is, and in which image; empty if all is finite
     * @throws IllegalArgumentException if images or labels do not fit
     * @throws IllegalStateException if the chain is not connected
     */
    public Optional<NotFinite> findNotFinite(double[] images, int[] labels) {
        return new Diagnosis(this).find(images, labels);
    }

    /**
     * Looks for the first NaN or infinity among the values of all parameters, then among their gradients.
     *
     * @return where it is, without an image; empty if all are finite
     */
    public Optional<NotFinite> findNotFiniteParameter() {
        Diagnosis diagnosis = new Diagnosis(this);
        Optional<NotFinite> found = diagnosis.amongParameters("", Parameter::values);
        return found.isPresent() ? found : diagnosis.amongParameters("the gradient of ", Parameter::gradient);
    }

    /**
     * How many images a batch must have in training.
     *
     * @return 1, or 2 if there is a {@link BatchNormLayer} that gets one value per channel of an image
     * @throws IllegalStateException if the chain is not connected
     */
    public int smallestTrainingBatch() {
        shapes(); // connected?
        return Leaf.of(this).stream()
                .mapToInt(leaf -> leaf.layer() instanceof BatchNormLayer norm ? norm.smallestBatch() : 1)
                .max()
                .orElse(1);
    }

    /** The parameters of all layers, in order; none before the chain is connected. */
    @Override
    public List<Parameter> parameters() {
        return parameters;
    }

    @Override
    public void training(boolean training) {
        for (Layer step : steps) {
            step.training(training);
        }
    }

    @Override
    public void samples(long step, int firstImage) {
        for (Layer layer : layers) {
            layer.samples(step, firstImage);
        }
    }

    @Override
    public long multiplyAdds() {
        long sum = 0;
        for (Layer layer : layers) {
            sum += layer.multiplyAdds();
        }
        return sum;
    }

    @Override
    public LayerDescription description() {
        return LayerDescription.of("LayerChain").withLayers(layers());
    }

    @Override
    public LayerChain replica() {
        Layer[] copies = new Layer[layers.length];
        for (int i = 0; i < layers.length; i++) {
            copies[i] = layers[i].replica();
        }
        LayerChain copy = new LayerChain(copies);
        copy.connected(shapes());
        copy.firstNumber = firstNumber;
        return copy;
    }

    /**
     * Some of the layers, as a chain of their own: the same objects, connected as they are, so that what one chain does to a
     * layer the other sees. Faults name layers by their numbers in this chain.
     *
     * <pre>{@code
     * double[] features = cnnLayers.part(0, 6).forward(images); // what comes out of the sixth layer
     * }</pre>
     *
     * @param from the number of the first
     * @param to one past that of the last
     * @return the part
     * @throws IndexOutOfBoundsException if there are no such layers
     * @throws IllegalArgumentException if that is no layer at all
     * @throws IllegalStateException if the chain is not connected
     */
    public LayerChain part(int from, int to) {
        LayerChain part = new LayerChain(layers().subList(from, to).toArray(new Layer[0]));
        part.connected(shapes().subList(from, to + 1));
        part.firstNumber = firstNumber + from;
        return part;
    }

    int firstNumber() {
        return firstNumber;
    }

    void borrowBuffers(LayerChain lender) {
        for (int i = 0; i < steps.length; i++) {
            if (steps[i] instanceof FusedLayers fused) {
                fused.borrowBuffers((FusedLayers) lender.steps[i]);
            }
        }
        for (int i = 0; i < layers.length; i++) {
            if (layers[i] instanceof AbstractLayer<?> layer) {
                layer.borrowBuffers((AbstractLayer<?>) lender.layers[i]);
            } else if (layers[i] instanceof LayerChain nested) {
                nested.borrowBuffers((LayerChain) lender.layers[i]);
            }
        }
    }

    /** Images and outputs; what is between fused layers is never there as a whole. */
    private long valuesPerImage() {
        long values = shapes().get(0).size();
        int end = 0;
        for (Layer step : steps) {
            end += step instanceof FusedLayers fused ? fused.size() : 1;
            values += shapes.get(end).size();
        }
        return values;
    }

    /**
     * The layers, in order.
     *
     * @return an unmodifiable list
     */
    @Override
    public List<Layer> layers() {
        return List.of(layers);
    }

    /**
     * The shapes between the layers: first that of an image, then that of each layer's output.
     *
     * @return an unmodifiable list, one longer than the layers'
     * @throws IllegalStateException if the chain is not connected
     */
    public List<Shape> shapes() {
        if (shapes == null) {
            throw new IllegalStateException(
                    "LayerChain: expected connect before shapes, got shapes first. Call connect.");
        }
        return shapes;
    }

    /** The layers in the notebook's form, one a line. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("(\n");
        for (int i = 0; i < layers.length; i++) {
            text.append("  ").append(layers[i]).append(i + 1 < layers.length ? ",\n" : "\n");
        }
        return text.append(")").toString();
    }
}
