package dev.purecnn.layer;

import dev.purecnn.internal.random.CounterRandom;
import java.util.random.RandomGenerator;

/**
 * Drops values at random in training, so that no value comes to rely on another: {@code output = input / (1 - rate)} with
 * probability {@code 1 - rate}, else 0, value by value. In prediction {@code output = input}; the division makes that the
 * mean of training. (This is dropout turned round; the paper multiplies in prediction instead.)
 *
 * <p>Which values are dropped is a function of the seed that the layer drew in {@link #connect}, of the training step, of
 * the number of the image within its batch, and of the place of the value in the image: not of the thread, nor of how a
 * batch is cut into pieces. {@link #samples} tells the layer where it is; without it, each call of {@code forward} in
 * training drops the same values. NaN stays NaN, dropped or not.
 *
 * <pre>{@code
 * new LayerChain(new DenseLayer(784, 100), new ReLULayer(), new DropoutLayer(0.5), new DenseSoftmaxLayer(100, 10));
 * }</pre>
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al. 2014</a>
 */
public final class DropoutLayer extends AbstractLayer<DropoutLayer.DropoutBuffers> {
    private final double rate;
    /** How many of the 2^53 numbers that may be drawn keep the value. */
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

    static final class DropoutBuffers extends Buffers {
        private boolean dropping;
        /** What each value was multiplied by; made by the first training. */
        private double[] factors;

        private DropoutBuffers(int n, DropoutLayer layer) {
            super(n, layer);
        }
    }

    @Override
    DropoutBuffers newBuffers(int n) {
        return new DropoutBuffers(n, this);
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
    void forward(double[] images, DropoutBuffers buffers) {
        buffers.dropping = training;
        if (training) {
            if (buffers.factors == null) {
                buffers.factors = new double[buffers.output.length];
            }
            draw(buffers.n, buffers.factors);
        }
        apply(buffers, images, buffers.output);
    }

    private void draw(int n, double[] factors) {
        int size = input().size();
        double kept = 1 / (1 - rate);
        long stepKey = CounterRandom.at(seed, step);
        for (int image = 0; image < n; image++) {
            long key = CounterRandom.at(stepKey, firstImage + image);
            int from = image * size;
            for (int i = 0; i < size; i++) {
                factors[from + i] = CounterRandom.at(key, i) >>> 11 < keeping ? kept : 0.0;
            }
        }
    }

    private static void apply(DropoutBuffers buffers, double[] values, double[] result) {
        if (!buffers.dropping) {
            System.arraycopy(values, 0, result, 0, result.length);
            return;
        }
        double[] factors = buffers.factors;
        for (int i = 0; i < result.length; i++) {
            result[i] = values[i] * factors[i]; // not a choice of 0, which would hide a NaN
        }
    }

    @Override
    void backprop(double[] lossGradient, DropoutBuffers buffers, double[] inputGradient) {
        apply(buffers, lossGradient, inputGradient);
    }

    @Override
    public LayerDescription description() {
        return super.description().with("rate", rate);
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
