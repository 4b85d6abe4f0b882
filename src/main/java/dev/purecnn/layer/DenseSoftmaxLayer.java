package dev.purecnn.layer;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The last layer of a classifier: a fully connected layer, and softmax over its outputs, the logits.
 *
 * <p>{@code probability[c] = exp(logit[c] - max) / sum over j of exp(logit[j] - max)}; taking the largest logit off first
 * changes nothing but that nothing overflows. The loss of an image is cross-entropy, {@code -log(probability[label])},
 * computed from the logits, and so finite for finite logits. Its gradient by the logits is {@code probability -
 * oneHot(label)} (Bishop, Pattern Recognition and Machine Learning, 2006, section 4.3.4). In training it may be counted with
 * smoothed labels and class weights: {@link CrossEntropy}.
 *
 * <pre>{@code
 * var output = new DenseSoftmaxLayer(14 * 14 * 3, 10);
 * }</pre>
 */
public final class DenseSoftmaxLayer extends SoftmaxOutput {
    private final int inputs;
    private final DenseLayer dense;

    /**
     * A layer of that size.
     *
     * @param inputs values of one image
     * @param classes number of classes, and so of probabilities
     * @throws IllegalArgumentException if one of them is below 1, or there would be more weights than an array holds
     */
    public DenseSoftmaxLayer(int inputs, int classes) {
        this(inputs, classes, new DenseLayer("DenseSoftmaxLayer", inputs, classes, true));
    }

    private DenseSoftmaxLayer(int inputs, int classes, DenseLayer dense) {
        this.inputs = inputs;
        this.classes = classes;
        this.dense = dense;
    }

    @Override
    void borrowBuffers(AbstractLayer<?> lender) {
        super.borrowBuffers(lender);
        dense.borrowBuffers(((DenseSoftmaxLayer) lender).dense);
    }

    @Override
    Shape fit(Shape images) {
        dense.fit(images);
        return Shape.vector(classes);
    }

    @Override
    void initialize(Shape images, RandomGenerator random) {
        dense.connect(images, random);
    }

    @Override
    double[] logits(double[] images) {
        return dense.forward(images);
    }

    @Override
    void backpropLogits(double[] logitGradient, double[] inputGradient) {
        dense.backprop(logitGradient, dense.buffers(), inputGradient);
    }

    @Override
    public void backpropParameters(double[] lossGradient) {
        backprop(lossGradient, beginBackprop(lossGradient), null);
    }

    @Override
    public List<Parameter> parameters() {
        return dense.parameters();
    }

    @Override
    public long multiplyAdds() {
        return dense.multiplyAdds();
    }

    @Override
    public LayerDescription description() {
        return super.description().with("inputs", inputs).with("classes", classes);
    }

    @Override
    DenseSoftmaxLayer unfittedReplica() {
        return counting(new DenseSoftmaxLayer(inputs, classes, (DenseLayer) dense.replica()));
    }

    /** The notebook's form: {@code <DenseSoftmaxLayer: (196, 10)>}. */
    @Override
    public String toString() {
        return "<DenseSoftmaxLayer: (" + inputs + ", " + classes + ")>";
    }
}
