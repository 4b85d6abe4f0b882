package dev.purecnn.layer;

import java.util.Arrays;
import java.util.List;

/**
 * The rectifier that learns its slope below 0: {@code output = input} above 0, else {@code slope * input}, with one slope for all
 * values or one per channel. Slopes start at 0.25; weight decay usually spares them, for it would pull them to 0. At 0 itself the
 * gradient is the slope's. NaN stays NaN.
 *
 * <pre>{@code
 * new LayerChain(new ConvolutionalLayer(1, 8, 3), new PReLULayer(8)); // one slope per channel
 * new LayerChain(new DenseLayer(784, 64), new PReLULayer());          // one slope
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1502.01852">He et al. 2015, section 2.1</a>
 */
public final class PReLULayer extends BasicLayer {
    private static final double FIRST_SLOPE = 0.25; // He et al. 2015

    private final Parameter slopes;
    private int cells;

    /** A rectifier with one slope, for images of any shape. */
    public PReLULayer() {
        this(1);
    }

    /**
     * A rectifier with as many slopes as there are channels, or with one.
     *
     * @param slopes the number of channels, or 1
     * @throws IllegalArgumentException if it is below 1
     */
    public PReLULayer(int slopes) {
        this(new Parameter("slopes", vector(slopes)).withoutDecay());
        Arrays.fill(this.slopes.values(), FIRST_SLOPE);
    }

    private PReLULayer(Parameter slopes) {
        this.slopes = slopes;
    }

    private static Shape vector(int slopes) {
        if (slopes < 1) {
            throw new IllegalArgumentException("PReLULayer: expected at least 1 slope, got " + slopes
                    + ". Use 1, or as many as the layer before has filters.");
        }
        return Shape.vector(slopes);
    }

    @Override
    Shape fit(Shape images) {
        int count = slopes.values().length;
        if (count != 1 && count != images.channels()) {
            throw new IllegalArgumentException("PReLULayer: expected " + count + " channels, got " + images.channels()
                    + " (" + images + "). Build the layer with 1 slope, or with " + images.channels() + ".");
        }
        cells = images.size() / count;
        return images;
    }

    @Override
    void forward(double[] images, Buffers buffers) {
        for (int from = 0, plane = 0; from < images.length; from += cells, plane++) {
            double slope = slopes.values()[plane % slopes.values().length];
            for (int i = from; i < from + cells; i++) {
                buffers.output[i] = images[i] > 0 ? images[i] : slope * images[i];
            }
        }
    }

    @Override
    void backprop(double[] lossGradient, Buffers buffers, double[] inputGradient) {
        for (int from = 0, plane = 0; from < lossGradient.length; from += cells, plane++) {
            int number = plane % slopes.values().length;
            double slope = slopes.values()[number];
            double toSlope = 0;
            for (int i = from; i < from + cells; i++) {
                double x = buffers.images[i];
                toSlope += lossGradient[i] * Math.min(x, 0); // not a choice of 0, which would hide a NaN
                inputGradient[i] = x > 0 ? lossGradient[i] : slope * lossGradient[i];
            }
            slopes.gradient()[number] += toSlope;
        }
    }

    /** As {@link #backprop}: most of its work is the slopes'. */
    @Override
    public void backpropParameters(double[] lossGradient) {
        backprop(lossGradient);
    }

    /** The slopes. */
    @Override
    public List<Parameter> parameters() {
        return List.of(slopes);
    }

    @Override
    public LayerDescription description() {
        return super.description().with("slopes", slopes.values().length);
    }

    @Override
    PReLULayer unfittedReplica() {
        return new PReLULayer(slopes.replica());
    }

    /** The notebook's form, such as {@code <PReLULayer: 8>}. */
    @Override
    public String toString() {
        return "<PReLULayer: " + slopes.values().length + ">";
    }
}
