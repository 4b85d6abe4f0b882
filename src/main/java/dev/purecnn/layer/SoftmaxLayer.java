package dev.purecnn.layer;

/**
 * The last layer of a classifier whose logits other layers make, one channel of 1 x 1 per class: {@code probability[c] =
 * exp(logit[c] - max) / sum over j of exp(logit[j] - max)}. Loss and gradient are those of a {@link DenseSoftmaxLayer}, with no
 * weights before them: a network may end in global pooling, or in a convolution of 1 x 1.
 *
 * <pre>{@code
 * new LayerChain(new ConvolutionalLayer(64, 10, 1), new GlobalAveragePoolingLayer(), new SoftmaxLayer());
 * }</pre>
 */
public final class SoftmaxLayer extends SoftmaxOutput {

    /** A softmax over as many classes as the images have channels. */
    public SoftmaxLayer() {}

    @Override
    Shape fit(Shape images) {
        if (images.height() * images.width() > 1) {
            throw new IllegalArgumentException("SoftmaxLayer: expected one value per class, in channels of 1 x 1, got "
                    + images + ". Put a GlobalAveragePoolingLayer before it, or use a DenseSoftmaxLayer.");
        }
        classes = images.channels();
        return images;
    }

    @Override
    double[] logits(double[] images) {
        return images;
    }

    @Override
    void backpropLogits(double[] logitGradient, double[] inputGradient) {
        System.arraycopy(logitGradient, 0, inputGradient, 0, inputGradient.length);
    }

    @Override
    SoftmaxLayer unfittedReplica() {
        return counting(new SoftmaxLayer());
    }
}
