package dev.purecnn.layer;

import java.util.List;

/**
 * Layers with a way around them: {@code output = inner(input) + input}. The layers inside learn what to add to their input,
 * and the loss gradient reaches what lies below unweakened, so that deep networks learn as well as shallow ones.
 *
 * <p>The layers inside must give the shape that they are given: stride 1, 'same' padding, as many filters as channels. Where they do not, the
 * way around takes layers of its own, the shortcut: {@code output = inner(input) + shortcut(input)}.
 *
 * <pre>{@code
 * new ResidualLayer(
 *         new ConvolutionalLayer(16, 16, 3), new BatchNormLayer(16), new ReLULayer(), new ConvolutionalLayer(16, 16, 3));
 *
 * // half the size, twice the channels
 * new ResidualLayer(
 *         List.of(ConvolutionalLayer.builder(16, 32).stride(2).build(), new ReLULayer(), new ConvolutionalLayer(32, 32, 3)),
 *         List.of(ConvolutionalLayer.builder(16, 32).filterSize(1).stride(2).build()));
 * }</pre>
 *
 * <p>It is the {@link ParallelLayer#sum} of the two, by its usual name.
 *
 * @see <a href="https://arxiv.org/abs/1512.03385">He et al. 2016</a>
 */
public final class ResidualLayer extends ParallelLayer {

    /**
     * A way around these layers.
     *
     * @param inner at least one, in order; none of them in another chain
     * @throws IllegalArgumentException if there is none, one is null, or one occurs twice
     */
    public ResidualLayer(Layer... inner) {
        super(Join.Kind.SUM, new LayerChain[] {new LayerChain(inner), null});
    }

    /**
     * A shortcut around these layers.
     *
     * @param inner at least one, in order; none of them in another chain
     * @param shortcut the layers of the way around, in order; none for the input itself
     * @throws IllegalArgumentException if there are no inner layers, a layer is null, or one stands there twice
     */
    public ResidualLayer(List<? extends Layer> inner, List<? extends Layer> shortcut) {
        super(Join.Kind.SUM, new LayerChain[] {
            new LayerChain(inner.toArray(new Layer[0])),
            shortcut.isEmpty() ? null : new LayerChain(shortcut.toArray(new Layer[0]))
        });
    }

    private ResidualLayer(LayerChain[] branches) {
        super(Join.Kind.SUM, branches);
    }

    @Override
    Join join(Shape images, Join.Kind kind, List<Shape> outputs) {
        Shape inner = outputs.get(0);
        Shape around = outputs.get(1);
        if (inner.equals(around)) {
            return super.join(images, kind, outputs);
        }
        throw new IllegalArgumentException(
                branch(1) == null
                        ? "ResidualLayer: expected inner layers that give " + images
                                + ", the shape that they are given, got " + inner
                                + ". Use stride 1, 'same' padding and as many filters as channels, or a shortcut."
                        : "ResidualLayer: expected a shortcut that gives " + inner
                                + ", as the inner layers do, got " + around
                                + ". Use a convolution of 1 x 1 with the same stride and number of filters.");
    }

    @Override
    String place(int b) {
        return b == 0 ? "" : " of the shortcut";
    }

    @Override
    public LayerDescription description() {
        LayerDescription description =
                LayerDescription.of(name()).withLayers(branches().get(0));
        List<Layer> shortcut = branches().get(1);
        return shortcut.isEmpty()
                ? description
                : description.with(
                        "shortcut", shortcut.stream().map(Layer::description).toList());
    }

    @Override
    ResidualLayer unfittedReplica() {
        return new ResidualLayer(branchReplicas());
    }

    /** The form of the notebook's layers, in one line: {@code <ResidualLayer: <DenseLayer: (9, 9)>, <ReLULayer>>}. */
    @Override
    public String toString() {
        List<Layer> shortcut = branches().get(1);
        String around = shortcut.isEmpty() ? "" : ", shortcut: " + line(shortcut);
        return "<ResidualLayer: " + line(branches().get(0)) + around + ">";
    }
}
