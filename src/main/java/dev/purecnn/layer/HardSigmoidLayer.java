package dev.purecnn.layer;

/**
 * A logistic function of three straight lines: {@code output = min(max(slope * input + offset, 0), 1)}, value by value. The gradient
 * passes, times the slope, where the output is between 0 and 1. NaN stays NaN.
 *
 * <pre>{@code
 * new LayerChain(new DenseLayer(784, 64), new HardSigmoidLayer());       // slope 1/6, offset 1/2, as in PyTorch
 * new LayerChain(new DenseLayer(784, 64), new HardSigmoidLayer(0.2, 0.5)); // Keras before version 3
 * }</pre>
 *
 * @see <a href="https://arxiv.org/abs/1905.02244">Howard et al. 2019, section 5.2</a>
 */
public final class HardSigmoidLayer extends FormulaLayer {
    private final double slope;
    private final double offset;

    /** That of MobileNetV3, with slope 1/6 and offset 1/2, for images of any shape. */
    public HardSigmoidLayer() {
        this(1.0 / 6, 0.5);
    }

    /**
     * Such a function for images of any shape.
     *
     * @param slope of the middle line; above 0 and finite
     * @param offset what an input of 0 gives, if it is between 0 and 1; finite
     * @throws IllegalArgumentException if they are not
     */
    public HardSigmoidLayer(double slope, double offset) {
        if (!(slope > 0 && slope < Double.POSITIVE_INFINITY && Double.isFinite(offset))) {
            throw new IllegalArgumentException(
                    "HardSigmoidLayer: expected a finite slope above 0 and a finite offset, got " + slope + " and "
                            + offset + ". Use 1/6 and 0.5, or 0.2 and 0.5.");
        }
        this.slope = slope;
        this.offset = offset;
    }

    @Override
    double value(double input) {
        return Math.min(Math.max(slope * input + offset, 0), 1);
    }

    @Override
    double slope(double input, double output) {
        return output > 0 && output < 1 ? slope : 0;
    }

    @Override
    public LayerDescription description() {
        return super.description().with("slope", slope).with("offset", offset);
    }

    @Override
    HardSigmoidLayer unfittedReplica() {
        return new HardSigmoidLayer(slope, offset);
    }

    /** The notebook's form, such as {@code <HardSigmoidLayer: (0.2, 0.5)>}. */
    @Override
    public String toString() {
        return "<HardSigmoidLayer: (" + slope + ", " + offset + ")>";
    }
}
