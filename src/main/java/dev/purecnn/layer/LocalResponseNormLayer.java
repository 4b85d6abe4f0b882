package dev.purecnn.layer;

/**
 * Local response normalization across channels: {@code output[c] = input[c] / d[c]^beta} with {@code d[c] = offset + alpha / size * sum
 * of input[j]^2}, where j goes over the {@code size} channels around c, {@code (size - 1) / 2} of them before it, as far as there
 * are such channels. So it is in ONNX and, for odd sizes, in PyTorch; Krizhevsky's own formula does not divide by the size.
 *
 * <pre>{@code
 * new LayerChain(new ConvolutionalLayer(3, 16, 5), new ReLULayer(), new LocalResponseNormLayer(5)); // alpha 1e-4, beta 0.75, offset 1
 * }</pre>
 *
 * @see <a href="https://papers.nips.cc/paper/4824">Krizhevsky et al. 2012, section 3.3</a>
 */
public final class LocalResponseNormLayer extends AbstractLayer<LocalResponseNormLayer.ResponseBuffers> {
    private static final double ALPHA = 1e-4;
    private static final double BETA = 0.75;
    private static final double OFFSET = 1;

    private final int size;
    private final double alpha;
    private final double beta;
    private final double offset;

    /**
     * A normalization with alpha 0.0001, beta 0.75 and offset 1, as in PyTorch and ONNX.
     *
     * @param size how many channels count
     * @throws IllegalArgumentException if it is below 1
     */
    public LocalResponseNormLayer(int size) {
        this(size, ALPHA, BETA, OFFSET);
    }

    /**
     * A normalization.
     *
     * @param size how many channels count
     * @param alpha the factor of the mean of squares; above 0
     * @param beta the exponent; above 0
     * @param offset what is added to it, k in PyTorch and bias in ONNX; above 0
     * @throws IllegalArgumentException if a number is too small or not finite
     */
    public LocalResponseNormLayer(int size, double alpha, double beta, double offset) {
        boolean positive = alpha > 0 && beta > 0 && offset > 0;
        if (size < 1 || !positive || !Double.isFinite(alpha + beta + offset)) {
            throw new IllegalArgumentException(
                    "LocalResponseNormLayer: expected a size of at least 1, and finite alpha,"
                            + " beta and offset above 0, got " + size + ", " + alpha + ", " + beta + " and " + offset
                            + ". Use numbers such as 5, 1e-4, 0.75 and 1.");
        }
        this.size = size;
        this.alpha = alpha;
        this.beta = beta;
        this.offset = offset;
    }

    /** What inputs are divided by, before the power. */
    static final class ResponseBuffers extends Buffers {
        private final double[] divisors;

        private ResponseBuffers(int n, LocalResponseNormLayer layer) {
            super(n, layer);
            divisors = new double[output.length];
        }
    }

    @Override
    ResponseBuffers newBuffers(int n) {
        return new ResponseBuffers(n, this);
    }

    @Override
    Shape fit(Shape images) {
        return images;
    }

    /** To the power of {@code -beta}, without {@code StrictMath.pow}, which allocates. */
    private double factor(double divisor) {
        return StrictMath.exp(-beta * StrictMath.log(divisor));
    }

    private int before() {
        return (size - 1) / 2;
    }

    @Override
    void forward(double[] images, ResponseBuffers buffers) {
        double[] divisors = buffers.divisors;
        int channels = input().channels();
        int cells = input().height() * input().width();
        for (int image = 0; image < images.length; image += channels * cells) {
            for (int channel = 0; channel < channels; channel++) {
                int first = Math.max(0, channel - before());
                int last =
                        Math.min(channels - 1, (int) Math.min(Integer.MAX_VALUE, (long) channel - before() + size - 1));
                for (int cell = image + channel * cells; cell < image + (channel + 1) * cells; cell++) {
                    double squares = 0;
                    for (int c = first; c <= last; c++) {
                        double x = images[cell + (c - channel) * cells];
                        squares += x * x;
                    }
                    divisors[cell] = offset + alpha / size * squares;
                    buffers.output[cell] = images[cell] * factor(divisors[cell]);
                }
            }
        }
    }

    /** Each input's own quotient, and its part in the divisors of the channels that count it. */
    @Override
    void backprop(double[] lossGradient, ResponseBuffers buffers, double[] inputGradient) {
        double[] divisors = buffers.divisors;
        int channels = input().channels();
        int cells = input().height() * input().width();
        for (int image = 0; image < lossGradient.length; image += channels * cells) {
            for (int channel = 0; channel < channels; channel++) {
                int first = (int) Math.max(0, (long) channel + before() - size + 1);
                int last = (int) Math.min(channels - 1, (long) channel + before());
                for (int cell = image + channel * cells; cell < image + (channel + 1) * cells; cell++) {
                    double sum = 0;
                    for (int c = first; c <= last; c++) {
                        int other = cell + (c - channel) * cells;
                        sum += lossGradient[other] * buffers.output[other] / divisors[other];
                    }
                    inputGradient[cell] = lossGradient[cell] * factor(divisors[cell])
                            - 2 * alpha * beta / size * buffers.images[cell] * sum;
                }
            }
        }
    }

    @Override
    public LayerDescription description() {
        return super.description()
                .with("size", size)
                .with("alpha", alpha)
                .with("beta", beta)
                .with("offset", offset);
    }

    @Override
    LocalResponseNormLayer unfittedReplica() {
        return new LocalResponseNormLayer(size, alpha, beta, offset);
    }

    /** The notebook's form, such as {@code <LocalResponseNormLayer: 5, alpha=1.0E-4, beta=0.75, offset=1.0>}. */
    @Override
    public String toString() {
        return "<LocalResponseNormLayer: " + size + ", alpha=" + alpha + ", beta=" + beta + ", offset=" + offset + ">";
    }
}
