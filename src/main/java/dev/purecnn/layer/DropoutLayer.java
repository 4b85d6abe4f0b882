package dev.purecnn.layer;

import java.util.random.RandomGenerator;

/**
 * Drops values at random in training, so that no value comes to rely on another: {@code output = input / (1 - rate)} with
 * probability {@code 1 - rate}, else 0, value by value. In prediction {@code output = input}; the division makes that the
 * mean of training. (This is dropout turned round; the paper multiplies in prediction instead.)
 *
 * <p>Which values are dropped is a function of the seed that the layer drew in {@link #connect}, of the training step, of
 * the number of the image within its batch, and of the place of the value in the image: not of the thread, nor of how a
 * batch is cut into pieces. {@link #samples} tells the layer where it is; if nobody calls it, each call of {@code forward} in
 * training drops the same values. NaN stays NaN, dropped or not.
 *
 * <pre>{@code
 * new LayerChain(new DenseLayer(784, 100), new ReLULayer(), new DropoutLayer(0.5), new DenseSoftmaxLayer(100, 10));
 * }</pre>
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al. 2014</a>
 */
public final class DropoutLayer extends AbstractLayer<DropoutLayer.Memory> {
    private final double rate;
    /** Of 2^53 numbers that may be drawn, so many keep the value. */
    private final long keeping;

    private long seed;
    private boolean training;
    private long step;
    private int firstImage;

    /**
     * A dropout for images of any shape.
     *
     * @param rate the share of values to drop, at least 0 and below 1
     * @throws IllegalArgumentException if it is not
     */
    public DropoutLayer(double rate) {
        if (!(rate >= 0 && rate < 1)) {
            throw new IllegalArgumentException("DropoutLayer: expected a rate of at least 0 and below 1, got " + rate
                    + ". Use the share of values to drop, such as 0.5.");
        }
        this.rate = rate;
        keeping = (long) Math.scalb(1 - rate, 53);
    }

    /** {@code factors} holds what each value was multiplied by, if {@code dropping}. */
    static final class Memory {
        private final double[] output;
        private final double[] factors;
        private final double[] inputGradient;
        private boolean dropping;

        private Memory(int length) {
            output = new double[length];
            factors = new double[length];
            inputGradient = new double[length];
        }
    }

    @Override
    Memory remember(int images) {
        return new Memory(images * input().size());
    }

    @Override
    Shape fit(Shape images) {
        return images;
    }

    @Override
    void initialize(Shape images, RandomGenerator random) {
        seed = random.nextLong();
    }

    @Override
    public void training(boolean now) {
        training = now;
    }

    @Override
    public void samples(long trainingStep, int firstImageOfBatch) {
        step = trainingStep;
        firstImage = firstImageOfBatch;
    }

    @Override
    public double[] forward(double[] images) {
        Memory memory = begin(images);
        memory.dropping = training;
        if (training) {
            draw(memory.factors);
        }
        apply(memory, images, memory.output);
        return memory.output;
    }

    private void draw(double[] factors) {
        int size = input().size();
        double kept = 1 / (1 - rate);
        long stepKey = CounterRandom.at(seed, step);
        for (int image = 0; image < images(); image++) {
            long key = CounterRandom.at(stepKey, firstImage + image);
            int from = image * size;
            for (int i = 0; i < size; i++) {
                factors[from + i] = CounterRandom.at(key, i) >>> 11 < keeping ? kept : 0.0;
            }
        }
    }

    private static void apply(Memory memory, double[] values, double[] result) {
        if (!memory.dropping) {
            System.arraycopy(values, 0, result, 0, result.length);
            return;
        }
        double[] factors = memory.factors;
        for (int i = 0; i < result.length; i++) {
            result[i] = values[i] * factors[i]; // not a choice of 0, which would hide a NaN
        }
    }

    @Override
    public double[] backprop(double[] lossGradient) {
        Memory memory = resume(lossGradient);
        apply(memory, lossGradient, memory.inputGradient);
        return memory.inputGradient;
    }

    @Override
    public LayerDescription description() {
        return LayerDescription.of("DropoutLayer").with("rate", rate);
    }

    @Override
    DropoutLayer unfittedReplica() {
        DropoutLayer copy = new DropoutLayer(rate);
        copy.seed = seed;
        return copy;
    }

    /** The form of the notebook's layers: {@code <DropoutLayer: 0.5>}. */
    @Override
    public String toString() {
        return "<DropoutLayer: " + rate + ">";
    }
}
