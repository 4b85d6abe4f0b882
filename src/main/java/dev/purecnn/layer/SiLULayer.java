package dev.purecnn.layer;

/**
 * The sigmoid-weighted linear unit, also called Swish: {@code output = input / (1 + exp(-input))}, value by value. NaN stays NaN;
 * negative infinity gives 0.
 *
 * <pre>{@code
 * new LayerChain(new ConvolutionalLayer(1, 8, 3), new SiLULayer());
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1702.03118">Elfwing et al. 2017</a>
 * @see <a href="https://arxiv.org/abs/1710.05941">Ramachandran et al. 2017</a>
 */
public final class SiLULayer extends FormulaLayer {
    /** Beyond it the function is 0 or its input, to the last bit. */
    private static final double FAR = 750;

    /** A sigmoid-weighted linear unit for images of any shape. */
    public SiLULayer() {}

    @Override
    double value(double input) {
        double x = Math.max(input, -FAR);
        return x * SigmoidLayer.sigmoid(x);
    }

    @Override
    double slope(double input, double output) {
        double x = Math.min(Math.max(input, -FAR), FAR);
        double share = SigmoidLayer.sigmoid(x);
        return share + x * share * (1 - share);
    }

    @Override
    SiLULayer unfittedReplica() {
        return new SiLULayer();
    }
}
