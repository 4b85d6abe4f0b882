package dev.purecnn.layer;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Layers with a way around them: {@code output = inner(input) + input}. The layers inside learn what to add to their input,
 * and the loss gradient reaches what lies below unweakened, so that deep networks learn as well as shallow ones.
 *
 * <p>The layers inside must answer the shape that they are given: stride 1, 'same' padding, as many filters as channels.
 *
 * <pre>{@code
 * new ResidualLayer(
 *         new ConvolutionalLayer(16, 16, 3), new BatchNormLayer(16), new ReLULayer(), new ConvolutionalLayer(16, 16, 3));
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1512.03385">He et al. 2016</a>
 */
public final class ResidualLayer extends BasicLayer {
    private final LayerChain inner;
    /** The loss gradient that the last step by step backprop started with. */
    private double[] around;

    /**
     * A way around these layers.
     *
     * @param inner at least one, in order; none of them in another chain
     * @throws IllegalArgumentException if there is none, one is null, or one occurs twice
     */
    public ResidualLayer(Layer... inner) {
        this(new LayerChain(inner));
    }

    private ResidualLayer(LayerChain inner) {
        this.inner = inner;
    }

    @Override
    Shape fit(Shape images) {
        return images;
    }

    @Override
    void initialize(Shape images, RandomGenerator random) {
        Shape answered = inner.connect(images, random);
        if (!answered.equals(images)) {
            throw new IllegalArgumentException("ResidualLayer: expected inner layers that answer " + images
                    + ", the shape that they are given, got " + answered
                    + ". Use stride 1, 'same' padding and as many filters as channels.");
        }
    }

    LayerChain inner() {
        return inner;
    }

    /** What comes before the inner layers when this one is taken step by step; keeps the images for {@link #join}. */
    Layer fork() {
        return new Half(
                images -> beginForward(images).images,
                gradient -> sum(gradient, around, buffers().inputGradient()));
    }

    /** What comes after the inner layers; keeps the gradient for {@link #fork}. */
    Layer join() {
        return new Half(inside -> sum(inside, buffers().images, buffers().output), gradient -> {
            beginBackprop(gradient);
            around = gradient;
            return gradient;
        });
    }

    private record Half(UnaryOperator<double[]> onTheWay, UnaryOperator<double[]> onTheWayBack) implements Layer {
        @Override
        public Shape connect(Shape images, RandomGenerator random) {
            return images;
        }

        @Override
        public double[] forward(double[] images) {
            return onTheWay.apply(images);
        }

        @Override
        public double[] backprop(double[] lossGradient) {
            return onTheWayBack.apply(lossGradient);
        }
    }

    @Override
    void borrowBuffers(AbstractLayer<?> lender) {
        super.borrowBuffers(lender);
        inner.borrowBuffers(((ResidualLayer) lender).inner);
    }

    /**
     * The layers inside.
     *
     * @return an unmodifiable list, in order
     */
    @Override
    public List<Layer> layers() {
        return inner.layers();
    }

    @Override
    void forward(double[] images, Buffers buffers) {
        sum(inner.forward(images), images, buffers.output);
    }

    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        sum(inner.backprop(lossGradient), lossGradient, inputGradient);
    }

    private static double[] sum(double[] inside, double[] around, double[] sum) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] = inside[i] + around[i];
        }
        return sum;
    }

    @Override
    public void backpropParameters(double[] lossGradient) {
        beginBackprop(lossGradient);
        inner.backpropParameters(lossGradient);
    }

    @Override
    public List<Parameter> parameters() {
        return inner.parameters();
    }

    @Override
    public void training(boolean training) {
        inner.training(training);
    }

    @Override
    public void samples(long step, int firstImage) {
        inner.samples(step, firstImage);
    }

    @Override
    public long multiplyAdds() {
        return inner.multiplyAdds();
    }

    @Override
    public LayerDescription description() {
        return super.description().withLayers(layers());
    }

    @Override
    ResidualLayer unfittedReplica() {
        return new ResidualLayer(inner.replica());
    }

    /** The form of the notebook's layers, in one line: {@code <ResidualLayer: <DenseLayer: (9, 9)>, <ReLULayer>>}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("<ResidualLayer: ");
        for (int i = 0; i < layers().size(); i++) {
            text.append(i == 0 ? "" : ", ").append(layers().get(i));
        }
        return text.append('>').toString();
    }
}
